"""`python -m tests.sealed.denied PROGRAM ARGUMENTS...`: start a program on a system that takes no seccomp filter.

An outer filter answers EPERM to `seccomp()`, as a container can; it is inherited for good.
"""

import os
import sys

from reviewer.seal import bpf, kernel
from reviewer.seal.syscalls import number


def main() -> None:
    """Put on the outer filter and become the program."""
    seccomp = number("seccomp", kernel.machine())
    steps = [
        bpf._step(bpf.LOAD, bpf.NR),
        bpf._step(bpf.EQUAL, seccomp, 0, 1),
        bpf._step(bpf.RETURN, bpf.REFUSE),
        bpf._step(bpf.RETURN, bpf.ALLOW),
    ]
    kernel.install(b"".join(steps))
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 (the program a test names)


if __name__ == "__main__":
    main()
