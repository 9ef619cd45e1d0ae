"""ZIP archives: every member is read as a file of its own, its name too; what is said of members, and empty folders."""

from reviewer.draft import StepKind
from reviewer.readers.gather import Gather
from reviewer.readers.package import Package
from reviewer.readers.reasons import Reason


def read(data: bytes, out: Gather) -> None:
    """All members. Raises `Unreadable`."""
    package = Package(data)
    remarks(package, out)
    for name in package.folders():
        out.at(StepKind.FILE, name).at(StepKind.NAME).text(name)
    for name in package.names():
        out.file(package.read(name), package.shown(name))


def remarks(package: Package, out: Gather) -> None:
    """What is said of the whole and of its members, in any format that is a ZIP file; what no member holds is named."""
    if package.stray:
        out.missed(Reason.UNSAFE)
    for name, words in package.comments():
        here = out.at(StepKind.FILE, name) if name else out
        here.at(StepKind.COMMENT).text(words)
