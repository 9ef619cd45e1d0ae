"""ZIP archives: every member is read as a file of its own, its name too; what is said of members, and empty folders.

One that cannot be read is named and hides no other.
"""

from reviewer.draft import StepKind
from reviewer.readers.gather import Gather, Unreadable
from reviewer.readers.package import Package
from reviewer.readers.reasons import Reason


def read(data: bytes, out: Gather) -> None:
    """All members. Raises `Unreadable`, also where one of them is a bomb."""
    package = Package(data)
    remarks(package, out)
    for name in package.folders():
        out.at(StepKind.FILE, name).at(StepKind.NAME).text(name)
    for name in package.names():
        shown = package.shown(name)
        try:
            content = package.read(name)
        except Unreadable as exc:
            if exc.reason is Reason.BOMB:
                raise
            out.named(shown).missed(exc.reason)
        else:
            out.file(content, shown)


def remarks(package: Package, out: Gather) -> None:
    """What is said of the whole and of its members, in any format that is a ZIP file; what no member holds is named."""
    if package.stray:
        out.missed(Reason.UNSAFE)
    for name, words in package.comments():
        here = out.at(StepKind.FILE, name) if name else out
        here.at(StepKind.COMMENT).text(words)
