"""What decided a review, by name: the keys of its record and the seal in the words of one language."""

import re
from collections.abc import Iterator

from reviewer.draft import Lang
from reviewer.seal import Part
from reviewer.seal.words import part_name
from reviewer.verdict import Review

NAMES = {
    "rules": "规则",
    "precedents": "先例",
    "model": "判读模型",
    "embedder": "向量模型",
    "heads": "判读部件",
    "prompts": "提示词",
    "index": "密件索引",
    "seal": "断网",
}
"""Keys of `Review.versions` in Chinese; any other stands as it is."""

SEALED = re.compile(rf"\b({'|'.join(Part)}): the kernel refused (\d+) of (\d+) ways out(?:; )?")
"""A process in what `reviewer.seal.words.summary` writes into a record."""


def versions(review: Review, lang: Lang) -> Iterator[tuple[str, str]]:
    """Each with its name, in the record's order."""
    for key, value in review.versions.items():
        yield lang.pick(NAMES.get(key, key), key), lang.pick(_seal(value), value) if key == "seal" else value


def _seal(said: str) -> str:
    """The record's words in Chinese."""
    return SEALED.sub(_process, said).removesuffix("；").replace("NOT ENFORCED", "没有断网（NOT ENFORCED）")


def _process(match: re.Match[str]) -> str:
    return f"{part_name(Part(match[1]), Lang.ZH)}：{match[3]} 条出路，内核拒绝了 {match[2]} 条；"
