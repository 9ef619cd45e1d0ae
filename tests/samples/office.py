"""Office files with more in them than the plain good ones."""

import io
import zipfile
from collections.abc import Mapping

from tests.samples.make import zipped


def members(data: bytes) -> dict[str, bytes]:
    """The parts of a ZIP file."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def added(data: bytes, parts: Mapping[str, str | bytes], types: Mapping[str, str] | None = None) -> bytes:
    """An Office file with more parts, or other ones of the same name, and their content types."""
    found = members(data)
    more = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in (types or {}).items())
    known = found["[Content_Types].xml"].replace(b"</Types>", f"{more}</Types>".encode())
    return zipped({**found, **parts, "[Content_Types].xml": known})


def relations(kind: str, target: str) -> str:
    """A part's relations: one."""
    return f'<R><Relationship Id="r1" Type="x/{kind}" Target="{target}"/></R>'
