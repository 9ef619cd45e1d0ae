"""Every example of `reviewer hook show` does what its first lines say, in the program it is for."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from reviewer.cli.hook import HOOKS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the examples are for a POSIX shell")
BLOCKED, HARMLESS = "抬头\n机密★20年\n正文", "晚上一起吃面"


@pytest.fixture(autouse=True)
def on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`reviewer` as the examples find it: the real program, rules only, for speed."""
    place = tmp_path / "bin"
    place.mkdir()
    program = place / "reviewer"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m reviewer "$@" --stages detect\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{place}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    return place


def run(*arguments: str, at: Path, data: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """Run a program."""
    return subprocess.run(
        arguments,
        cwd=at, input=data, capture_output=True, text=True, check=False, timeout=180, env={**os.environ, **more},
    )  # fmt: skip


def install(name: str, place: Path) -> Path:
    """What `reviewer hook show NAME` prints, as a program."""
    done = subprocess.run([sys.executable, "-m", "reviewer", "hook", "show", name], capture_output=True, check=True)
    place.write_bytes(done.stdout)
    place.chmod(0o755)
    return place


def test_the_names_are_those_of_the_files() -> None:
    assert set(HOOKS) == {"git-pre-commit", "mail", "vim", "vscode"}
    done = subprocess.run([sys.executable, "-m", "reviewer", "hook", "show", "emacs"], capture_output=True, check=False)
    assert done.returncode == 2


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """An empty git repository with the hook."""
    place = tmp_path / "repository"
    run("git", "init", "-q", str(place), at=tmp_path)
    for name, value in (("user.name", "t"), ("user.email", "t@example.invalid"), ("core.hooksPath", ".git/hooks")):
        run("git", "config", name, value, at=place)
    (place / ".git" / "hooks").mkdir(exist_ok=True)
    install("git-pre-commit", place / ".git" / "hooks" / "pre-commit")
    return place


def commits(place: Path) -> int:
    """How many commits there are."""
    return len(run("git", "log", "--oneline", "--all", at=place).stdout.splitlines())


def test_git_commits_what_passes_and_nothing_else(repository: Path) -> None:
    (repository / "a file.txt").write_text(HARMLESS)
    run("git", "add", ".", at=repository)
    done = run("git", "commit", "-qm", "1", at=repository)
    assert done.returncode == 0, done.stderr
    (repository / "b.txt").write_text(BLOCKED)
    run("git", "add", ".", at=repository)
    refused = run("git", "commit", "-qm", "2", at=repository)
    assert refused.returncode == 1
    assert "机密★20年" in refused.stderr
    assert commits(repository) == 1
    assert not [f for f in (repository / ".git").iterdir() if f.name.startswith("reviewer")]


def test_git_reviews_what_is_staged_hidden_files_too(repository: Path) -> None:
    (repository / ".hidden").write_text(BLOCKED)
    run("git", "add", ".", at=repository)
    (repository / ".hidden").write_text(HARMLESS)
    assert run("git", "commit", "-qm", "1", at=repository).returncode == 1
    run("git", "add", ".", at=repository)
    (repository / ".hidden").write_text(BLOCKED)
    assert run("git", "commit", "-qm", "1", at=repository).returncode == 0
    assert commits(repository) == 1
    run("git", "rm", "-qf", ".hidden", at=repository)
    assert run("git", "commit", "-qm", "2", at=repository).returncode == 0


def test_git_reviews_a_file_that_takes_the_place_of_a_link(repository: Path) -> None:
    (repository / "a.txt").symlink_to("elsewhere")
    run("git", "add", ".", at=repository)
    assert run("git", "commit", "-qm", "1", at=repository).returncode == 0
    (repository / "a.txt").unlink()
    (repository / "a.txt").write_text(BLOCKED)
    run("git", "add", ".", at=repository)
    refused = run("git", "commit", "-qm", "2", at=repository)
    assert refused.returncode == 1
    assert "机密★20年" in refused.stderr


def test_git_finds_a_station_that_is_named_from_where_it_stands(repository: Path, tmp_path: Path) -> None:
    """Whose list knows a word that no rule does."""
    lists = tmp_path / "station" / "lists"
    lists.mkdir(parents=True)
    (lists / "own.toml").write_text(
        '[[word]]\ntext = "青石桥工程"\nkind = "protected"\nowner = "a"\nseverity = "block"\n', "utf-8"
    )
    (repository / "a.txt").write_text("青石桥工程今晚开工", "utf-8")
    run("git", "add", ".", at=repository)
    assert run("git", "commit", "-qm", "1", at=repository, REVIEWER_HOME="../station").returncode == 1
    assert commits(repository) == 0


def test_git_uses_the_channel_it_was_told(repository: Path) -> None:
    run("git", "config", "reviewer.channel", "pigeon", at=repository)
    (repository / "a.txt").write_text(HARMLESS)
    run("git", "add", ".", at=repository)
    done = run("git", "commit", "-qm", "1", at=repository)
    assert done.returncode == 1
    assert "pigeon" in done.stderr


def test_git_reviews_whatever_the_settings_of_git_diff(repository: Path, on_the_path: Path) -> None:
    (on_the_path / "reviewer").write_text('#!/bin/sh\necho "given: $*"\nexit 20\n')
    run("git", "config", "diff.orderFile", "/nowhere/order", at=repository)
    run("git", "config", "diff.renames", "copies", at=repository)
    (repository / "a b.txt").write_text(BLOCKED)
    run("git", "add", ".", at=repository)
    refused = run("git", "commit", "-qm", "1", at=repository)
    assert (refused.returncode, commits(repository)) == (1, 0)
    assert "./a b.txt" in refused.stderr


@pytest.mark.parametrize("failing", ["rev-parse", "diff", "checkout-index"])
def test_git_commits_nothing_where_git_itself_fails(repository: Path, on_the_path: Path, failing: str) -> None:
    (on_the_path / "reviewer").write_text("#!/bin/sh\n")
    (repository / "a.txt").write_text(HARMLESS)
    run("git", "add", ".", at=repository)
    hook = str(repository / ".git/hooks/pre-commit")
    assert run(hook, at=repository).returncode == 0
    program = on_the_path / "git"
    program.write_text(f'#!/bin/sh\n[ "$1" != {failing} ] || exit 128\nexec "{shutil.which("git")}" "$@"\n')
    program.chmod(0o755)
    assert run(hook, at=repository).returncode != 0
    assert not [f for f in (repository / ".git").iterdir() if f.name.startswith("reviewer")]


@pytest.mark.parametrize(
    ("body", "status"), [(HARMLESS, 0), ("这是送审稿，领导还没签", 10), (BLOCKED, 20)], ids=["pass", "review", "block"]
)
def test_mail_is_sent_when_it_passes(tmp_path: Path, body: str, status: int) -> None:
    sent = tmp_path / "sent"
    sendmail = tmp_path / "sendmail"
    sendmail.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{sent}.args"\ncat > "{sent}"\n')
    sendmail.chmod(0o755)
    hook = install("mail", tmp_path / "reviewer-sendmail")
    mail = (
        f"From: a@example.invalid\nTo: b@example.invalid\nSubject: t\nMIME-Version: 1.0\n"
        f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{body}\n"
    )
    done = run(str(hook), "-oi", "b@example.invalid", at=tmp_path, data=mail, REVIEWER_SENDMAIL=str(sendmail))
    assert done.returncode == status, done.stderr
    assert sent.exists() is (status == 0)
    if status == 0:
        assert sent.read_text() == mail
        assert (tmp_path / "sent.args").read_text() == "-oi\nb@example.invalid\n"
    assert not list(tmp_path.glob("reviewer.*"))


@pytest.mark.parametrize("when", ["it reads", "it reviews"])
def test_mail_that_is_killed_leaves_no_message(tmp_path: Path, on_the_path: Path, when: str) -> None:
    started = tmp_path / "started"
    (on_the_path / "reviewer").write_text(f'#!/bin/sh\n> "{started}"\nexec sleep 60\n')
    hook = install("mail", tmp_path / "reviewer-sendmail")
    with subprocess.Popen([hook, "b@example.invalid"], stdin=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdin
        process.stdin.write(BLOCKED.encode() * 2**15)  # more than a pipe holds, so most of it was read
        if when == "it reviews":
            process.stdin.close()
            while not started.exists():
                assert process.poll() is None
                time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)
        assert process.wait(60) == -signal.SIGKILL
    assert not list(tmp_path.glob("reviewer.*"))


def test_mail_is_sent_as_it_came_and_the_programs_get_no_other_file(tmp_path: Path, on_the_path: Path) -> None:
    open_files = 'for f in 3 4 5 6 7; do { true <&$f; } 2>/dev/null && echo "$f" >> open; done\n'
    (on_the_path / "reviewer").write_text(f"#!/bin/sh\n{open_files}cat > reviewed\n")
    sendmail = on_the_path / "sendmail"
    sendmail.write_text(f"#!/bin/sh\n{open_files}cat > sent\n")
    sendmail.chmod(0o755)
    mail = b"\xff\0 \\n%s\n\n" * 2**15
    done = subprocess.run(
        [install("mail", tmp_path / "reviewer-sendmail")],
        cwd=tmp_path, input=mail, check=False, env={**os.environ, "REVIEWER_SENDMAIL": str(sendmail)},
    )  # fmt: skip
    assert done.returncode == 0
    assert (tmp_path / "reviewed").read_bytes() == (tmp_path / "sent").read_bytes() == mail
    assert not (tmp_path / "open").exists()


VIM = ("vim", "-Nu", "NONE", "-es", "--not-a-term", "-c", "set encoding=utf-8", "-S")
NEOVIM = ("nvim", "--headless", "-u", "NONE", "-S")


@pytest.fixture(params=[VIM, NEOVIM], ids=["vim", "neovim"])
def editor(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """The command of an editor that runs a script; skips where it is not installed."""
    command: tuple[str, ...] = request.param
    if shutil.which(command[0]) is None:
        pytest.skip(f"needs {command[0]}")
    return command


def quickfix(place: Path, editor: Sequence[str], commands: str) -> list[tuple[int, int, str]]:
    """Line, column and text of what an editor with the plugin lists after some commands."""
    plugin, listed, script = install("vim", place / "reviewer.vim"), place / "list.json", place / "script.vim"
    script.write_text(
        f"source {plugin}\n{commands}\n"
        f"call writefile([json_encode(map(getqflist(), '[v:val.lnum, v:val.col, v:val.text]'))], '{listed}')\nqall!\n"
    )
    done = run(*editor, str(script), at=place)
    assert listed.exists(), done.stderr
    return [(line, column, text) for line, column, text in json.loads(listed.read_text())]


@pytest.mark.parametrize("message", ["", "reviewer: a message"], ids=["silent", "message"])
def test_vim_lists_the_findings_where_they_stand(
    tmp_path: Path, on_the_path: Path, editor: tuple[str, ...], message: str
) -> None:
    if message:
        program = on_the_path / "reviewer"
        program.write_text(program.read_text().replace("\n", f"\necho '{message}' >&2\n", 1))
    found = quickfix(tmp_path, editor, "call setline(1, ['抬头', '编号甲 机密★20年'])\nReviewer --channel email")
    line, column, text = next(f for f in found if "机密★20年" in f[2])
    assert (line, column) == (2, len("编号甲 ".encode()) + 1)
    assert text.startswith("block: ")


def test_vim_names_the_place_of_what_is_read_out_of_markup(tmp_path: Path, editor: tuple[str, ...]) -> None:
    (tmp_path / "a.html").write_text("<html>\n<body>\n<p>抬头</p>\n<p>机密★20年</p>\n</body>\n</html>\n")
    found = quickfix(tmp_path, editor, "edit a.html\nReviewer")
    line, column, text = next(f for f in found if "机密★20年" in f[2])
    assert (line, column) == (0, 0)
    assert text.endswith("(paragraph 2)")


def test_vim_passes_the_text_and_the_review_through_no_file(
    tmp_path: Path, on_the_path: Path, editor: tuple[str, ...]
) -> None:
    long = "\n".join([BLOCKED] * 2**14)
    review = {"findings": [], "unfinished": [], "decision": "pass", "more": long}
    (tmp_path / "review").write_text(json.dumps(review, ensure_ascii=False))
    program = on_the_path / "reviewer"
    program.write_text(
        "#!/bin/sh\nfor f in 0 1 2; do [ ! -f /dev/fd/$f ] || echo $f >> files; done\ncat > given\ncat review\n"
    )
    (tmp_path / "draft.txt").write_text(long)
    plugin = install("vim", tmp_path / "reviewer.vim")
    script = tmp_path / "script.vim"
    script.write_text(f"source {plugin}\nedit draft.txt\nredir! > said\nReviewer\nredir END\nqall!\n")
    done = run(*editor, str(script), at=tmp_path)
    assert "reviewer: pass" in (tmp_path / "said").read_text(), done.stderr
    assert (tmp_path / "given").read_text() == long
    assert not (tmp_path / "files").exists()


@pytest.mark.parametrize("program", [None, "#!/bin/sh\necho 'no review' >&2\nexit 1\n"], ids=["missing", "fails"])
def test_vim_says_what_went_wrong(
    tmp_path: Path, on_the_path: Path, monkeypatch: pytest.MonkeyPatch, editor: tuple[str, ...], program: str | None
) -> None:
    place, command, arguments = on_the_path / "reviewer", shutil.which(editor[0]), editor[1:]
    plugin = install("vim", tmp_path / "reviewer.vim")
    script = tmp_path / "script.vim"
    script.write_text(
        f"source {plugin}\nlet said = 'nothing'\ntry\nReviewer\ncatch\nlet said = v:exception\nendtry\n"
        "call writefile([said], 'said')\nqall!\n"
    )
    if program is None:
        place.unlink()
        monkeypatch.setenv("PATH", f"{on_the_path}{os.pathsep}{os.defpath}")
    else:
        place.write_text(program)
    run(str(command), *arguments, str(script), at=tmp_path)
    said = (tmp_path / "said").read_text()
    assert any(words in said for words in (("not found", "No such file") if program is None else ("no review",))), said


@pytest.mark.parametrize(("text", "status"), [(HARMLESS, 0), (BLOCKED, 20)], ids=["pass", "block"])
def test_the_task_of_vscode_fails_unless_the_file_passes(tmp_path: Path, text: str, status: int) -> None:
    source = install("vscode", tmp_path / "tasks.json").read_text()
    (task,) = json.loads(re.sub(r"^\s*//.*$", "", source, flags=re.MULTILINE))["tasks"]
    file = tmp_path / "draft.txt"
    file.write_text(text)
    done = run(task["command"], *(a.replace("${file}", str(file)) for a in task["args"]), at=tmp_path)
    assert done.returncode == status
