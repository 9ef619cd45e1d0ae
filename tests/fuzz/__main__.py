"""`python -m tests.fuzz TARGET [LIBFUZZER OPTION...]`: fuzz one target with coverage (atheris, libFuzzer).

atheris is in no lock, as `make test` does without it and it has wheels for Linux only. Install it beside the others:
`pip install --no-deps --only-binary :all: --require-hashes -r tests/fuzz/requirements.txt`.
Start from the samples and the inputs found earlier; the seed is 1.
An input that breaks the target, or takes `LIMIT_S`, is written to `tests/fuzz/found/TARGET/`.
"""

import signal
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import FrameType

import atheris

with atheris.instrument_imports(include=["reviewer", "email", "html", "_markupbase", "tomllib", "minisign", "PIL"]):
    from PIL import Image

    from reviewer.readers.formats import FORMATS
    from tests.fuzz import quick, targets

    for module in {form.module for form in FORMATS if form.module}:
        import_module(f"reviewer.readers.{module}")  # they load late, which would leave them without coverage
    Image.init()  # as do the library's readers of formats

LIMIT_S = 10
"""Seconds of processor time of an execution; libFuzzer's own limit is of the clock, and struck where others had the
processor.
"""


class SlowError(BaseException):
    """An execution that takes too long."""


def limited(run: Callable[[bytes], None]) -> Callable[[bytes], None]:
    """A target that ends at the limit."""

    def end(number: int, frame: FrameType | None) -> None:
        raise SlowError

    def one(data: bytes) -> None:
        signal.setitimer(signal.ITIMER_PROF, LIMIT_S)
        run(data)

    signal.signal(signal.SIGPROF, end)
    return one


def main() -> None:
    """Fuzz until the runs are done or the target breaks."""
    name, *options = sys.argv[1:]
    target = targets.TARGETS[name]
    targets.without_recognition()
    quick.remember()
    quick.small_pictures()
    corpus = Path(tempfile.mkdtemp(prefix=f"corpus-{name}-"))
    found = targets.FOUND / name
    found.mkdir(parents=True, exist_ok=True)
    known = [path.read_bytes() for path in found.iterdir()]
    for number, seed in enumerate([*target.seeds(), *known]):
        (corpus / str(number)).write_bytes(seed)
    fixed = ["-seed=1", "-timeout=1200", "-rss_limit_mb=2048", f"-artifact_prefix={found}/", *options]
    atheris.Setup([sys.argv[0], *fixed, str(corpus)], limited(target.run))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
