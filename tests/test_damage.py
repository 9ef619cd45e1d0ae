"""Flipped bits and cut files are told; `python -m tests.bench.damage every` tries every bit and every length."""

from pathlib import Path

import pytest

from tests.bench import damage


@pytest.mark.parametrize("what", damage.SUBJECTS)
def test_flipped_bits_and_cut_files_are_told(tmp_path: Path, what: str) -> None:
    subject = damage.SUBJECTS[what](tmp_path)
    assert damage.flips(subject, 80).tried == 80
    assert damage.cuts(subject, 50).tried == 50
