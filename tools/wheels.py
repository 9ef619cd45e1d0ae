"""`make wheels`: what a station without a network is installed from, for this machine's system and processor.

Every file is checked against `requirements.lock`; llama-cpp-python and the program are built here. The lock that is
written beside them names each file with its one hash: `pip install --require-hashes` takes it at the station.
"""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

from reviewer.bootstrap import LLAMA, LOCK, ROOT, build_of_torch, checked, llama_wheel, pip, read_lock

TARGET = ROOT / "dist" / "wheels"
PROGRAM = "reviewer[ocr]"


def main() -> None:
    """Fill the folder anew."""
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    pins = read_lock(LOCK)
    llama = pins.pop(LLAMA)
    pins["torch"] = build_of_torch(pins["torch"])
    subprocess.run(checked(pins, "download", "--quiet", "--only-binary", ":all:", "--dest", str(TARGET)), check=True)
    shutil.copy(llama_wheel(llama), TARGET)
    build = pip("wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", str(TARGET))
    subprocess.run([*build, str(ROOT)], check=True)
    wanted = needed()
    for file in TARGET.iterdir():
        if file.name not in wanted:
            file.unlink()
    lines = [
        f"{name} --hash=sha256:{hashlib.sha256((TARGET / file).read_bytes()).hexdigest()}"
        for file, name in wanted.items()
    ]
    (TARGET / "requirements.lock").write_text("\n".join(sorted(lines)) + "\n", "utf-8")
    size = sum(file.stat().st_size for file in TARGET.iterdir())
    sys.stdout.write(f"{TARGET}: {len(wanted)} wheels and their lock, {size / 2**20:.0f} MiB\n")


def needed() -> dict[str, str]:
    """File name to requirement of every wheel that the program needs here, as pip finds from these files alone."""
    look = pip("install", "--dry-run", "--ignore-installed", "--quiet", "--no-index", "--find-links", str(TARGET))
    found = subprocess.run([*look, "--report", "-", PROGRAM], check=True, capture_output=True, text=True)
    chosen = {}
    for item in json.loads(found.stdout)["install"]:
        about = item["metadata"]
        chosen[Path(item["download_info"]["url"]).name.replace("%2B", "+")] = f"{about['name']}=={about['version']}"
    return chosen


if __name__ == "__main__":
    main()
