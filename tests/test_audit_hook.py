"""Imports and a review ask for no connection: what CPython's audit hook sees in the front end and in the engine."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reviewer.assemble import STAGES, Station, configure
from reviewer.draft import Channel
from reviewer.engine import Engine
from reviewer.paths import Home
from reviewer.readers import from_text
from reviewer.settings import Settings
from reviewer.verdict import Decision
from tests.hooked import LIBRARIES
from tests.scripted_worker import FIND

SEAL = {"reviewer.seal.probes"}
"""Who may: the seal, which tries the ways out at every start."""

FRONT = """
import json, sys
from tests.hooked import Seen
seen = Seen(); seen.install()
from reviewer.engine import Engine
Engine.worker = "tests.scripted_worker"
import reviewer.tui.app, reviewer.reports.form_pdf, reviewer.reports.form_docx
{more}
from reviewer.__main__ import main
sys.argv = ["reviewer", "check", "--format", "json"]
try:
    main()
except SystemExit as exc:
    print(json.dumps([exc.code, seen]), file=sys.stderr)
"""


def front(more: str = "") -> tuple[dict[str, Any], int, list[tuple[str, str]]]:
    """The review, the exit status and what was seen of a command that checks a draft."""
    command = [sys.executable, "-c", FRONT.format(more=more)]
    done = subprocess.run(command, input=f"方案：{FIND}", capture_output=True, text=True, timeout=180, check=True)
    code, seen = json.loads(done.stderr.splitlines()[-1])
    return json.loads(done.stdout), code, [(event, name) for event, name in seen]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no seal tries a way out")
def test_the_front_end_asks_for_no_connection(home: Path) -> None:
    review, code, seen = front()
    assert (review["unfinished"], code) == ([], 10)
    assert {name for _, name in seen} == SEAL


def test_a_library_that_asks_is_seen(home: Path) -> None:
    _, _, seen = front("import types; exec('import socket; socket.socket().close()', {'__name__': 'greedy.library'})")
    assert ("socket.__new__", "greedy.library") in seen


def test_the_engine_and_its_libraries_ask_for_no_connection(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Engine, "worker", "tests.hooked_worker")
    station = Station(configure(Settings(), Home(home)), STAGES, 120.0)
    try:
        review = station.reviewer.review(from_text(f"方案：{FIND}", Channel.EMAIL))
        assert (review.decision, review.unfinished) == (Decision.REVIEW, ())
        said = station.engine.request("describe", {}, 120.0)
    finally:
        station.engine.close()
    assert said["loaded"] == list(LIBRARIES)
    assert said["seen"] == []
