"""The seal: after it this process and its children can open no socket, for good; proven by trying.

On Linux a seccomp filter of our own refuses every way out, whoever the user is. `seal` is called before any byte of a
draft or of the index is read; what holds is a `Seal`. On other systems nothing is enforced, and the `Seal` says so.
`docs/threat-model.md` says what this protects from and what not.
"""

import os
import sys
import time
from collections.abc import Callable
from functools import partial

from reviewer.errors import SealError
from reviewer.seal.state import Part, Seal

__all__ = ["Part", "Seal", "current", "keep", "need", "no_dumps", "put_on", "seal", "seen"]

_state: list[Seal | SealError] = []


def current() -> Seal | None:
    """The seal of this process, if it has one."""
    return next((s for s in _state if isinstance(s, Seal)), None)


def keep(failure: SealError) -> None:
    """Remember why this process could not be sealed."""
    _state.append(failure)


def need() -> Seal:
    """The seal of this process. Raises `SealError` where there is none: nothing secret may be read then."""
    for state in _state:
        if isinstance(state, SealError):
            raise state
        return state
    raise SealError("进程没有断网，拒绝读取 / this process is not sealed, so it reads nothing")


def seal(part: Part) -> Seal:
    """Seal this process as `part`, once. Raises `SealError` when the kernel does not enforce it on Linux."""
    return put_on(part)()


def put_on(part: Part) -> Callable[[], Seal]:
    """Seal this process now; what is returned waits until every way out was tried, and only then it counts as sealed.

    Both raise `SealError`. Nothing secret may be read between them: the time is for imports.
    """
    if (made := current()) is not None:
        return lambda: made
    tried = _seal(part) if sys.platform == "linux" else partial(_unenforced, part)

    def proven() -> Seal:
        made = current()
        if made is None:
            made = tried()
            _state.append(made)
        return made

    return proven


def no_dumps() -> None:
    """This process leaves no core dump, and on Linux no other one of this user reads its memory."""
    from reviewer.seal import limits

    limits.no_core()
    if sys.platform == "linux":
        from reviewer.seal import kernel

        kernel.undumpable()


def seen(said: Seal) -> Seal:
    """What a child says of its seal, with what this process reads of it in `/proc/PID/status`.

    It is not enforced where the kernel does not say so too, or where the process is no child of this one.
    """
    if sys.platform != "linux":
        return said
    from reviewer.seal import kernel

    try:
        status = kernel.process(said.pid)
    except OSError:
        status = {}
    bound = status.get("PPid"), status.get("Seccomp"), status.get("NoNewPrivs")
    enforced = said.enforced and bound == (str(os.getpid()), "2", "1")
    return said.model_copy(update={"kernel": kernel.view(status), "enforced": enforced})


def _unenforced(part: Part) -> Seal:
    return Seal(part=part, pid=os.getpid(), enforced=False, system=sys.platform)


def _seal(part: Part) -> Callable[[], Seal]:
    """The filter is on and the attempts are on their way when this returns; what it returns waits for them."""
    from reviewer.seal import bpf, kernel, landlock, memory, probes, sockets

    started = time.perf_counter()
    sockets.refuse_inherited()
    no_dumps()
    locked = memory.lock()
    abi = landlock.keep_to_itself() if part.starts_programs else landlock.write_nothing()
    early = probes.Early(programs=part.starts_programs)
    try:
        kernel.install(bpf.program(kernel.machine(), programs=part.starts_programs, local=part.local_sockets))
        answers = probes.begin(early, local=part.local_sockets)
    finally:
        early.close()

    def tried() -> Seal:
        results = answers()
        if not all(results.values()):
            ways = ", ".join(name for name, refused in results.items() if not refused)
            raise SealError(f"断网自检没有通过，拒绝运行 / the self-test found a way out: {ways}")
        return Seal(
            part=part,
            pid=os.getpid(),
            enforced=True,
            system=sys.platform,
            probes=results,
            kernel=kernel.view(kernel.process()),
            landlock=abi,
            locked=locked,
            elapsed_ms=round((time.perf_counter() - started) * 1000, 2),
        )

    return tried
