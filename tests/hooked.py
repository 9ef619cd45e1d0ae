"""What Python's audit hook sees of connections: who opened a socket, or asked urllib, http or the like for something.

Libraries in C do not pass through the hook; the seal and the packet capture of `make prove-offline` see those.
"""

import sys
from types import FrameType

WATCHED = frozenset(
    ("socket", "urllib", "http", "ftplib", "smtplib", "imaplib", "poplib", "nntplib", "telnetlib", "webbrowser")
)
"""First words of the events that CPython raises for connections (audit event table of its documentation)."""

LIBRARIES = ("apsw", "argon2", "cryptography", "faiss", "llama_cpp", "sentence_transformers", "sklearn", "torch")
"""What an engine loads, late and by way of its one door each."""


class Seen(list[tuple[str, str]]):
    """(event, innermost module that is not of the standard library), in order."""

    def install(self) -> None:
        """Listen from now on; a hook cannot be taken off."""
        sys.addaudithook(self._hear)

    def _hear(self, event: str, args: object) -> None:
        if event.partition(".")[0] in WATCHED:
            self.append((event, _asker(sys._getframe(1))))


def _asker(frame: FrameType | None) -> str:
    while frame is not None:
        name = str(frame.f_globals.get("__name__", ""))
        if name.partition(".")[0] not in sys.stdlib_module_names:
            return name
        frame = frame.f_back
    return ""
