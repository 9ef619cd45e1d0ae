"""What is said of disks: file systems whose locks cannot be trusted, and swap that can be read."""

import json
import os
import sys
from pathlib import Path

import pytest

from reviewer import durable, system
from reviewer.cli import disks, doctor, main
from reviewer.system.swap import Swap, device, swaps

NFS, SSHFS, P9, EXT4 = 0x6969, 0x65735546, 0x01021997, 0xEF53


@pytest.mark.skipif(sys.platform != "linux", reason="statfs of Linux")
def test_the_file_system_is_what_the_kernel_says(tmp_path: Path) -> None:
    assert system.file_system(Path("/proc")) == 0x9FA0
    assert system.file_system(tmp_path) != 0x9FA0
    with pytest.raises(FileNotFoundError):
        system.file_system(tmp_path / "none")


@pytest.mark.parametrize(
    ("number", "name"),
    [(NFS, "NFS"), (0xFF534D42, "CIFS"), (0xFE534D42, "SMB"), (SSHFS, "FUSE"), (P9, "9p"), (EXT4, ""), (None, "")],
)
def test_a_network_file_system_is_told_by_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int | None, name: str
) -> None:
    asked: list[Path] = []
    monkeypatch.setattr(system, "file_system", lambda path: asked.append(path) or number)
    assert durable.unreliable(tmp_path / "not" / "yet" / "store.db") == name
    assert asked == [tmp_path]


def test_a_file_system_that_cannot_be_asked_is_no_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> int:
        raise PermissionError

    monkeypatch.setattr(system, "file_system", refuse)
    assert durable.unreliable(tmp_path) == ""


def test_doctor_tells_of_shared_disks(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "_seals", lambda config: ([], []))
    for number, told in ((EXT4, 0), (NFS, 2)):
        monkeypatch.setattr(system, "file_system", lambda path, number=number: number)
        main(["doctor"], standalone_mode=False)
        warned = [line for line in capsys.readouterr().out.splitlines() if "的锁不可靠" in line]
        assert len(warned) == told
        assert all(line.startswith("注意 / WARNING") for line in warned)
    assert "store.db 在 NFS 上" in warned[0]
    assert "audit 在 NFS 上" in warned[1]


def test_a_real_swap_file_lies_on_the_device_of_its_file(tmp_path: Path) -> None:
    file = tmp_path / "swap"
    file.touch()
    number = os.stat(file).st_dev
    assert device(str(file), whole=False) == f"{os.major(number)}:{os.minor(number)}"


def machine(root: Path, *lines: str) -> Path:
    """A system with this swap; its devices are encrypted, on an encrypted one, plain, zram with a disk and without."""
    (root / "proc").mkdir()
    (root / "proc/swaps").write_text(
        "Filename\t\tType\t\tSize\t\tUsed\t\tPriority\n" + "".join(f"{n}\n" for n in lines)
    )
    made = {"8:1": "sda1", "8:2": "sda2", "253:0": "dm-0", "253:1": "dm-1", "253:2": "dm-2", "253:3": "dm-3"}
    made |= {"254:0": "zram0", "254:1": "zram1"}
    for number, name in made.items():
        block = root / "sys/devices" / name
        (block / "slaves").mkdir(parents=True)
        (root / "sys/dev/block").mkdir(parents=True, exist_ok=True)
        (root / "sys/dev/block" / number).symlink_to(block)
    for name, uuid, below in (
        ("dm-0", "CRYPT-LUKS2-0a1b-system", "sda2"),
        ("dm-1", "LVM-x", "dm-0"),
        ("dm-2", "LVM-y", "sda1"),
        ("dm-3", "CRYPT-VERITY-z", "sda1"),
    ):
        block = root / "sys/devices" / name
        (block / "dm").mkdir()
        (block / "dm/uuid").write_text(uuid + "\n")
        (block / "slaves" / below).symlink_to(root / "sys/devices" / below)
    (root / "sys/devices/zram0/backing_dev").write_text("none\n")
    (root / "sys/devices/zram1/backing_dev").write_text("/dev/sda1\n")
    return root


NUMBERS = {"/dev/sda1": "8:1", "/dev/sda2": "8:2", "/swap file": "253:1", "/dev/zram0": "254:0", "/dev/zram1": "254:1"}
NUMBERS |= {f"/dev/dm-{n}": f"253:{n}" for n in range(4)} | {"/swapfile": "0:42"}


@pytest.mark.parametrize(
    ("line", "name", "sealed"),
    [
        ("/dev/dm-0 partition 9 0 -2", "/dev/dm-0", True),
        ("/dev/dm-1 partition 9 0 -2", "/dev/dm-1", True),
        ("/swap\\040file file 9 0 -2", "/swap file", True),
        ("/dev/zram0 partition 9 0 100", "/dev/zram0", True),
        ("/dev/zram1 partition 9 0 100", "/dev/zram1", False),
        ("/dev/sda1 partition 9 0 -2", "/dev/sda1", False),
        ("/dev/dm-2 partition 9 0 -2", "/dev/dm-2", False),
        ("/dev/dm-3 partition 9 0 -2", "/dev/dm-3", False),
        ("/swapfile file 9 0 -2", "/swapfile", False),
        ("/gone file 9 0 -2", "/gone", False),
    ],
)
def test_swap_is_sealed_only_where_that_is_seen(tmp_path: Path, line: str, name: str, sealed: bool) -> None:
    def number(name: str, *, whole: bool) -> str:
        if name not in NUMBERS:
            raise FileNotFoundError(name)
        assert whole == name.startswith("/dev/")
        return NUMBERS[name]

    assert swaps(machine(tmp_path, line), number) == (Swap(name, sealed),)


def test_no_swap_and_a_system_that_does_not_tell(tmp_path: Path) -> None:
    assert swaps(tmp_path) is None
    assert swaps(machine(tmp_path)) == ()


@pytest.mark.parametrize(
    ("found", "state", "warned"),
    [
        (None, "unknown", False),
        ((), "none", False),
        ((Swap("/dev/dm-0", True),), "encrypted or in memory", False),
        ((Swap("/dev/dm-0", True), Swap("/dev/sda2", False)), "NOT ENCRYPTED: /dev/sda2", True),
    ],
)
def test_doctor_tells_of_swap(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    found: tuple[Swap, ...] | None,
    state: str,
    warned: bool,
) -> None:
    monkeypatch.setattr(disks.swap, "swaps", lambda: found)
    monkeypatch.setattr(doctor, "_seals", lambda config: ([], []))
    main(["doctor", "--format", "json"], standalone_mode=False)
    said = json.loads(capsys.readouterr().out)
    assert said["swap"] == state
    main(["doctor"], standalone_mode=False)
    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith("注意") and "交换区" in line]
    assert len(told) == len([w for w in said["warnings"] if "交换区" in w]) == warned
    assert all("/dev/sda2" in line and "/dev/dm-0" not in line for line in told)
