"""Installing and updating a station without a network, as `docs/air-gapped.md` says: `python -m tests.bench.station`.

The commands are taken from the page; `make wheels` must have run. The station's run in a network namespace with nothing
in it, with a home of their own and the plain Python this environment was made with.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from reviewer.paths import PACKAGE, cache

ROOT = PACKAGE.parent
PAGE = ROOT / "docs" / "air-gapped.md"
BLOCK = re.compile(r"<!-- (office|station) -->\n```console\n(.*?)```", re.DOTALL)
DOCUMENT = "机密★20年\n栎城区地下管廊三号舱自九月起改由夜班巡检，每班六人，进舱前在东井口登记。\n"
STOCK = "机密★10年\n柳湾库9号、11号仓晚籼稻共计6840吨提前至7月18日起轮出，底价每吨2610元，由甲乙两公司竞买。\n"
RETYPED = "听说柳湾库9号、11号仓晚籼稻共计6840吨提前至7月18日起轮出，底价2610元，你先联系好车。\n"
PRECEDENT = json.dumps({
    "id": "office-1", "channel": "wechat-group", "text": "今天食堂提前半小时开饭，吃完再走。",
    "verdict": "pass", "reason": "日常安排。",
}) + "\n"  # fmt: skip
WITHOUT_NETWORK = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--net"]


def commands() -> Iterator[tuple[str, str, int]]:
    """Place, command and wanted exit status of every line to run, in order."""
    for place, block in BLOCK.findall(PAGE.read_text("utf-8")):
        for line in block.splitlines():
            command, _, comment = line.removeprefix("$ ").partition("   #")
            status = re.search(r"exit status (\d+)", comment)
            yield place, command.strip(), int(status[1]) if status else 0


def own_pack(title: str) -> str:
    """A pack of the organisation's own with one invented clause."""
    words = dict.fromkeys(("title", "wording", "explain", "advice", "title_en", "explain_en", "advice_en"), title)
    clause = "".join(f"{name} = {json.dumps(text)}\n" for name, text in words.items())
    head = "".join(f"{name} = {json.dumps(title)}\n" for name in ("title", "title_en", "source"))
    return f'id = "own"\n{head}\n[[clause]]\nid = "own-1"\nverbatim = false\nseverity = "review"\n{clause}'


def prepare(place: Path) -> dict[str, dict[str, str]]:
    """Homes of both sides; the environment of each."""
    office, station = place / "office", place / "station"
    for folder in ("packs", ".cache", "documents", "precedents"):
        (office / folder).mkdir(parents=True)
    for folder in ("documents", "home"):
        (station / folder).mkdir(parents=True)
    (office / ".cache" / "reviewer").symlink_to(cache())
    pack = (PACKAGE / "packs" / "trade-secrets.toml").read_text("utf-8")
    (office / "packs" / "trade-secrets.toml").write_text(
        pack.replace('title = "商业秘密"', 'title = "商业秘密（新）"', 1)
    )
    (office / "documents" / "stock.txt").write_text(STOCK, "utf-8")
    (office / "precedents" / "office.jsonl").write_text(PRECEDENT, "utf-8")
    (station / "documents" / "shift.txt").write_text(DOCUMENT, "utf-8")
    (station / "retyped.txt").write_text(RETYPED, "utf-8")
    (station / "home").chmod(0o700)
    plain = f"{Path(sys.base_prefix) / 'bin'}:/usr/bin:/bin"
    shared = {
        "MEDIUM": str(place / "medium"),
        "PHRASE": "known to both",
        "REVIEWER_SIGNING_PASSPHRASE": "not a secret",
        "LANG": "C.UTF-8",
    }
    return {
        "office": {**shared, "HOME": str(office), "PATH": f"{Path(sys.executable).parent}:{plain}"},
        "station": {**shared, "HOME": str(station), "PATH": plain, "REVIEWER_HOME": str(station / "home")},
    }


def trust(keys: list[str], home: Path) -> None:
    """What the officer writes."""
    signers = "".join(f'\n[[signer]]\nname = "{name}"\n{key}\n' for name, key in zip(("anna", "bo"), keys, strict=True))
    (home / "trust.toml").write_text(f'station = "station-1"\n{signers}')
    (home / "trust.toml").chmod(0o600)


def main() -> int:
    """Run the page; 0 when every command ended as the page says."""
    place = Path(tempfile.mkdtemp(prefix="station-"))
    begun = time.monotonic()
    try:
        environments, keys, ok = prepare(place), [], True
        for side, command, wanted in commands():
            if command.startswith("export PATH="):
                environments[side]["PATH"] = f"{place / side / 'reviewer' / 'bin'}:{environments[side]['PATH']}"
                continue
            started = time.monotonic()
            done = subprocess.run(
                [*(WITHOUT_NETWORK if side == "station" else []), "bash", "-c", command],
                cwd=ROOT if side == "office" else place / side, env=environments[side],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            made = [line for line in done.stdout.splitlines() if line.startswith('key = "')]
            keys += made
            if made and len(keys) == 2:
                trust(keys, place / "station" / "home")
            right = done.returncode == wanted
            ok = ok and right
            said = "" if right else f"\n{done.stdout}{done.stderr}"
            print(f"{side:8}{time.monotonic() - started:7.1f} s  {done.returncode}  {command}{said}", flush=True)  # noqa: T201
        print(f"{'as the page says' if ok else 'NOT as the page says'}; {time.monotonic() - begun:.0f} s")  # noqa: T201
        return 0 if ok else 1
    finally:
        shutil.rmtree(place)


if __name__ == "__main__":
    sys.exit(main())
