"""`reviewer check`: files, folders, standard input, batches; data on stdout, narration on stderr."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import click

from reviewer.assemble import STAGES, Station
from reviewer.audit import Log
from reviewer.audit.events import reported, reviewed, started
from reviewer.cli import drafts, station
from reviewer.cli.answers import Beside
from reviewer.cli.confined import Command, Written
from reviewer.cli.progress import progress
from reviewer.cli.reporting import Collected, check_report, unfinished, write_report
from reviewer.cli.resume import Made, Resumed
from reviewer.cli.waiting import waiting
from reviewer.draft import Channel, Draft, Lang
from reviewer.errors import ReadError
from reviewer.finding import Stage
from reviewer.names import named
from reviewer.reports import BINARY, LINES, SUFFIXES, WHOLE, Render, record, write
from reviewer.reports.record import digest
from reviewer.reports.subject import Reviewed, Subject
from reviewer.reports.summary import sentence
from reviewer.reports.visible import visible

CHANNELS = click.Choice([c.value for c in Channel])
FORMATS = click.Choice([*LINES, *WHOLE])


def _stages(_ctx: click.Context, _param: click.Parameter, value: str) -> tuple[Stage, ...]:
    names = [n.strip() for n in value.split(",") if n.strip()]
    known = {s.value for s in STAGES}
    if not names or set(names) - known:
        raise click.BadParameter(f"choose from {', '.join(sorted(known))}")
    return tuple(Stage(n) for n in dict.fromkeys(names))


@click.command("check", cls=Command)
@click.argument("files", nargs=-1, metavar="[FILE...]")
@click.option("--channel", type=CHANNELS, default=Channel.WECHAT_GROUP.value, help="发送渠道 / channel")
@click.option("--format", "form", type=FORMATS, help="输出格式 / output format (default: text)")
@click.option("--stages", callback=_stages, default="detect,match,judge", help="检查哪些阶段 / which stages")
@click.option("--store", type=Written(), help="密件索引 / index store")
@click.option(
    "--batch",
    type=click.Path(),
    help='每行一个 {"id","text","channel"?}，坏行写到标准错误 / one JSON draft a line, bad ones to standard error',
)
@click.option(
    "--report",
    "report_files",
    type=Written(dir_okay=False),
    multiple=True,
    help=f"写成文件，格式由后缀定 / write a file whose suffix names the format: {' '.join(SUFFIXES)}",
)
@click.option(
    "--resume",
    type=Written(dir_okay=False),
    help="审完的记入此文件，中断后同样再运行即可接着审 / keep what is finished here; run again to go on after a break",
)
@click.option(
    "--keep", is_flag=True, help="JSON 里记下草稿的摘要和渠道，供 replay / let JSON name the draft, for replay"
)
@click.option(
    "--stdin-filename", default=drafts.STDIN, help="标准输入按此文件名读 / read standard input as a file of this name"
)
@click.option(
    "--prompt-file",
    type=click.Path(path_type=Path),
    help="草稿是 AI 的回答，这是给它的提问，比对两者 / the drafts are an AI's answers: compare them with this prompt",
)
@click.pass_context
def command(
    ctx: click.Context,
    files: tuple[str, ...],
    channel: str,
    form: str | None,
    stages: tuple[Stage, ...],
    store: Path | None,
    batch: str | None,
    report_files: tuple[Path, ...],
    resume: Path | None,
    keep: bool,
    stdin_filename: str,
    prompt_file: Path | None,
) -> int:
    """检查草稿 / Check drafts: FILEs, folders, '-' or standard input. Exit status 0 pass, 10 review, 20 block."""
    _refuse(files, batch, form, report_files)
    written = [*report_files, *map(unfinished, report_files), *([resume] if resume else [])]
    _keep(files, batch, prompt_file, written)
    config = station.config(ctx, store)
    log = station.log()
    chosen = Station(config, stages, station.settings().judge_timeout_s)
    station.use_service(ctx, chosen)
    inputs = _inputs(files, batch, Channel(channel), config.lang, stdin_filename, written)
    usual = "json" if batch is not None else "" if report_files else "text"
    output = _output(form or usual, prompt_file, keep=keep)
    collected = Collected()
    with log.run(started("check")):
        earlier = _earlier(resume, log, config.lang) if resume else None
        try:
            _review(inputs, output, chosen, log, collected, earlier)
        finally:
            chosen.engine.close()
            if earlier:
                earlier.close()
        _report(output.form, report_files, collected.subject(chosen), log)
    return collected.status


Waiting = Callable[[str], AbstractContextManager[None]]


class Inputs(NamedTuple):
    """What is to be checked, each read when its turn comes."""

    given: Iterable[Draft | ReadError]
    many: int | None
    """How many, where that is known before."""
    source: str
    """Where they come from, as the audit log says it."""
    typed: bool
    """Whether a person may be typing one."""


class Output(NamedTuple):
    """What goes to standard output."""

    form: str
    """`--format`, or what is usual; empty for nothing."""
    render: Render | None
    """Of each review; none where `form` is one document about all."""
    prompt: Path | None
    """The prompt that each review is told beside."""


def _refuse(files: tuple[str, ...], batch: str | None, form: str | None, report_files: tuple[Path, ...]) -> None:
    """Options that do not go together, before anything is read.

    Raises `UsageError`; for a report file `SettingsError`, `WriteError`.
    """
    if batch is not None and files:
        raise click.UsageError("--batch 不与文件并用 / --batch goes without files")
    if form in BINARY and sys.stdout.isatty():
        raise click.UsageError(
            f"--format {form} 不是文字：存到文件，或用 --report form.pdf / is no text: send it to a file, "
            "or use --report form.pdf"
        )
    for path in report_files:
        check_report(path)


def _keep(files: tuple[str, ...], batch: str | None, prompt: Path | None, written: Sequence[Path]) -> None:
    """Keep what is given from being written over by this run. Raises `UsageError`; a folder is told in `expand`."""
    names = (batch,) if batch is not None else files or ("-",)
    read = [*(drafts.given(name) or drafts.OPENED for name in names), *([prompt] if prompt else [])]
    if lost := drafts.first_written(read, written):
        raise click.UsageError(
            f"{lost}: 是本次要读的文件，报告或者进度文件不能写到它上面，换一个 / is read by this run, "
            "no --report or --resume may write to it: give another file"
        )


def _inputs(
    files: tuple[str, ...],
    batch: str | None,
    channel: Channel,
    lang: Lang,
    stdin_filename: str,
    written: Sequence[Path],
) -> Inputs:
    """The lines of a batch, else the files, folders and standard input; not what is `written` by this run."""
    if batch is not None:
        path = drafts.given(batch)
        return Inputs(drafts.read_batch(path, channel, lang), drafts.count_batch(path), "batch", typed=False)
    named = drafts.expand(files, written)
    source = "stdin" if files in ((), ("-",)) else "files"
    typed = not files or "-" in files
    return Inputs(drafts.read(named, channel, lang, stdin_filename), len(named), source, typed)


def _output(form: str, prompt: Path | None, *, keep: bool) -> Output:
    """How the reviews are told. Raises `UsageError` for `--keep` or a prompt with a form that cannot hold it."""
    if keep and form != "json":
        raise click.UsageError("--keep 与 --format json 或 --batch 并用 / --keep goes with --format json or --batch")
    render: Render | None = record.kept if keep else LINES.get(form)
    if prompt and (keep or render is None):
        raise click.UsageError(
            "--prompt-file 与 --format text 或 json 并用 / goes with --format text or json, not with --keep"
        )
    return Output(form, render, prompt)


def _earlier(path: Path, log: Log, lang: Lang) -> Resumed:
    """What an earlier run finished; a person is told of lines that are not believed.

    Raises `AuditError`, `WriteError`.
    """
    earlier = Resumed(path, log.resume_key(), lang)
    if refused := earlier.refused:
        click.echo(
            f"reviewer: {visible(str(path))}: {refused} 行没有写完、被改动或者不是本站所写，"
            f"不予采信，相应草稿重新审查 / {refused} of its lines are unfinished, altered or not written by this "
            "station, not believed: their drafts are checked anew",
            err=True,
        )
    return earlier


def _review(
    inputs: Inputs, output: Output, chosen: Station, log: Log, collected: Collected, earlier: Resumed | None
) -> None:
    """Review every input, record it, and tell it, as soon as it is there.

    Raises `AuditError`, `PackError`, `ListError`, `WriteError`; `ReadError` for a prompt that cannot be read.
    """
    lang, render = chosen.config.lang, output.render
    if chosen.heavy:
        with waiting(lang.pick("正在启动引擎", "starting the engine")):
            chosen.warm()
    barless = render is not None and sys.stdout.isatty()
    awaited = partial(waiting, quiet=not barless and inputs.many != 1)
    if output.prompt and render:
        with awaited(lang.pick("正在审查提问", "reviewing the prompt")):
            render = Beside(output.prompt, chosen, log, render, as_json=output.form == "json")
    with progress(inputs.many, lang, quiet=barless) as step:
        read = step(inputs.given) if inputs.typed else _awaited(step(inputs.given), awaited, lang)
        for one, resumed in _reviews(read, chosen, collected, earlier, awaited):
            logged = log.append(reviewed(one.draft, one.review, digest(one.review), inputs.source, resumed))
            if earlier and not resumed:
                earlier.add(one.draft, Made(one.review, logged.seq))
            if render:
                click.echo(render(one.draft, one.review, lang, chosen.regulations.by_id, chosen.rules))


def _awaited(given: Iterable[Draft | ReadError], awaited: Waiting, lang: Lang) -> Iterator[Draft | ReadError]:
    """Every draft; while it is read, a person is told so."""
    rest = iter(given)
    while True:
        with awaited(lang.pick("正在读取", "reading")):
            draft = next(rest, None)
        if draft is None:
            return
        yield draft


def _reviews(
    given: Iterable[Draft | ReadError],
    chosen: Station,
    collected: Collected,
    earlier: Resumed | None,
    awaited: Waiting,
) -> Iterator[tuple[Reviewed, int]]:
    """Every draft with its review as soon as it is there, and the audit record of one that an earlier run made, else 0.

    An unreadable input is named on stderr.
    """
    for read in given:
        if isinstance(read, ReadError):
            click.echo(f"reviewer: {visible(str(read), lines=True)}", err=True)
            collected.add_unreadable(read)
        else:
            with awaited(chosen.config.lang.pick("正在审查", "reviewing")):
                draft = named(read, chosen.reviewer)
                known = earlier.find(draft, chosen.versions(), set(chosen.reviewer.order)) if earlier else None
                made = known or Made(chosen.reviewer.review(draft))
            yield collected.add(draft, made.review), made.record


def _report(form: str, report_files: Sequence[Path], subject: Subject, log: Log) -> None:
    """The documents about all drafts: on standard output where `form` is one, and in files.

    Raises `AuditError`, `WriteError`.
    """
    if form in WHOLE:
        click.echo(write(WHOLE[form], subject), nl=False)
    for path in report_files:
        log.append(reported(path.suffix.lower(), len(subject.reviewed)))
        write_report(path, subject)
        click.echo(f"reviewer: {visible(str(path))}: {sentence(subject)}", err=True)
