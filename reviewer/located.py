"""Data files a person writes: loaded into frozen values, every mistake named as `file:line: key: what is wrong`."""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from reviewer.draft import Value
from reviewer.errors import MALFORMED, RIGHTS, ReviewerError, why

Data = TypeVar("Data", bound=Value)
Step = str | int
"""A key of a table, or the number of an element; as pydantic locates errors."""

MAX_BYTES = 4_000_000
_AT = re.compile(r"^(?P<what>.*) \(at (?:line (?P<line>\d+), column \d+|end of document)\)$", re.DOTALL)


def load_toml(path: Path, model: type[Data], error: type[ReviewerError]) -> Data:
    """The values of a TOML file. Raises `error` that names file, line and key."""
    text = _read(path, error)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        at = _AT.match(str(exc))
        line = int(at["line"]) if at and at["line"] else text.count("\n") + 1
        raise error(f"{path.name}:{line}: {MALFORMED}: {at['what'] if at else exc}") from exc
    try:
        return model.model_validate(data)
    except ValidationError as exc:
        first = exc.errors(include_url=False, include_input=False)[0]
        keys = [str(step) for step in first["loc"] if isinstance(step, str)]
        raise error(
            f"{path.name}:{line_of(text, first['loc'])}: {MALFORMED}: {'.'.join(keys[-2:])}: {first['msg']}"
        ) from exc


def place(path: Path, steps: Sequence[Step]) -> str:
    """`file:line` of a value in a file that has loaded."""
    return f"{path.name}:{line_of(path.read_text('utf-8'), steps)}"


def line_of(text: str, steps: Sequence[Step]) -> int:
    """The line, from 1, of the value at `steps`: the key's, or where it is missing the header of its table."""
    begin, end, line, prefix = 0, len(text), 1, ""
    for i, step in enumerate(steps):
        if isinstance(step, int):
            continue
        name = f"{prefix}{step}"
        number = steps[i + 1] if i + 1 < len(steps) and isinstance(steps[i + 1], int) else 0
        headers = list(re.compile(rf"^\s*\[\[?\s*{re.escape(name)}\s*\]\]?", re.MULTILINE).finditer(text, begin, end))
        if isinstance(number, int) and number < len(headers):
            begin = headers[number].end()
            end = headers[number + 1].start() if number + 1 < len(headers) else end
            line, prefix = text.count("\n", 0, begin) + 1, f"{name}."
            continue
        key = re.compile(rf"^\s*[\"']?{re.escape(step)}[\"']?\s*[=.]", re.MULTILINE).search(text, begin, end)
        if key is None:
            break
        begin = key.end()
        line = text.count("\n", 0, key.end()) + 1
    return line


def _read(path: Path, error: type[ReviewerError]) -> str:
    try:
        data = path.read_bytes()
    except OSError as exc:
        raise error(f"{path.name}: {why(exc)}", RIGHTS) from exc
    if len(data) > MAX_BYTES:
        raise error(f"{path.name}: 超过 {MAX_BYTES} 字节 / more than {MAX_BYTES} bytes", "拆成几个文件 / split it")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        line = data.count(b"\n", 0, exc.start) + 1
        raise error(f"{path.name}:{line}: 不是 UTF-8 / not UTF-8", "另存为 UTF-8 / save it as UTF-8") from exc
