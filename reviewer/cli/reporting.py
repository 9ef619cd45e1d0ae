"""Reports about all drafts of a run: what is collected for them, and the files they are written to."""

import os
from pathlib import Path

from reviewer import durable
from reviewer.assemble import Station
from reviewer.cli.exits import ExitCode
from reviewer.draft import Draft
from reviewer.errors import ReadError, SettingsError, WriteError, why
from reviewer.reports import SUFFIXES, write
from reviewer.reports.subject import Reviewed, Subject
from reviewer.verdict import Review


class Collected:
    """The reviews of a run, in order."""

    def __init__(self) -> None:
        self._reviewed: list[Reviewed] = []
        self._unreadable: list[str] = []

    @property
    def status(self) -> ExitCode:
        """The worst: a block, then an input that could not be read, then a review."""
        worst = max(map(_status, self._reviewed), default=ExitCode.PASS)
        return ExitCode.ERROR if self._unreadable and worst is not ExitCode.BLOCK else worst

    def add(self, draft: Draft, review: Review) -> Reviewed:
        """One reviewed draft, given back."""
        self._reviewed.append(Reviewed(draft, review))
        return self._reviewed[-1]

    def add_unreadable(self, error: ReadError) -> None:
        """One input that gave no draft."""
        self._unreadable.append(str(error))

    def subject(self, station: Station) -> Subject:
        """What a report is made from."""
        return station.subject(self._reviewed, self._unreadable)


def _status(reviewed: Reviewed) -> ExitCode:
    return ExitCode.of(reviewed.review.decision)


def check_report(path: Path) -> None:
    """Before anything is checked: raise `SettingsError` for a report file whose suffix names no format.

    Raises `WriteError` where its folder is missing or may not be written to.
    """
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise WriteError(
            f"{path.parent}: 不是可写的目录 / no folder that you may write to", "换一个 / choose another one"
        )
    if path.suffix.lower() not in SUFFIXES:
        raise SettingsError(
            f"{path.name}: 没有这种报告 / no report ends like this", f"可用 / use one of {' '.join(SUFFIXES)}"
        )


def unfinished(path: Path) -> Path:
    """Where a report is written before it takes the place of an older one."""
    return path.with_name(path.name + ".new")


def write_report(path: Path, subject: Subject) -> None:
    """Write the report that the suffix of `path` asks for, readable by its owner only, whole or not at all.

    Raises `WriteError`.
    """
    data = write(SUFFIXES[path.suffix.lower()], subject)
    try:
        durable.put_in_place(path, unfinished(path).name, data)
    except OSError as exc:
        raise WriteError(f"{path}: {why(exc)}", "换一个可写的目录 / choose a folder you may write to") from exc
