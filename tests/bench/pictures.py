"""The README's pictures, with the real models and the sample index: `python -m tests.bench.pictures`.

Writes `docs/block.svg` and `docs/pass.svg`. The station is a new one in a temporary folder; this process is sealed
as the screen's is.
"""

import asyncio
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from reviewer.assemble import STAGES, Station, configure
from reviewer.audit import Log
from reviewer.paths import Home
from reviewer.seal import Part, seal
from reviewer.seal.environment import scrub
from reviewer.settings import Settings
from reviewer.tui.app import ReviewerApp
from reviewer.tui.draft_pane import DraftPane
from tests.bench.session import build_sample
from tests.scripted import words

SIZE = (112, 30)
WAIT_S = 180
DRAFTS = {
    "block": (
        "各位家长：\n学区方案局长办公会还没上，滨江路以东拟划给三小，文件没出之前先别往外传。\n"
        "另外柳湾库9号、11号仓晚籼稻共计6840吨提前轮出，想要的抓紧联系。",
        "禁止发送",
    ),
    "pass": (
        "各位家长：周六上午九点亲子运动会，地点在学校操场，请穿运动鞋，自带水杯。雨天顺延，以班级群通知为准。",
        "可发送",
    ),
}


async def taken(name: str, home: Home, made: Station) -> str:
    """The screen once the draft's decision stands there. Raises `TimeoutError`."""
    text, decision = DRAFTS[name]
    screen = ReviewerApp(made, home, Log(home.audit))
    async with screen.run_test(size=SIZE) as pilot, asyncio.timeout(WAIT_S):
        while "模型：就绪" not in words(screen, "#status"):
            await pilot.pause(0.2)
        screen.query_one(DraftPane).write(text)
        while decision not in words(screen, "#decision"):
            await pilot.pause(0.2)
        await pilot.press("f2")
        await pilot.pause(1.0)
        return screen.export_screenshot(title=screen.title)


def main() -> None:
    """Make both."""
    docs = Path(__file__).parents[2] / "docs"
    with TemporaryDirectory() as folder:
        os.environ["REVIEWER_HOME"] = folder
        build_sample(folder)
        scrub()
        seal(Part.FRONT)
        home = Home.from_environment()
        home.remember_tour()
        made = Station(configure(Settings(), home), STAGES, WAIT_S)
        try:
            for name in DRAFTS:
                (docs / f"{name}.svg").write_text(asyncio.run(taken(name, home, made)), "utf-8")
        finally:
            made.engine.close()


if __name__ == "__main__":
    main()
