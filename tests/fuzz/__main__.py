"""`python -m tests.fuzz TARGET [LIBFUZZER OPTION...]`: fuzz one target with coverage (atheris, libFuzzer).

atheris is built from source (it needs clang with libFuzzer) and is in no lock: install it beside the others by hand.
Start from the samples and the inputs found earlier; the seed is 1.
An input that breaks the target is written to `tests/fuzz/found/TARGET/`.
"""

import sys
import tempfile
from importlib import import_module
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["reviewer", "email", "html", "_markupbase", "tomllib", "minisign"]):
    from reviewer.readers.formats import FORMATS
    from tests.fuzz import targets

    for module in {form.module for form in FORMATS if form.module}:
        import_module(f"reviewer.readers.{module}")  # they load late, which would leave them without coverage


def main() -> None:
    """Fuzz until the runs are done or the target breaks."""
    name, *options = sys.argv[1:]
    target = targets.TARGETS[name]
    targets.without_recognition()
    corpus = Path(tempfile.mkdtemp(prefix=f"corpus-{name}-"))
    found = targets.FOUND / name
    found.mkdir(parents=True, exist_ok=True)
    known = [path.read_bytes() for path in found.iterdir()]
    for number, seed in enumerate([*target.seeds(), *known]):
        (corpus / str(number)).write_bytes(seed)
    fixed = ["-seed=1", "-timeout=10", "-rss_limit_mb=2048", f"-artifact_prefix={found}/", *options]
    atheris.Setup([sys.argv[0], *fixed, str(corpus)], target.run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
