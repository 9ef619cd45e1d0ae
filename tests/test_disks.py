"""What is said of disks: file systems whose locks cannot be trusted."""

import sys
from pathlib import Path

import pytest

from reviewer import durable, system
from reviewer.cli import doctor, main

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
