"""Every string of tests/hostile.toml in every part of the screen, one part after the other, each string in each.

`python -m tests.bench.hostile_screens 1` takes all of them, `20` one of twenty. The real screen runs in this process,
and what it sends to its terminal is read. Nothing but sequences of ours may be sent, and what stands around each string
must.
"""

import asyncio
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from unittest import mock

from textual.app import App

from reviewer.tui.app import ReviewerApp
from tests.bench.screen_parts import PARTS
from tests.bench.wishes import judged
from tests.hostile import sample, tag
from tests.scripted import app, engine
from tests.terminals import untamed

SIZE = (120, 40)


class Wire:
    """What a screen sends to its terminal."""

    def __init__(self, screen: ReviewerApp) -> None:
        self.sent: list[str] = []
        assert screen._driver is not None
        screen._driver.write = self.sent.append  # type: ignore[method-assign]
        screen.refresh(repaint=True, layout=True)


@contextlib.contextmanager
def painting() -> Iterator[None]:
    """A screen that is driven by a pilot paints as on a terminal."""
    with mock.patch.object(App, "is_headless", property(lambda _: False)):
        yield


async def through(name: str, texts: Mapping[int, str], place: Path) -> str:
    """A line about a part. Raises `AssertionError` where it sends what is not ours, or does not show a string."""
    used = time.process_time()
    screen = app(place, override=True)
    engine(screen).go.set()
    async with screen.run_test(size=SIZE, notifications=True) as pilot:
        with painting():
            wire = Wire(screen)
            await PARTS[name](pilot, screen, list(texts.values()))
            assert screen.is_running
    painted = "".join(wire.sent)
    bad = untamed(painted)
    assert not bad, (name, [ascii(b) for b in bad[:5]])
    missing = [n for n in texts if tag(n) not in painted]
    assert not missing, (name, len(missing), [ascii(texts[n]) for n in missing[:9]])
    return f"{name}: {len(texts)} strings, {len(painted)} characters painted, {time.process_time() - used:.0f} s"


def main(every: int, names: Sequence[str]) -> int:
    """One string of `every`, in the parts of those names or all; the exit status says whether each part is in order."""
    texts, met = sample(every), dict[str, bool]()
    with tempfile.TemporaryDirectory() as place:
        os.environ["REVIEWER_HOME"] = place
        for name in names or PARTS:
            met[name] = True
            try:
                said = asyncio.run(through(name, texts, Path(place) / name))
            except AssertionError as exc:
                met[name] = False
                said = f"{name}: {exc!a}"
            sys.stdout.write(f"{said}\n")
            sys.stdout.flush()
    return judged(met)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
