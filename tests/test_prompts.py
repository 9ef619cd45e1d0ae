"""The words around what the model reads."""

from pathlib import Path

import pytest

from reviewer.errors import PromptError
from reviewer.paths import shipped
from reviewer.prompts import load_topic_frame
from reviewer.redact.search import fits

ASKED = 'instruction = "说出事项。"\nexample = "原句：{text}\\n事项：{topic}\\n\\n"\n'
EXAMPLE = '[[examples]]\ntext = "甲地要涨价"\ntopic = "涨价"\n'


def test_a_text_is_asked_about_in_the_form_of_the_examples(tmp_path: Path) -> None:
    (tmp_path / "topic.toml").write_text(ASKED + EXAMPLE, "utf-8")
    before, after = load_topic_frame(tmp_path).around
    assert before + "乙地要停水" + after == "说出事项。\n\n原句：甲地要涨价\n事项：涨价\n\n原句：乙地要停水\n事项："


def test_what_the_shipped_examples_answer_would_be_taken_over() -> None:
    for example in load_topic_frame(shipped("prompts")).examples:
        assert fits(example.topic, example.text), example.topic


@pytest.mark.parametrize(
    "words",
    [
        "",
        "example = ",
        ASKED,
        ASKED.replace("{text}", "") + EXAMPLE,
        ASKED.replace("{text}", "{text!r}") + EXAMPLE,
        ASKED.replace("topic}", "text}") + EXAMPLE,
    ],
)
def test_a_file_that_cannot_ask_is_refused(tmp_path: Path, words: str) -> None:
    (tmp_path / "topic.toml").write_text(words, "utf-8")
    with pytest.raises(PromptError, match=r"topic\.toml"):
        load_topic_frame(tmp_path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="does not load"):
        load_topic_frame(tmp_path)
