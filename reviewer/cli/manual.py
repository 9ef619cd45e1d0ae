"""The manual page, from the commands themselves: `python -m reviewer.cli.manual > docs/reviewer.1`."""

import sys
from collections.abc import Iterator

import click

from reviewer.cli import main
from reviewer.cli.exits import ExitCode
from reviewer.settings import Settings

STATUS = {
    ExitCode.PASS: "pass; done",
    ExitCode.ERROR: "something could not be done; a replay differs; no service runs; `audit verify`: broken",
    ExitCode.USAGE: "the command line makes no sense; `audit verify`: cannot tell",
    ExitCode.REVIEW: "review: a secrecy officer must decide, or the review is unfinished",
    ExitCode.BLOCK: "block: the draft must not be sent",
    ExitCode.INTERRUPTED: "interrupted",
}

ENVIRONMENT = {
    "REVIEWER_NEW_PASSPHRASE": "The new managing passphrase, for `index protect`; without it, asked for.",
    "REVIEWER_COPY_PASSPHRASE": "Passphrase of a carried copy, for `index export` and `import`; without it, asked for.",
    "REVIEWER_SIGNING_PASSPHRASE": "Passphrase of a signing key, for `bundle key`, `create` and `sign`; without it,"
    " asked for.",
    "REVIEWER_SENDMAIL": "The mail program that the example `hook show mail` hands a passed message to; without it"
    " /usr/sbin/sendmail.",
    "XDG_CACHE_HOME": "Its folder `reviewer` holds downloaded weights and what else can be made again; without it"
    " ~/.cache.",
}
"""Variables that are no settings."""


def page() -> str:
    """The page in the `man` macros, UTF-8."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield '.TH REVIEWER 1 "" reviewer "User Commands"'
    yield ".ad l"
    yield ".SH NAME"
    yield "reviewer \\- local review of drafts before they are sent"
    yield ".SH SYNOPSIS"
    yield ".B reviewer"
    yield "[options] [command] [arguments]"
    yield ".SH DESCRIPTION"
    yield _text(main.help or "")
    yield from _options(main.make_context("reviewer", [], resilient_parsing=True))
    yield ".SH COMMANDS"
    yield from _commands(main, main.make_context("reviewer", [], resilient_parsing=True))
    yield '.SH "EXIT STATUS"'
    for code in ExitCode:
        yield from _item(str(code.value), STATUS[code])
    yield ".SH ENVIRONMENT"
    about = "The station's folder: index, key, packs, audit log; without it the user's data folder."
    yield from _item("REVIEWER_HOME", about)
    for name, field in Settings.model_fields.items():
        yield from _item(f"REVIEWER_{name.upper()}", field.description or "")
    for name, about in ENVIRONMENT.items():
        yield from _item(name, about)


def _commands(group: click.Group, context: click.Context) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None  # noqa: S101 (the group listed it)
        inner = click.Context(command, info_name=name, parent=context)
        yield f'.SS "{_text(" ".join([inner.command_path, *command.collect_usage_pieces(inner)]))}"'
        yield from _paragraphs(command.help or "")
        yield from _options(inner)
        if isinstance(command, click.Group):
            yield from _commands(command, inner)


def _options(context: click.Context) -> Iterator[str]:
    for parameter in context.command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None and record[1]:
            yield from _item(*record)


def _item(term: str, about: str) -> Iterator[str]:
    yield ".TP"
    yield f".B {_text(term)}"
    yield _text(" ".join(about.split()))


def _paragraphs(help_: str) -> Iterator[str]:
    for part in help_.split("\n\n"):
        if "\b" in part:
            yield from (".nf", *(_text(line) for line in part.splitlines() if line.strip("\b")), ".fi")
        else:
            yield from (".PP", _text(" ".join(part.split())))


def _text(words: str) -> str:
    """Words as a line of text: no request, no escape, a minus sign that is one."""
    safe = words.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq")
    return f"\\&{safe}" if safe.startswith((".", "'")) else safe


if __name__ == "__main__":
    sys.stdout.buffer.write(page().encode())
