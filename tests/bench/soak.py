"""Many reviews in one process: memory, threads and descriptors must stay as they are.

`python -m tests.bench.soak rules 10000` reviews without the engine, `full 1000` with index and language model; drafts
are the shortest precedents in any order. Everything is as in `reviewer check`: the process is sealed, every review goes
into the audit log. A tenth of the reviews is warm-up; after it no figure may rise by more than 5 % over the second
tenth. Every review is finished, and the second half's p95 is at most 10 % over the first half's.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from statistics import mean, quantiles

from reviewer.assemble import STAGES, Station, configure
from reviewer.audit import Log, State, verify
from reviewer.audit.events import reviewed, started
from reviewer.draft import Channel, Draft
from reviewer.finding import Stage
from reviewer.paths import Home, shipped
from reviewer.precedents import load_library
from reviewer.readers import from_text
from reviewer.reports.record import digest
from reviewer.seal import Part, seal
from reviewer.seal.environment import scrub
from reviewer.settings import Settings
from tests.bench import any_text
from tests.bench.wishes import judged

SLACK = 1.05
SLOWER = 1.10
SEED = 7
SAMPLES = 100
"""How often memory is looked at."""


def main(kind: str, count: int) -> int:
    """Run the soak; 0 when everything stayed as it was and the audit log is sound."""
    with tempfile.TemporaryDirectory() as place:
        home = Home(Path(place) / "home")
        if kind == "full":
            _build_index(home)
        scrub()
        seal(Part.FRONT)
        stages = STAGES if kind == "full" else (Stage.DETECT,)
        station = Station(configure(Settings(), home), stages, Settings().judge_timeout_s)
        try:
            return _soak(station, Log(home.audit), _drafts(kind, count), count)
        finally:
            station.engine.close()


def _build_index(home: Home) -> None:
    sample = shipped("index") / "sample"
    command = [
        sys.executable,
        "-m",
        "reviewer",
        "index",
        "build",
        str(sample),
        "--manifest",
        str(sample / "docs.jsonl"),
    ]
    subprocess.run(command, env={**os.environ, "REVIEWER_HOME": str(home.root)}, check=True, stderr=subprocess.DEVNULL)


def _drafts(kind: str, count: int) -> Iterator[Draft]:
    """The shortest precedents, shuffled, so that both halves are as long; without the engine every second draft is
    generated disorder.
    """
    texts = sorted((p.text for p in load_library((shipped("prompts") / "precedents",)).precedents), key=len)
    texts = texts[: count // 2 if kind == "rules" else count]
    rng = random.Random(SEED)
    rng.shuffle(texts)
    number = 0
    for text in cycle(texts):
        number += 1
        yield from_text(text, Channel.WECHAT_GROUP, str(number))
        if kind == "rules":
            number += 1
            yield from_text(any_text.draft(rng), Channel.WECHAT_GROUP, str(number))


def _soak(station: Station, log: Log, drafts: Iterator[Draft], count: int) -> int:
    seen: list[dict[str, int]] = []
    decisions: Counter[str] = Counter()
    took: list[float] = []
    begun = time.perf_counter()
    with log.run(started("soak")):
        for number, draft in zip(range(1, count + 1), drafts, strict=False):
            before = time.perf_counter()
            review = station.reviewer.review(draft)
            log.append(reviewed(draft, review, digest(review), "batch"))
            took.append(time.perf_counter() - before)
            decisions["unfinished" if review.unfinished else review.decision.value] += 1
            if number % max(1, count // SAMPLES) == 0:
                seen.append(_state(station.engine.pid))
    print(f"{count} reviews in {time.perf_counter() - begun:.0f} s, {dict(decisions)}, seed {SEED}")  # noqa: T201
    report = verify(log.folder)
    print(f"audit log: {report.seq} records, {report.state.name.lower()}")  # noqa: T201
    return judged(wishes(seen, took, decisions["unfinished"], report.state))


def wishes(seen: list[dict[str, int]], took: list[float], unfinished: int, log: State) -> dict[str, bool]:
    """What must hold of memory, threads and descriptors, of the seconds of each review, of the rest; and whether it
    does.
    """
    return {
        **{f"{name} within 5 %": _flat(name, [s[name] for s in seen]) for name in seen[0]},
        "p95 at most 10 % longer in the second half": _as_fast(took),
        "no review is unfinished": not unfinished,
        "the audit log is sound": log is State.SOUND,
    }


def _state(engine: int | None) -> dict[str, int]:
    """Resident memory in KiB and threads of both processes, descriptors of this one."""
    found = {f"front {k}": v for k, v in _status("self").items()}
    found |= {f"engine {k}": v for k, v in _status(str(engine)).items()} if engine else {}
    return {**found, "front descriptors": len(os.listdir("/proc/self/fd"))}


def _status(process: str) -> dict[str, int]:
    lines = (line.split() for line in Path(f"/proc/{process}/status").read_text().splitlines())
    return {words[0].rstrip(":"): int(words[1]) for words in lines if words[0] in ("VmRSS:", "Threads:")}


def _flat(name: str, values: list[int]) -> bool:
    """Whether nothing after the second tenth was more than 5 % above it."""
    tenth = len(values) // 10
    base, most = mean(values[tenth : 2 * tenth]), max(values[2 * tenth :])
    flat = most <= base * SLACK
    print(  # noqa: T201
        f"{name}: {base:.0f} in the second tenth, at most {most} later ({most / base - 1:+.1%}), "
        f"{values[-1]} at the end"
    )
    return flat


def _as_fast(took: list[float]) -> bool:
    """Whether the p95 of the second half of the seconds is at most 10 % over that of the first."""
    first, last = (quantiles(part, n=20)[-1] for part in (took[: len(took) // 2], took[len(took) // 2 :]))
    print(  # noqa: T201
        f"p95 of a review: {first * 1000:.1f} ms in the first half, {last * 1000:.1f} ms in the second "
        f"({last / first - 1:+.1%})"
    )
    return last <= first * SLOWER


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
