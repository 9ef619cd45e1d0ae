"""Exit statuses, and the one place where errors become a sentence on stderr."""

import io
import os
import sys
from enum import IntEnum

import click

from reviewer.cli import streams
from reviewer.cli.front import Run
from reviewer.errors import Cancelled, ReviewerError
from reviewer.reports.visible import visible
from reviewer.verdict import Decision


class ExitCode(IntEnum):
    """What the shell sees; several drafts give the worst: block, then an error, then review."""

    PASS = 0
    """Everything ran and found nothing."""
    ERROR = 1
    """Something could not be done; nothing is said about the draft."""
    USAGE = 2
    """The command line makes no sense."""
    REVIEW = 10
    """A secrecy officer must decide, or the review is unfinished."""
    BLOCK = 20
    """The draft must not be sent."""
    INTERRUPTED = 130
    """The person pressed Ctrl-C."""

    @classmethod
    def of(cls, decision: Decision) -> "ExitCode":
        """The status of a decision."""
        return {Decision.PASS: cls.PASS, Decision.REVIEW: cls.REVIEW, Decision.BLOCK: cls.BLOCK}[decision]


def guarded(command: click.Command) -> int:
    """Run `command` in a process of its own, turning expected failures into one sentence and a status."""
    streams.unbreakable()
    try:
        status = command(prog_name="reviewer", standalone_mode=False, obj=Run(ours=True))
        sys.stdout.flush()
        return int(status or 0)
    except click.exceptions.Exit as exc:
        return exc.exit_code
    except click.ClickException as exc:
        said = io.StringIO()
        exc.show(said)
        click.echo(visible(said.getvalue(), lines=True), err=True, nl=False)
        return ExitCode.USAGE if isinstance(exc, click.UsageError) else ExitCode.ERROR
    except ReviewerError as exc:
        code = ExitCode.INTERRUPTED if isinstance(exc, Cancelled) else ExitCode.ERROR
        click.echo(f"reviewer: {visible(str(exc), lines=True)}", err=True)
        return code
    except (click.Abort, KeyboardInterrupt):
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.ERROR
