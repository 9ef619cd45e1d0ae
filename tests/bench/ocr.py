"""How often the mark on a photographed page is recognised, by distortion: `python -m tests.bench.ocr FONT`.

FONT is a CJK font file (Debian: fonts-noto-cjk). Pages are drawn, distorted with a fixed seed, recognised, and searched
for the mark by the rules that search every draft.
"""

import io
import sys
import time
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from reviewer.detectors import Detect
from reviewer.draft import Channel, Draft, Lang
from reviewer.finding import Severity
from reviewer.measure import interval
from reviewer.normalise import fold
from reviewer.readers import ocr

MARKS = ("机密★20年", "秘密★10年", "绝密★30年", "机密★长期", "秘密★3年", "机密★2年", "秘密", "机密")
WIDTH, HEIGHT = 1240, 1754
LINE = "各科室：现将地下管廊三号舱夜班巡检安排通知如下，请遵照执行。"
SEED = 20261125


def page(mark: str, font: str) -> Image.Image:
    """A4 at 150 dpi with the mark where GB/T 9704 puts it."""
    image = Image.new("L", (WIDTH, HEIGHT), 255)
    draw = ImageDraw.Draw(image)
    draw.text((140, 110), mark, font=ImageFont.truetype(font, 33), fill=0)
    draw.text((330, 330), "栎城区人民政府文件", font=ImageFont.truetype(font, 66), fill=0)
    for number in range(12):
        draw.text((140, 560 + number * 58), LINE, font=ImageFont.truetype(font, 32), fill=0)
    return image


def _noise(image: Image.Image, sigma: float) -> Image.Image:
    grey = np.asarray(image, np.float32) + np.random.default_rng(SEED).normal(0, sigma, (image.height, image.width))
    return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))


def _smaller(image: Image.Image, share: float) -> Image.Image:
    return image.resize((round(image.width * share), round(image.height * share)), Image.Resampling.BILINEAR)


def _tilted(image: Image.Image) -> Image.Image:
    """Seen from the side: the right edge is a fifth shorter."""
    corners = (0, 0, 0, HEIGHT, WIDTH, HEIGHT * 1.1, WIDTH, -HEIGHT * 0.1)
    return image.transform((WIDTH, HEIGHT), Image.Transform.QUAD, corners, Image.Resampling.BILINEAR, fillcolor=90)


def _moire(image: Image.Image) -> Image.Image:
    """A photograph of a screen: stripes in both directions."""
    y, x = np.mgrid[0 : image.height, 0 : image.width]
    stripes = 22 * np.sin(x * 1.9) * np.sin(y * 1.7) + 14 * np.sin((x + y) / 9)
    return Image.fromarray(np.clip(np.asarray(image, np.float32) * 0.8 + 25 + stripes, 0, 255).astype(np.uint8))


def _jpeg(image: Image.Image, quality: int) -> Image.Image:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return Image.open(out)


def _twice(image: Image.Image) -> Image.Image:
    """A photograph of a photograph, sent through a messenger."""
    first = _jpeg(_tilted(image).rotate(3, fillcolor=90).filter(ImageFilter.GaussianBlur(1)), 50)
    return _jpeg(_smaller(_moire(first.convert("L")), 0.7), 40)


DISTORTIONS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "none": lambda image: image,
    "turned 5 degrees": lambda image: image.rotate(5, fillcolor=255),
    "turned 15 degrees": lambda image: image.rotate(15, expand=True, fillcolor=255),
    "on its side": lambda image: image.rotate(90, expand=True),
    "upside down": lambda image: image.rotate(180),
    "seen from the side": _tilted,
    "blur 1.5 px": lambda image: image.filter(ImageFilter.GaussianBlur(1.5)),
    "blur 3 px": lambda image: image.filter(ImageFilter.GaussianBlur(3)),
    "JPEG quality 10": lambda image: _jpeg(image, 10),
    "noise 40": lambda image: _noise(image, 40),
    "a third of the size": lambda image: _smaller(image, 0.33),
    "screen stripes": _moire,
    "photographed twice": _twice,
}


def flagged(words: str) -> bool:
    """Whether the rules would stop a draft of these words."""
    draft = Draft(text=words, channel=Channel.EMAIL)
    found = Detect({}, Lang.ZH)(draft, fold(words), ()).findings
    return any(f.rule == "mark.classification" and f.severity is not Severity.NOTE for f in found)


def main() -> None:
    """Print the table of `docs/files.md`."""
    print("| distortion | mark found | seconds a page |\n|---|---|---|")  # noqa: T201
    for name, distort in DISTORTIONS.items():
        started = time.perf_counter()
        hits = sum(flagged("\n".join(ocr.lines(distort(page(m, sys.argv[1])).convert("RGB")))) for m in MARKS)
        taken = (time.perf_counter() - started) / len(MARKS)
        print(f"| {name} | {interval(hits, len(MARKS))} | {taken:.1f} |", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
