"""A whole session on a real terminal with the real models, as it was seen: `python -m tests.bench.session`.

Needs tmux and the sample index of `make run`; prints Markdown (`docs/session.md`). The station is a new one in a
temporary folder, the terminal 100 columns wide and 30 lines high.
"""

import os
import re
import shlex
import subprocess
import sys
import time
from dataclasses import dataclass
from tempfile import TemporaryDirectory

from reviewer.paths import shipped

WIDTH, HEIGHT = 100, 30
SERVER = "reviewer-session"
PROGRAM = (sys.executable, "-m", "reviewer")

LEAK = (
    "老同学们，跟你们说个事先别外传：市里正在研究把栎城西站片区的用地性质改成商业，下周三常委会上会，"
    "方案还没公开。我同事李晓舟（手机13800138000）在起草组，想买房的抓紧。"
)
VISIT = "严县长后天上午十点到青石坪看水库，不打招呼，坝上的车都挪走，别跟人说。大家这几天把值班记录补齐，周五交给我。"
PROMPT = "请把要点写成通知：柳湾镇夏季错峰用电名单共十七家企业，九月起执行。"
ANSWER = "柳湾镇夏季错峰用电名单共十七家企业，九月起执行。依据柳政办〔2025〕88号和《保守国家秘密法》第九十条办理。"
HARMLESS = "各位家长，明天下午三点在学校操场举行秋季运动会，请给孩子带好水杯，穿运动鞋。"


@dataclass(frozen=True, slots=True)
class Step:
    """What a person does, and the words on the screen that end the wait."""

    said: str
    until: str
    keys: tuple[str, ...] = ()
    paste: str = ""
    at_most_s: float = 60.0


STEPS = (
    Step("`reviewer` is started for the first time: three steps, of which this is the first.", "1/3"),
    Step("`Esc` closes them; the models load in the background.", "还没有草稿", ("Escape",)),
    Step(
        "A draft is pasted. Once typing stops the rules look at once, then index and model, by themselves.",
        "违规概率",
        (),
        LEAK,
    ),
    Step("`F2` selects the next finding: its words, its clause, why, and what to do.", "pi 不得", ("F2",)),
    Step("`F10`: every clause's probability, the nearest precedents, what nearly fired.", r"Esc\s关闭", ("F10",)),
    Step(
        "`Esc`, then `F3`: the judge tries variants, then the smallest change is suggested.",
        "第 1 轮",
        ("Escape", "F3"),
    ),
    Step("`A` accepts all; the draft is checked again by itself.", "可发送|没有更多改法|第 [2-9] 轮", ("a",)),
    Step("`Esc` goes back with the changes.", "发现的问题", ("Escape",)),
    Step("`Ctrl+L` clears it; another one is pasted.", "违规概率", ("C-l",), VISIT),
    Step("`F3`: what is suggested here.", "第 1 轮", ("F3",)),
    Step("`A`: the draft is checked again.", "可发送|没有更多改法", ("a",), at_most_s=120.0),
    Step("`Esc` goes back with the changes.", "发现的问题", ("Escape",)),
    Step("`F6`: the same draft by every channel.", r"公开发布\s+(?:可发送|须送审|禁止发送)", ("F6",), at_most_s=120.0),
    Step("`Esc`, then `F9`: a wrong verdict would be reported here.", "判错了？", ("Escape", "F9")),
    Step("`Esc`, then `F8`: what was checked since the start.", "本次打开以来", ("Escape", "F8")),
    Step("`Esc`, `Ctrl+L` clears it; a harmless draft is pasted.", "可发送", ("Escape", "C-l"), HARMLESS),
    Step("`Ctrl+Y` copies what passed.", "已交给终端", ("C-y",)),
    Step("`F7`: an AI tool's answer beside its prompt; the prompt is pasted,", "请把要点", ("F7",), PROMPT),
    Step("`Tab`, the answer,", "柳湾镇夏季.*柳湾镇夏季", ("Tab",), ANSWER),
    Step("`F5`: what comes from the prompt, what is new, numbers and citations.", "来自提问", ("F5",), at_most_s=120.0),
    Step("`Esc`, `Ctrl+Q` asks, because the draft is saved nowhere.", "确定退出", ("Escape", "C-q")),
)


def tmux(*arguments: str, text: str | None = None) -> str:
    """What a tmux command prints."""
    done = subprocess.run(["tmux", "-L", SERVER, *arguments], input=text, capture_output=True, text=True, check=True)
    return done.stdout


def seen() -> str:
    """The screen as text."""
    return "\n".join(line.rstrip() for line in tmux("capture-pane", "-p", "-t", "0").splitlines()).rstrip()


def wait(until: str, at_most_s: float) -> tuple[str, float]:
    """The screen once the words stand there and nothing moves for a second, and the seconds until then."""
    started, last, since = time.monotonic(), "", 0.0
    while time.monotonic() - started < at_most_s:
        now = seen()
        if now != last:
            last, since = now, time.monotonic()
        if re.search(until, now) and time.monotonic() - since > 1.0:
            return now, since - started
        time.sleep(0.1)
    sys.exit(f"never came: {until}\n{last}")


def act(step: Step) -> None:
    """Press the keys and paste the text of a step."""
    for key in step.keys:
        tmux("send-keys", "-t", "0", key)
        time.sleep(0.3)
    if step.paste:
        tmux("load-buffer", "-", text=step.paste)
        tmux("paste-buffer", "-p", "-t", "0")


def build_sample(home: str) -> None:
    """The sample index in the station of that folder. Raises `CalledProcessError`."""
    sample = shipped("index") / "sample"
    build = ["index", "build", str(sample), "--manifest", str(sample / "docs.jsonl")]
    subprocess.run([*PROGRAM, *build], check=True, capture_output=True, env={**os.environ, "REVIEWER_HOME": home})


def main() -> None:
    """Run the session and print it."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as home:
        build_sample(home)
        command = shlex.join(["env", f"REVIEWER_HOME={home}", "TERM=xterm-256color", *PROGRAM])
        subprocess.run(
            ["tmux", "-L", SERVER, "-f", os.devnull, "new-session", "-d", "-x", str(WIDTH), "-y", str(HEIGHT), command],
            check=True,
        )
        try:
            print(HEAD)  # noqa: T201
            for number, step in enumerate(STEPS, 1):
                act(step)
                screen, seconds = wait(step.until, step.at_most_s)
                print(f"{number}. {step.said} ({seconds:.1f} s)\n\n```text\n{screen}\n```\n")  # noqa: T201
            act(Step("", "", ("y",)))
        finally:
            subprocess.run(["tmux", "-L", SERVER, "kill-server"], check=False, capture_output=True)


HEAD = f"""# A session, as it was seen

Printed by `python -m tests.bench.session`: a new station with the sample index, the real models, a real terminal of
{WIDTH} by {HEIGHT} cells (colours are lost; the README has pictures). Seconds are those from the key to a
screen that stands still, on 2 cores. Everything in it is invented.
"""


if __name__ == "__main__":
    main()
