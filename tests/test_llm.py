"""What can go wrong in the language model ends as the right error, and as an unfinished review: never as a pass."""

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from reviewer.assemble import Config, configure
from reviewer.decide import decide
from reviewer.draft import Channel, Draft, Lang
from reviewer.errors import Cancelled, ModelError
from reviewer.finding import Stage
from reviewer.judge import Judge
from reviewer.judge.attention import Floats
from reviewer.judge.cases import Cases
from reviewer.later import Later
from reviewer.llm import LlamaModel
from reviewer.paths import Home
from reviewer.prefix_cache import CHUNK, LEAST
from reviewer.reading import Reading, Rows
from reviewer.resources import Resources
from reviewer.review import Reviewer
from reviewer.settings import Settings
from reviewer.verdict import Decision, Review, StageResult
from tests.conftest import HashEmbedder
from tests.fake_llama import ROW, FakeLlama, installed
from tests.judging import Clause, heads

TEXT = "明天食堂改吃包子和小米粥"
SIZE = HashEmbedder.dimension

Make = Callable[..., LlamaModel]


@pytest.fixture
def llama() -> FakeLlama:
    """A library without a fault."""
    return FakeLlama()


@pytest.fixture
def make(llama: FakeLlama) -> Iterator[Make]:
    """Models over it."""
    with installed(llama) as made:
        yield made


@pytest.fixture
def config(home: Path) -> Config:
    """A station's configuration without a place for weights."""
    return configure(Settings(), Home(home)).model_copy(update={"models": ()})


class Unsound(HashEmbedder):
    """An embedder one of whose values is none."""

    def __init__(self, value: float) -> None:
        self._value = value

    def encode(self, texts: object) -> Floats:
        """(n, 64), one value of each as given."""
        vectors = super().encode(texts)  # type: ignore[arg-type]
        vectors[:, 3] = self._value
        return vectors


def reading_of(model: LlamaModel, config: Config, embedder: HashEmbedder | None = None) -> Reading:
    """How the model reads, beside an embedder."""
    return Reading(Rows(model, config), embedder or HashEmbedder())  # type: ignore[arg-type]


def judge(read: Reading) -> Judge:
    """A judge to whom nothing is suspicious, unless reading says so."""
    nobody = Cases((), np.zeros((0, SIZE), np.float32))
    return Judge(read, heads(-3.0, ROW, SIZE), ["wx-1"], {"wx-1": Clause()}, nobody, Lang.ZH)


def reviewed(runner: Callable[..., StageResult], text: str = TEXT) -> Review:
    """A review by the judge alone."""
    return Reviewer({Stage.JUDGE: runner}, dict).review(Draft(text=text))


def unfinished(review: Review) -> str:
    """Why the judge of a review that does not pass is unfinished."""
    (why,) = review.unfinished
    assert (why.stage, review.decision, review.examined) == (Stage.JUDGE, Decision.REVIEW, ())
    return why.reason


def test_without_a_fault_a_harmless_draft_passes(make: Make, config: Config) -> None:
    done = reviewed(judge(reading_of(make(), config)))
    assert (done.decision, done.unfinished, done.examined) == (Decision.PASS, (), ((0, len(TEXT)),))


