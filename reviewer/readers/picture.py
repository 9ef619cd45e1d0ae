"""Pictures: their words by offline recognition. What a picture shows is never examined, and that is said."""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from reviewer.draft import StepKind
from reviewer.readers import limits, ocr
from reviewer.readers.gather import Gather, Unreadable
from reviewer.readers.reasons import Reason

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP")
MAX_PIXELS = 50_000_000
MAX_FRAMES = 10


def read(data: bytes, out: Gather) -> None:
    """The words of every frame of a picture. Raises `Unreadable`."""
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            image = Image.open(io.BytesIO(data), formats=FORMATS)
            for number in range(min(getattr(image, "n_frames", 1), MAX_FRAMES)):
                image.seek(number)
                recognise(ImageOps.exif_transpose(image), out)
            if getattr(image, "n_frames", 1) > MAX_FRAMES:
                out.missed(Reason.TOO_MUCH)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as exc:
        raise Unreadable(Reason.BOMB) from exc
    except UnidentifiedImageError as exc:
        raise Unreadable(Reason.DAMAGED) from exc
    except (OSError, ValueError, SyntaxError, EOFError) as exc:
        raise Unreadable(Reason.TRUNCATED if "truncated" in str(exc) else Reason.DAMAGED) from exc


def recognise(image: Image.Image, out: Gather) -> None:
    """The words of one picture, line by line; a picture is never fully examined."""
    if not ocr.installed():
        out.missed(Reason.NO_OCR)
        return
    limits.allow_ocr()
    for number, line in enumerate(ocr.lines(image.convert("RGB")), 1):
        out.at(StepKind.LINE, number).text(line)
    out.missed(Reason.WORDS_ONLY)
