"""Pictures: their words by offline recognition. What a picture shows is never examined, and that is said."""

import io
import re
import warnings
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PIL import Image, ImageOps

from reviewer.draft import StepKind
from reviewer.readers import limits, ocr
from reviewer.readers.gather import Gather, Unreadable
from reviewer.readers.reasons import Reason

T = TypeVar("T")

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP")
MAX_PIXELS = 50_000_000
MAX_FRAMES = 10

_CUT = re.compile(r"truncated|only got", re.IGNORECASE)
"""How the library says that bytes are missing."""


def read(data: bytes, out: Gather) -> None:
    """The words of every frame of a picture; those of the frames before a damaged one are kept. Raises `Unreadable`."""
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    if _size(data) > MAX_PIXELS:
        raise Unreadable(Reason.BOMB)
    said: list[str] = []
    image = _guarded(partial(Image.open, io.BytesIO(data), formats=FORMATS), data, said)
    for number in range(MAX_FRAMES + 1):
        frame = _guarded(partial(_frame, image, number), data, said)
        if frame is None:
            break
        if number == MAX_FRAMES:
            out.missed(Reason.TOO_MUCH)
            break
        recognise(frame, out.at(StepKind.PAGE, number + 1) if image.format == "TIFF" else out)
    if said or _cut(data):
        out.missed(_why(data, said))


def recognise(image: Image.Image, out: Gather) -> None:
    """The words of one picture, line by line; a picture is never fully examined."""
    if not ocr.installed():
        out.missed(Reason.NO_OCR)
        return
    limits.allow_ocr()
    for number, line in enumerate(ocr.lines(image.convert("RGB")), 1):
        out.at(StepKind.LINE, number).text(line)
    out.missed(Reason.WORDS_ONLY)


def _guarded(step: Callable[[], T], data: bytes, said: list[str]) -> T:
    """What a step of the library gives; its warnings go to `said`. Raises `Unreadable` for whatever it raises."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return step()
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as exc:
            raise Unreadable(Reason.BOMB) from exc
        except MemoryError:
            raise
        except Exception as exc:  # struct.error, IndexError, TypeError and more come out of a damaged file
            raise Unreadable(_why(data, [*said, str(exc), *(str(w.message) for w in told)])) from exc
        finally:
            said += [str(w.message) for w in told if w.category is UserWarning]


def _frame(image: Image.Image, number: int) -> Image.Image | None:
    """One frame, decoded and upright; none after the last."""
    try:
        image.seek(number)
    except EOFError:
        return None
    return ImageOps.exif_transpose(image).convert("RGB")


def _size(data: bytes) -> int:
    """Pixels that a WebP picture declares, whose library makes room for them before anyone may look; else 0."""
    if data[:4] != b"RIFF" or len(data) < 30:
        return 0
    match data[12:16]:
        case b"VP8X":
            wide, high = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
        case b"VP8L":
            bits = int.from_bytes(data[21:25], "little")
            wide, high = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case _:
            wide, high = (int.from_bytes(data[at : at + 2], "little") & 0x3FFF for at in (26, 28))
    return wide * high


def _cut(data: bytes) -> bool:
    """Whether the end that the format writes is missing."""
    if data.startswith(b"RIFF"):
        return int.from_bytes(data[4:8], "little") + 8 > len(data)
    if data.startswith(b"GIF8"):
        return not data.endswith(b";")
    return data.startswith(b"\x89PNG") and b"IEND" not in data[-1024:]


def _why(data: bytes, said: list[str]) -> Reason:
    return Reason.TRUNCATED if _cut(data) or any(map(_CUT.search, said)) else Reason.DAMAGED
