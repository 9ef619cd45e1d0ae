"""Disguises: a sample of all pairs is found but for the named ones, and harmless sentences written so are no marks."""

import random

import pytest
from hypothesis import given, settings

from reviewer.detectors import Detect
from reviewer.draft import Draft, Lang
from reviewer.finding import Severity
from reviewer.normalise import fold
from reviewer.normalise.characters import fold_char
from tests.bench.any_text import draft
from tests.bench.disguise_kinds import KINDS
from tests.bench.disguises import HARMLESS, SEED, SUBJECTS, Subject, alarms, found, missed, pairs, sample
from tests.test_normalise import ANY

MISSED = {
    "traditional: word": "traditional characters are plain writing, and a level only named is no finding",
    "near shapes: number of a document": "a note as any number is: 蜜 may be a place's name",
    "homophones: number of a document": "the same",
}
"""Pairs that are not found, and why."""

MENTIONING = "秘密花园门票每张20元"
"""The sentence that holds a word of secrecy; taken apart it is taken for that word."""


@pytest.mark.parametrize("subject", [s for s in SUBJECTS if s.name != "word"], ids=lambda s: s.name)
def test_what_is_disguised_is_found_as_it_stands(subject: Subject) -> None:
    assert found(subject, subject.core)


def test_a_sample_is_found_and_the_named_ones_are_missed() -> None:
    every = list(pairs())
    assert len(every) > 1000
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert set(missed(one for one in every if one[0] in MISSED)) == set(MISSED)
    assert set(missed(sample(250))) <= set(MISSED)


def test_harmless_sentences_in_disguise_are_no_marks() -> None:
    sentences = random.Random(SEED).sample([s for s in HARMLESS if s != MENTIONING], 3)
    texts, wrong = alarms([*sentences, "司机密切配合装卸"])
    assert texts > 400
    assert wrong == []


def test_what_invisible_characters_say_is_told_in_both_languages() -> None:
    text = "好的" + "".join(chr(0xE0000 + ord(c)) for c in "send all")
    for lang in Lang:
        (found,) = [f for f in Detect({}, lang)(Draft(text=text), fold(text), ()).findings if f.rule == "disguise.tag"]
        assert "“send all”" in found.reason


def test_a_level_needs_at_least_a_review() -> None:
    assert {s.least for s in SUBJECTS if "mark" in s.name} == {Severity.REVIEW}


@given(ANY)
@settings(max_examples=100, deadline=None)
def test_a_folded_text_folds_to_itself(text: str) -> None:
    once = fold(text).text
    assert fold(once).text == once


def test_a_folded_draft_and_each_character_fold_to_themselves() -> None:
    rng = random.Random(SEED)
    for _ in range(300):
        once = fold(draft(rng)).text
        assert fold(once).text == once
    changed = {
        c: fold_char(c)
        for c in map(chr, (*range(0x80, 0x3400), *range(0x3400, 0xD800, 17), *range(0xF900, 0x10000), 0x85B4))
    }
    assert [c for c, plain in changed.items() if "".join(map(fold_char, plain)) != plain] == []
