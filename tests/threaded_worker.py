"""The real engine with as many threads as `OMP_NUM_THREADS` says, whatever the number of cores."""

import os

from reviewer import llm, worker


def main() -> None:
    """Run by `reviewer.seal.child`, like the real one."""
    llm.cores = lambda: int(os.environ["OMP_NUM_THREADS"])
    worker.main()


if __name__ == "__main__":
    main()
