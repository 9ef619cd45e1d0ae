"""A long run that can be cut off and run again: what it has finished, one line a draft, in a file of the user's own."""

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping, Set
from pathlib import Path
from typing import IO

from reviewer.draft import Draft
from reviewer.errors import WriteError, why
from reviewer.finding import Stage
from reviewer.verdict import Review


class Resumed:
    """Finished reviews by draft: those of earlier runs, and new ones as they are made.

    A line is `{"of": digest, "review": record}`; the digest is of all that was read, places and unread parts included.
    """

    def __init__(self, path: Path) -> None:
        """Read what is there; a torn line is of a review that was not finished. Raises `WriteError`."""
        self._path = path
        self._known: dict[str, Review] = {}
        try:
            data = path.read_bytes() if path.exists() else b""
            self._file: IO[bytes] = open(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab")  # noqa: SIM115
            if data and not data.endswith(b"\n"):
                self._write(b"\n")
        except OSError as exc:
            raise WriteError(f"{path}: {why(exc)}", "换一个可写的文件 / choose a file you may write to") from exc
        for line in data.splitlines():
            with contextlib.suppress(ValueError, KeyError, TypeError, RecursionError):
                row = json.loads(line)
                self._known[str(row["of"])] = Review.model_validate(row["review"])

    def find(self, draft: Draft, versions: Mapping[str, str], stages: Set[str]) -> Review | None:
        """The review of this very draft by these versions and stages; one whose stages did not finish is made again."""
        review = self._known.get(_digest(draft))
        if review is None or review.versions != versions or set(review.timings_ms) != stages:
            return None
        return None if any(u.stage is not Stage.READ for u in review.unfinished) else review

    def add(self, draft: Draft, review: Review) -> None:
        """Write a review and see it on disk, unless it is the one that was found there. Raises `WriteError`."""
        of = _digest(draft)
        if self._known.get(of) is review:
            return
        try:
            self._write(f'{{"of":"{of}","review":{review.to_record()}}}\n'.encode())
        except OSError as exc:
            raise WriteError(f"{self._path}: {why(exc)}", "腾出空间再运行 / make room and run it again") from exc

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._file.flush()
        os.fsync(self._file.fileno())


def _digest(draft: Draft) -> str:
    read = draft.model_dump(mode="json"), [place.model_dump(mode="json") for place in draft.places]
    return hashlib.sha256(json.dumps(read, sort_keys=True).encode("ascii")).hexdigest()
