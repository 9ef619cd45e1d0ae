"""The same drafts over and over, by new engines and warm ones, with 1, 2 and 8 threads.

`python -m tests.bench.determinism 20`: each thread count reads every draft that often, in an order of its own, its runs
shared by some engines; reviews are compared in everything but their times (`reviewer.reports.record.digest`).
"""

import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from click.testing import CliRunner

from reviewer.assemble import STAGES, Config, Station, configure
from reviewer.cli.index import command as index
from reviewer.draft import Channel
from reviewer.engine import Engine
from reviewer.paths import Home, shipped
from reviewer.readers import from_text
from reviewer.reports.record import digest
from reviewer.settings import Settings
from reviewer.verdict import Review

SEED = 20261128
THREADS = (1, 2, 8)
ENGINES = 4
"""How many engines share the runs of one thread count."""
DRAFTS = {
    "judged": "各位家长，内部消息：学区划分方案局长办公会还没上，滨江路以东拟划给三小，文件没出之前先别往外传。",
    "harmless": "周末大扫除，记得把窗户也擦一下，晚饭我来做，想吃红烧鱼还是糖醋排骨？",
    "marked": "机密★20年\n关于调整栎城区地下管廊维护轮值的方案\n请各科室今天下班前报送名单。",
    "copied": "听说柳湾库9号、11号仓晚籼稻共计6840吨提前至7月18日起轮出，底价2610元，你先联系好车。",
}


def station(home: Path) -> Config:
    """The configuration of a station with the sample index."""
    sample = shipped("index") / "sample"
    arguments = ["build", str(sample), "--manifest", str(sample / "docs.jsonl"), "--store", str(home / "store.db")]
    done = CliRunner().invoke(index, [*arguments, "--key-file", str(home / "index.key")])
    assert done.exit_code == 0, done.output
    return configure(Settings(key_file=home / "index.key"), Home(home), home / "store.db")


def reviews(config: Config, threads: int, names: Sequence[str]) -> Iterator[tuple[str, Review]]:
    """Each named draft reviewed by one engine of so many threads."""
    os.environ["OMP_NUM_THREADS"] = str(threads)
    made = Station(config, STAGES, 600.0)
    try:
        for name in names:
            done = made.reviewer.review(from_text(DRAFTS[name], Channel.WECHAT_GROUP))
            assert not done.unfinished, done.unfinished
            yield name, done
    finally:
        made.engine.close()


def run(config: Config, times: int, threads: Sequence[int] = THREADS) -> Iterator[tuple[int, str, str]]:
    """(threads, draft, digest) of every review."""
    Engine.worker = "tests.threaded_worker"
    for count in threads:
        order = list(DRAFTS) * times
        random.Random(SEED + count).shuffle(order)
        share = -(-len(order) // ENGINES)
        for start in range(0, len(order), share):
            for name, done in reviews(config, count, order[start : start + share]):
                yield count, name, digest(done)


def main(times: int) -> None:
    """Print how many different reviews there were of each draft."""
    with tempfile.TemporaryDirectory() as place:
        seen: dict[tuple[str, int], list[str]] = {}
        begun = time.perf_counter()
        for threads, name, said in run(station(Path(place)), times):
            seen.setdefault((name, threads), []).append(said)
        for name in DRAFTS:
            counts = ", ".join(f"{t} threads {len(seen[name, t])} reviews {len(set(seen[name, t]))}" for t in THREADS)
            every = {said for t in THREADS for said in seen[name, t]}
            sys.stdout.write(f"{name}: {counts} different; {len(every)} different in all\n")
        sys.stdout.write(f"{ENGINES} engines of each, seed {SEED}, {time.perf_counter() - begun:.0f} s\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
