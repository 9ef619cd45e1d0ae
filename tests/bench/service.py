"""What a command takes from its start to its end on a draft of 300 characters: alone, and by the service.

`python -m tests.bench.service [ROUNDS]` in the station of `REVIEWER_HOME`, real models; no service may be running.
Prints seconds and whether both ways said the same.
"""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

SENTENCES = (
    "各位同事，本周五下午在二楼会议室开月度例会，请各科室提前整理好本月的工作情况，准时参加。",
    "会上通报近期消防检查结果，商量食堂就餐时间的调整，安排下月的值班表，请带好笔记本。",
    "工会组织的秋季健步走下周六上午在滨河公园举行，欢迎带家属报名，到工会办公室登记。",
    "近日气温下降，请大家注意保暖，出行注意安全；如遇下雨，活动顺延一周，另行通知。",
)
"""An invented draft."""
DRAFT = ("".join(SENTENCES) * 2)[:300]


def reviewer(*arguments: str) -> tuple[float, dict[str, object]]:
    """Run the program; seconds from start to end, and the review's JSON but its times."""
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "reviewer", *arguments], capture_output=True, check=False)
    elapsed = time.perf_counter() - started
    said = json.loads(done.stdout) if done.stdout else {}
    said.pop("timings_ms", None)
    if done.returncode not in (0, 10, 20):
        sys.exit(done.stderr.decode())
    return elapsed, said


def main() -> None:
    """Measure."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with TemporaryDirectory() as place:
        draft = Path(place) / "draft.txt"
        draft.write_text(DRAFT, "utf-8")
        check = ("check", "--format", "json", str(draft))
        cold = [reviewer(*check) for _ in range(rounds)]
        start, _ = reviewer("service", "start")
        try:
            warm = [reviewer(*check) for _ in range(rounds)]
            leases = subprocess.run(
                [sys.executable, "-m", "reviewer", "service", "status", "--format", "json"],
                capture_output=True,
                check=True,
            )
        finally:
            reviewer("service", "stop")
    used = json.loads(leases.stdout)["leases"]
    for name, runs in (("alone", cold), ("by the service", warm)):
        seconds = sorted(s for s, _ in runs)
        print(f"{name}: median {statistics.median(seconds):.1f} s, {seconds[0]:.1f} to {seconds[-1]:.1f} s")  # noqa: T201
    print(f"service ready after {start:.1f} s; {used} of {rounds} reviews came from it")  # noqa: T201
    print(f"the same: {all(said == cold[0][1] for _, said in (*cold, *warm))}")  # noqa: T201


if __name__ == "__main__":
    main()
