"""What an unexpected failure may say: its class and where in this program it happened, never a value.

A traceback's message, source lines and variables can hold the draft; none of them is shown.
"""

import hashlib
import logging
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from traceback import walk_tb
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio

ROOT = Path(__file__).parent


def describe(exc: BaseException) -> str:
    """Several lines: the classes from the last failure back to its causes, the places, and a code for the report."""
    lines = [*_failure(exc)]
    cause = exc.__cause__ or exc.__context__
    while cause is not None and len(lines) < 60:
        lines += ["because of", *_failure(cause)]
        cause = cause.__cause__ or cause.__context__
    code = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:8]
    head = f"reviewer: 意外错误 {code}，草稿没有写到任何地方 / unexpected failure {code}; the draft was written nowhere"
    return "\n".join((head, *(f"  {line}" for line in lines)))


def install() -> None:
    """Let every unhandled failure of this process be told by `describe`; libraries' own log goes nowhere."""
    sys.excepthook = _unhandled
    threading.excepthook = lambda args: _tell(args.exc_value)
    sys.unraisablehook = lambda args: _tell(args.exc_value)
    logging.getLogger().addHandler(logging.NullHandler())


def in_loop(loop: "asyncio.AbstractEventLoop", context: Mapping[str, Any]) -> None:
    """The same for an event loop (`loop.set_exception_handler`)."""
    _tell(context.get("exception"))


def _failure(exc: BaseException) -> list[str]:
    frames = [
        f"{Path(frame.f_code.co_filename).relative_to(ROOT.parent)}:{line} {frame.f_code.co_name}"
        for frame, line in walk_tb(exc.__traceback__)
        if Path(frame.f_code.co_filename).is_relative_to(ROOT)
    ]
    return [f"{type(exc).__module__}.{type(exc).__qualname__}", *frames]


def _unhandled(_kind: type[BaseException], exc: BaseException, _trace: TracebackType | None) -> None:
    _tell(exc)


def _tell(exc: BaseException | None) -> None:
    if exc is not None and sys.stderr is not None:
        sys.stderr.write(describe(exc) + "\n")