def test_a_core_is_left_to_other_work_only_while_asked(
    llama: FakeLlama, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    for cores, left in ((8, 7), (1, 1)):
        monkeypatch.setattr("reviewer.llm.cores", lambda cores=cores: cores)
        model = make()
        assert llama.threads == (cores, cores)
        with model.leaving_a_core():
            assert llama.threads == (left, left)
        assert llama.threads == (cores, cores)


def test_what_was_glanced_at_is_not_evaluated_again(llama: FakeLlama, make: Make) -> None:
    model, prefix, draft, between = make(), list(range(30)), list(range(100, 140)), list(range(200, 210))
    assert model.read_once(prefix, draft).shape == (40, ROW)
    assert model.read_twice(prefix, draft, between).shape == (2, 40, ROW)
    assert llama.evaluated == [30 + 40, 10 + 40]
    with pytest.raises(ModelError, match="empty text"):
        model.read_once(prefix, [])


def test_what_an_earlier_text_begins_with_is_reused(llama: FakeLlama, make: Make) -> None:
    model = make()
    draft = list(range(2 * CHUNK + 50))
    model.read_once([], draft)
    assert llama.evaluated == [CHUNK, CHUNK, 50]
    for changed, evaluated in (
        ([*draft[:-1], 0], [LEAST]),
        ([*draft, 1, 2, 3], [LEAST]),
        ([*draft[:200], 0, *draft[201:]], [len(draft) - 200]),
        (draft[:150], []),
        (draft[:140], []),
        ([*draft[:140], *range(900, 900 + CHUNK + 5)], [CHUNK - LEAST + 5, LEAST]),
    ):
        llama.evaluated.clear()
        assert model.read_once([], changed).shape == (len(changed), ROW)
        assert llama.evaluated == evaluated


def test_what_too_few_tokens_were_evaluated_for_is_not_reused(llama: FakeLlama, make: Make) -> None:
    """Other kernels evaluate them: they differ in the last bits from what a longer text would have there."""
    model = make()
    model.read_once([], range(LEAST - 1))
    model.read_once([], range(LEAST + 1))
    assert llama.evaluated == [LEAST - 1, LEAST + 1]


def test_what_was_evaluated_before_a_cancel_is_kept_and_what_is_no_number_is_not(llama: FakeLlama, make: Make) -> None:
    model = make()
    llama.before = lambda: model.cancel() if llama.evaluated else None
    with pytest.raises(Cancelled):
        model.read_once([], range(2 * CHUNK))
    llama.before = lambda: None
    model.ready()
    llama.state = np.nan
    with pytest.raises(ModelError, match="not finite"):
        model.read_once([], range(2 * CHUNK))
    assert llama.evaluated == [CHUNK, CHUNK, CHUNK]
    llama.state = 0.0
    model.read_once([], range(2 * CHUNK))
    assert llama.evaluated == [CHUNK] * 5


class Counting(HashEmbedder):
    """An embedder that counts what it is asked for."""

    asked = 0

    def encode(self, texts: Sequence[str]) -> Floats:
        """(n, 64)."""
        self.asked += len(texts)
        return super().encode(texts)


def test_a_draft_that_is_not_plain_is_embedded_once(make: Make, config: Config) -> None:
    embedder = Counting()
    assert reviewed(judge(reading_of(make(), config, embedder))).decision is Decision.PASS
    assert embedder.asked == 1


def test_known_drafts_are_glanced_at_without_being_read_again(llama: FakeLlama, make: Make, config: Config) -> None:
    reading = reading_of(make(), config)
    reading.rows.remember([(TEXT, Channel.EMAIL)], [(TEXT, Channel.MOMENTS)])
    count = len(llama.evaluated)
    glance, read = reading.once(TEXT, Channel.EMAIL), reading(TEXT, Channel.EMAIL)
    reading.once(TEXT, Channel.MOMENTS)
    assert len(llama.evaluated) == count
    np.testing.assert_array_equal(glance.rows, read.rows[0])
    np.testing.assert_array_equal(glance.embedding, read.embedding)
    reading(TEXT, Channel.MOMENTS)
    assert len(llama.evaluated) > count


def test_states_that_are_no_numbers(llama: FakeLlama, make: Make, config: Config) -> None:
    model = make()
    for state in (np.nan, np.inf, -np.inf):
        llama.state = state
        with pytest.raises(ModelError, match="hidden state is not finite"):
            model.read_twice([1], [2, 3], [4])
        reading = reading_of(model, config)
        assert "hidden state is not finite" in unfinished(reviewed(judge(reading)))


def test_states_too_large_to_be_weighed(llama: FakeLlama, make: Make, config: Config) -> None:
    """Each is a number; their sum is none."""
    llama.state = 3e38
    with np.errstate(over="ignore", invalid="ignore"):
        done = reviewed(judge(reading_of(make(), config)))
    assert "what was read of the text is not finite" in unfinished(done)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_an_embedding_that_is_no_number(make: Make, config: Config, value: float) -> None:
    reading = reading_of(make(), config, Unsound(value))
    with pytest.raises(ModelError, match="what was read of the text is not finite"):
        reading(TEXT, Channel.EMAIL)
    assert "what was read of the text is not finite" in unfinished(reviewed(judge(reading)))


def test_a_context_too_small(make: Make, config: Config) -> None:
    reading = reading_of(make(context=200), config)
    with pytest.raises(ModelError, match="do not fit the context of 200"):
        reading(TEXT, Channel.EMAIL)
    assert "do not fit the context of 200" in unfinished(reviewed(judge(reading)))


def test_what_fits_only_once_is_not_glanced_at(make: Make, config: Config, llama: FakeLlama) -> None:
    reading = reading_of(make(), config)
    text = TEXT * (3000 // len(TEXT.encode()))
    with pytest.raises(ModelError, match="do not fit the context of 4096"):
        reading.once(text, Channel.EMAIL)
    assert llama.evaluated == []


@pytest.mark.parametrize("code", [1, -1, -3])
def test_an_evaluation_that_fails(llama: FakeLlama, make: Make, config: Config, code: int) -> None:
    reading = reading_of(make(), config)
    llama.code = code
    with pytest.raises(ModelError, match=rf"could not evaluate the text \(code {code}, layers 3\)"):
        reading(TEXT, Channel.EMAIL)
    assert "could not evaluate the text" in unfinished(reviewed(judge(reading)))
    llama.code = 0
    assert reviewed(judge(reading)).decision is Decision.PASS


def test_an_evaluation_that_ends_before_the_last_layer(
    llama: FakeLlama, make: Make, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says that all went well, and a layer that is read is missing."""
    reading = reading_of(make(), config)
    monkeypatch.setattr("tests.fake_llama.LAYERS", 8)
    assert "could not evaluate the text (code 0, layers 1)" in unfinished(reviewed(judge(reading)))


def test_a_review_that_is_stopped(llama: FakeLlama, make: Make, config: Config) -> None:
    """The flag is set from another thread while the model reads."""
    model = make()

    def cancel() -> None:
        thread = threading.Thread(target=model.cancel)
        thread.start()
        thread.join()

    reading = reading_of(model, config)
    llama.before = cancel
    with pytest.raises(Cancelled):
        reading(TEXT, Channel.EMAIL)
    reviewer, draft = Reviewer({Stage.JUDGE: judge(reading)}, dict), Draft(text=TEXT)
    results: list[StageResult] = []
    with pytest.raises(Cancelled):
        results.extend(reviewer.stages(draft))
    assert "not run" in unfinished(reviewer.record(draft, results))
    llama.before = lambda: None
    with pytest.raises(Cancelled):
        reading(TEXT, Channel.EMAIL)
    model.ready()
    assert reviewed(judge(reading)).decision is Decision.PASS


def test_no_memory_for_a_context(llama: FakeLlama, make: Make, config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    llama.memory = False
    with pytest.raises(ModelError, match="no memory for a context of 4096 tokens"):
        make()
    resources = Resources(config)
    monkeypatch.setattr(resources, "_rows", Later(lambda: Rows(make(), config)))
    monkeypatch.setattr(resources, "_embedder", Later(HashEmbedder))
    done = reviewed(lambda *given: resources.runner(Stage.JUDGE)(*given))
    assert "no memory for a context" in unfinished(done)
    assert decide((), done.unfinished) is Decision.REVIEW
