"""Chinese surnames."""

from pathlib import Path

SURNAMES = "".join((Path(__file__).parent / "surnames.txt").read_text("utf-8").split())
"""Single-character surnames; nothing but characters, so it may stand in a character class."""

COMPOUND = "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|夏侯|令狐|端木|宇文|长孙"
"""Surnames of two characters, as alternatives of a pattern."""
