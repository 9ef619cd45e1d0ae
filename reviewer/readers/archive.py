"""ZIP archives: every member is read as a file of its own, its name too."""

from reviewer.readers.gather import Gather
from reviewer.readers.package import Package


def read(data: bytes, out: Gather) -> None:
    """All members. Raises `Unreadable`."""
    package = Package(data)
    for name in package.names():
        out.file(package.read(name), package.shown(name))
