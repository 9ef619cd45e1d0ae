"""What failed is told in one language, and without a loss."""

import errno
from pathlib import Path

import pytest

from reviewer.audit.faults import fault
from reviewer.draft import Lang
from reviewer.errors import Cancelled, EngineError, ModelError, why
from reviewer.tui.reasons import told
from tests.scripted import app, engine, notified, reviewed, settled, words

TIMEOUT = EngineError(
    "引擎 120 秒没有回应 / the engine did not answer within 120 s",
    "引擎会重新启动，请再检查一次 / it will be restarted: check again",
)
NO_RIGHT = why(OSError(errno.EACCES, "Permission denied"))


@pytest.mark.parametrize(
    ("reason", "zh", "en"),
    [
        (
            str(TIMEOUT),
            "引擎 120 秒没有回应；引擎会重新启动，请再检查一次",
            "the engine did not answer within 120 s; it will be restarted: check again",
        ),
        (f"/a/b.docx: {NO_RIGHT}", "/a/b.docx: 没有权限", "/a/b.docx: Permission denied"),
        (
            str(fault("unwritten", NO_RIGHT, "/a/audit")),
            "审计记录写不进去：没有权限；没有记录就没有结论；让 /a/audit 可写，或者在 REVIEWER_AUDIT_DIR 里另指文件夹",
            "the audit log cannot be written: Permission denied; no verdict is given without a record; make /a/audit"
            " writable, or name another folder in REVIEWER_AUDIT_DIR",
        ),
        (str(Cancelled()), "已取消", "cancelled"),
        ("the engine died", "the engine died", "the engine died"),
        ("a / b / c", "a / b / c", "a / b / c"),
        (
            "mine.toml: 格式不对 / malformed: Field required",
            "mine.toml: 格式不对 / malformed: Field required",
            "mine.toml: malformed: Field required",
        ),
        ("a.gguf 读不了 / cannot be read", "a.gguf 读不了", "a.gguf: cannot be read"),
    ],
)
def test_one_language_is_told(reason: str, zh: str, en: str) -> None:
    assert told(reason, Lang.ZH) == zh
    assert told(reason, Lang.EN) == en


def test_what_only_one_language_says_is_kept() -> None:
    reason = str(ModelError("缺少模型 / the model m3e is not here", "运行 / run `reviewer models fetch m3e`"))
    assert told(reason, Lang.ZH) == "缺少模型 / the model m3e is not here；运行 / run `reviewer models fetch m3e`"
    assert told(reason, Lang.EN) == "the model m3e is not here; run `reviewer models fetch m3e`"


@pytest.mark.parametrize("lang", list(Lang))
async def test_a_stage_that_failed_says_so_in_one_language(
    home: Path, lang: Lang, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = app(home, lang)

    def judge(*_: object) -> None:
        raise TIMEOUT

    monkeypatch.setattr(engine(screen), "judge", judge)
    async with screen.run_test(size=(120, 36)) as pilot:
        await reviewed(pilot, screen, "晚上吃面", lang.pick("没有回应", "did not answer"))
        said = words(screen, "#decision")
        assert lang.pick("did not answer", "没有回应") not in said
        await pilot.press("f6")
        await settled(pilot, screen, lang.pick("不同渠道", "by each channel"))
        await pilot.press("escape")


async def test_an_audit_log_that_cannot_be_written_is_told_in_one_language(home: Path) -> None:
    screen = app(home, Lang.EN)
    (home / "audit").write_text("a file where the folder should be")
    async with screen.run_test() as pilot:
        await reviewed(pilot, screen, "lunch", "not finished")
        await notified(pilot, screen, "no verdict is given: the audit log")
        assert not any("审计" in n.message for n in screen._notifications)
