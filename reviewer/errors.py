"""Every error a person can meet.

::

    ReviewerError               a sentence for the person, and a hint that says what to do
    ├── ReadError               a draft or file that cannot be read as text
    ├── WriteError              a report or record that cannot be written
    ├── SettingsError           an option or environment value that makes no sense
    ├── PackError               a regulation pack that does not load
    ├── ListError               a station's list that does not load
    ├── PrecedentError          a precedent that does not load
    ├── PromptError             a prompt that is missing or lacks a variable
    ├── ModelError              weights that are missing, altered or do not load
    │   └── FetchError          a download that failed
    ├── StoreError              an index store that does not open or is damaged
    │   └── StoreLocked         the key is wrong or missing
    ├── EngineError             the engine process failed, died or took too long
    ├── SealError               the process could not be cut off from the network
    ├── AuditError              the audit log is damaged or cannot be written
    ├── BundleError             a bundle that is refused
    └── Cancelled               the person stopped the review
"""

RESTORE = "从发布包恢复 / restore it from the release"
RIGHTS = "核对文件名和权限 / check the file's name and your rights"
"""Hints that several errors give."""


class ReviewerError(Exception):
    """Base of every expected failure: `message` says what happened, `hint` what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message


class ReadError(ReviewerError):
    """A draft or file that cannot be read as text."""


class WriteError(ReviewerError):
    """A report or record that cannot be written."""


class SettingsError(ReviewerError):
    """An option or environment value that makes no sense."""


class PackError(ReviewerError):
    """A regulation pack that does not load; the message names file and line."""


class ListError(ReviewerError):
    """A station's list that does not load; the message names file and line."""


class PrecedentError(ReviewerError):
    """A precedent that does not load; the message names file and line."""


class PromptError(ReviewerError):
    """A prompt that is missing or lacks a variable."""


class ModelError(ReviewerError):
    """Weights that are missing, altered or do not load."""


class FetchError(ModelError):
    """A download that failed."""


class StoreError(ReviewerError):
    """An index store that does not open or is damaged."""


class StoreLocked(StoreError):
    """The store's key is wrong or missing."""


class EngineError(ReviewerError):
    """The engine process failed, died or took too long."""


class SealError(ReviewerError):
    """The process could not be cut off from the network."""


class AuditError(ReviewerError):
    """The audit log is damaged or cannot be written."""


class BundleError(ReviewerError):
    """A bundle that is refused; `code` names the rule it broke."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message, hint)
        self.code = code


class Cancelled(ReviewerError):
    """The person stopped the review."""

    def __init__(self) -> None:
        super().__init__("cancelled")
