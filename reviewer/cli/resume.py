"""A long run that can be cut off and run again: what it has finished, one line a draft, in a file of the user's own.

Who can write the file could make it say "pass": only a line that a key of the audit log seals is believed.
"""

import contextlib
import hashlib
import hmac
import json
import os
import re
from collections.abc import Mapping, Set
from pathlib import Path
from typing import NamedTuple

from reviewer import durable
from reviewer.audit.keys import mac
from reviewer.draft import Draft, Lang
from reviewer.errors import WriteError, why
from reviewer.finding import Stage
from reviewer.verdict import Review

SEALED = re.compile(rb'(\{.*),"mac":"([0-9a-f]{64})"\}')
"""A line: what is sealed, and the seal over it, HMAC-SHA-256."""


class Made(NamedTuple):
    """A finished review, and the sequence number of its audit record; 0 where it has none yet."""

    review: Review
    record: int = 0


class Resumed:
    """Finished reviews by draft: those of earlier runs, and new ones as they are made.

    A line is `{"of": digest, "record": number, "review": record, "mac": seal}`; the digest is of all that was read,
    places and unread parts included, and of the language of the review.
    """

    def __init__(self, path: Path, key: bytes, lang: Lang) -> None:
        """Read what is there and sealed with `key`; other lines are counted in `refused`.

        Raises `WriteError`, also for a link and for a file that another user owns or can change.
        """
        self._path = path
        self._key = key
        self._lang = lang
        self._known: dict[str, Made] = {}
        self.refused = 0
        try:
            self._file = durable.trusted_file(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, "a+b")
            self._file.seek(0)
            data = self._file.read()
            if data and not data.endswith(b"\n"):
                self._write(b"\n")
        except OSError as exc:
            raise WriteError(f"{path}: {why(exc)}", "换一个可写的文件 / choose a file you may write to") from exc
        for line in filter(None, data.splitlines()):
            sealed = SEALED.fullmatch(line)
            if sealed is None or not hmac.compare_digest(mac(key, sealed[1]).encode("ascii"), sealed[2]):
                self.refused += 1
                continue
            with contextlib.suppress(ValueError):
                row = json.loads(line)
                self._known[row["of"]] = Made(Review.model_validate(row["review"]), row["record"])

    def find(self, draft: Draft, versions: Mapping[str, str], stages: Set[str]) -> Made | None:
        """The review of this very draft by these versions and stages; one whose stages did not finish is made again."""
        made = self._known.get(self._digest(draft))
        if made is None or made.review.versions != versions or set(made.review.timings_ms) != stages:
            return None
        return None if any(u.stage is not Stage.READ for u in made.review.unfinished) else made

    def add(self, draft: Draft, made: Made) -> None:
        """Write a review that has its audit record, and see it on disk. Raises `WriteError`."""
        line = f'{{"of":"{self._digest(draft)}","record":{made.record},"review":{made.review.to_record()}'.encode()
        try:
            self._write(line + f',"mac":"{mac(self._key, line)}"}}\n'.encode("ascii"))
        except OSError as exc:
            raise WriteError(f"{self._path}: {why(exc)}", "腾出空间再运行 / make room and run it again") from exc

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._file.flush()
        os.fsync(self._file.fileno())

    def _digest(self, draft: Draft) -> str:
        places = [place.model_dump(mode="json") for place in draft.places]
        read = draft.model_dump(mode="json"), places, self._lang.value
        return hashlib.sha256(json.dumps(read, sort_keys=True).encode("ascii")).hexdigest()
