"""What can be wrong with the audit log, each as one sentence, Chinese first."""

from collections.abc import Mapping, Sequence

from reviewer.errors import AuditError

_FAULTS: Mapping[str, tuple[str, str]] = {
    "damaged": (
        "审计记录已损坏 / the audit log is damaged",
        "运行 reviewer audit verify，把审计文件夹交给保密员 / run `reviewer audit verify` and give the audit folder to"
        " the secrecy officer",
    ),
    "newer": (
        "审计记录由更新版本的程序写成，或者被改动 / the audit log was written by a newer version of this program,"
        " or altered",
        "先升级本程序，再运行 reviewer audit verify / update this program, then run `reviewer audit verify`",
    ),
    "keys": (
        "审计记录的密钥损坏或者缺失 / the audit log's keys are damaged or missing",
        "把审计文件夹交给保密员，然后移走 / give the audit folder to the secrecy officer, then move it away",
    ),
    "unread": (
        "审计记录读不出来：{0} / the audit log cannot be read: {0}",
        "看看文件夹的属主 / look at the folder's owner",
    ),
    "unwritten": (
        "审计记录写不进去：{0} / the audit log cannot be written: {0}",
        "没有记录就没有结论；让 {1} 可写，或者在 REVIEWER_AUDIT_DIR 里另指文件夹 / no verdict is given without a"
        " record; make {1} writable, or name another folder in REVIEWER_AUDIT_DIR",
    ),
    "empty": ("还没有审计记录 / there is no audit record yet", "先检查一份草稿 / check a draft first"),
    "taken": (
        "首期密钥先前已经取走 / the first key was taken before",
        "在保密员的登记本里 / it is in the secrecy officer's register",
    ),
    "first-key": (
        "这不是这份记录的首期密钥 / this is not the log's first key",
        "与登记本逐字核对 / compare it letter by letter with the register",
    ),
}


class NewerError(AuditError):
    """The log, its checkpoints or its keys say that a newer version of this program wrote them."""


def fault(what: str, *words: object) -> AuditError:
    """The error `what`, about these words; `newer` is a `NewerError`."""
    message, hint = _FAULTS[what]
    kind = NewerError if what == "newer" else AuditError
    return kind(_filled(message, words), _filled(hint, words))


def _filled(both: str, words: Sequence[object]) -> str:
    """Chinese with the Chinese of words that have two languages too, English with their English."""
    chinese, between, english = both.partition(" / ")
    parts = [(zh, en or zh) for zh, _, en in (str(word).partition(" / ") for word in words)]
    return chinese.format(*(zh for zh, _ in parts)) + between + english.format(*(en for _, en in parts))
