"""`reviewer models fetch`: nothing of the station is open while it may connect; what came is recorded, sealed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.audit import State, records, verify

MODEL = "qwen2.5-coder-1.5b-heads"
"""Its source is a file that is shipped, so that the test needs no network."""

FETCH = """
import json, sys
opened, sealed = [], []
sys.addaudithook(lambda event, given: opened.append(str(given[0])) if event == "open" else None)
from reviewer.cli import front, main, models
models._here = lambda model: None
enter = front.enter
front.enter = lambda ctx: (enter(ctx), sealed.append(len(opened)))
main.main(["models", "fetch", sys.argv[1]], standalone_mode=False, obj=front.Run(ours=True))
print(json.dumps({"before": opened[:sealed[0]], "after": opened[sealed[0]:]}))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is no seal")
def test_no_draft_and_no_index_is_open_while_it_may_connect(home: Path, tmp_path: Path) -> None:
    (home / "precedents").mkdir(parents=True)
    for name in ("store.db", "store.key", "precedents/station.jsonl"):
        (home / name).write_bytes(b"")
    done = subprocess.run(
        [sys.executable, "-c", FETCH, MODEL],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")},
    )
    opened = json.loads(done.stdout.splitlines()[-1])
    ours = {str(Path(p).relative_to(home).parts[0]) for p in opened["before"] if Path(p).is_relative_to(home)}
    assert ours <= {"models", "bundles"}
    assert any(Path(p).is_relative_to(home / "audit") or p.endswith(".jsonl") for p in opened["after"])
    assert [r.kind for r in records(home / "audit")] == ["log.opened", "model.fetch"]
    assert list((tmp_path / "cache").rglob("heads.safetensors"))
    assert verify(home / "audit").state is State.SOUND
