"""How often the mark on a photographed page is recognised, by distortion: `python -m tests.bench.ocr FONT [ROW...]`.

FONT is a CJK font file (Debian: fonts-noto-cjk). Marks are drawn, each a line of its own, ten on a page above words
that are none, distorted with fixed seeds, recognised, and searched for by the rules that search every draft; pages
without a mark go the same way.
"""

import difflib
import io
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from reviewer.detectors import Detect
from reviewer.draft import Channel, Draft, Lang
from reviewer.finding import Severity
from reviewer.measure import interval
from reviewer.normalise import fold
from reviewer.readers import ocr

PERIODS = ("长期", "30年", "25年", "20年", "15年", "10年", "5年", "3年", "2年", "1年", "6个月", "3个月", "")
MARKS = (*(f"{level}★{period}" for period in PERIODS for level in ("绝密", "机密", "秘密")), "绝密")
"""Every way in which a page may be marked."""
HARMLESS = (
    "公开",
    "特急",
    "加急",
    "主动公开",
    "第007期",
    "签发人：谌怀远",
    "内部培训讲义",
    "保密工作简报",
    "密封条",
    "绝缘手套",
)
"""What stands in those places on pages that bear no mark."""
WORDS = "各科室：夜班巡检安排如下，请执行。"
WIDTH, HEIGHT = 760, 877
"""A quarter of A4 at 150 dpi and a little more, in pixels."""
SEED = 20261125
DESK = 90
"""The grey around a page."""

Distortion = Callable[[Image.Image, Generator], Image.Image]
"""What is done to a page (mode L); what varies from page to page is drawn from the generator."""


def page(heads: Sequence[str], font: str) -> Image.Image:
    """A page with ten `heads`, as high as GB/T 9704 has a mark (16 pt), and a line of words."""
    image = Image.new("L", (WIDTH, HEIGHT), 255)
    draw = ImageDraw.Draw(image)
    for number, head in enumerate(heads):
        draw.text((80 + number % 4 * 110, 60 + number * 66), head, font=ImageFont.truetype(font, 33), fill=0)
    draw.text((80, 750), WORDS, font=ImageFont.truetype(font, 32), fill=0)
    return image


def _array(grey: "np.ndarray[tuple[int, ...], np.dtype[np.floating]]") -> Image.Image:
    return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))


def turned(degrees: float) -> Distortion:
    """Either way round."""
    way = Image.Resampling.BICUBIC
    return lambda image, rng: image.rotate(degrees * rng.choice((-1, 1)), way, expand=True, fillcolor=DESK)


def blurred(pixels: float) -> Distortion:
    """Out of focus."""
    return lambda image, rng: image.filter(ImageFilter.GaussianBlur(pixels))


def noisy(sigma: float) -> Distortion:
    """Taken in the dark."""
    return lambda image, rng: _array(np.asarray(image, np.float32) + rng.normal(0, sigma, (image.height, image.width)))


def compressed(quality: int) -> Distortion:
    """Sent through a messenger."""
    return lambda image, rng: _jpeg(image, quality)


def _jpeg(image: Image.Image, quality: int) -> Image.Image:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return Image.open(out)


def smaller(share: float) -> Distortion:
    """Of fewer pixels."""
    return lambda image, rng: image.resize(
        (round(image.width * share), round(image.height * share)), Image.Resampling.BILINEAR
    )


def tilted(image: Image.Image, rng: Generator) -> Image.Image:
    """Seen from the side: one edge is a fifth shorter."""
    near, far = (-0.1 * image.height, 1.1 * image.height), (0.0, float(image.height))
    (left, low), (right, lower) = (near, far) if rng.random() < 0.5 else (far, near)
    corners = (0, left, 0, low, image.width, lower, image.width, right)
    return image.transform(image.size, Image.Transform.QUAD, corners, Image.Resampling.BILINEAR, fillcolor=DESK)


def striped(image: Image.Image, rng: Generator) -> Image.Image:
    """A photograph of a screen: stripes in both directions, and slanting ones."""
    y, x = np.mgrid[0 : image.height, 0 : image.width]
    one, other = rng.uniform(1.5, 2.1, 2)
    stripes = 22 * np.sin(x * one) * np.sin(y * other) + 14 * np.sin((x + y) / rng.uniform(7, 11))
    return _array(np.asarray(image, np.float32) * 0.8 + 25 + stripes)


def shaded(image: Image.Image, rng: Generator) -> Image.Image:
    """The photographer's shadow over one side, a third as bright as the other; its edge is near the mark."""
    y, x = np.mgrid[0 : image.height, 0 : image.width].astype(np.float32)
    y, x = y / image.height, x / image.width
    depth = 1 / (1 + np.exp(-(x * 0.9 + y * 0.4 - rng.uniform(0.1, 0.5)) * 14))
    return _array(np.asarray(image, np.float32) * (0.33 + 0.67 * depth))


def pale(image: Image.Image, rng: Generator) -> Image.Image:
    """A tired printer: ink a sixth darker than the paper, and a little noise."""
    return noisy(4)(_array(np.asarray(image, np.float32) * 0.17 + 170), rng)


def retaken(blur: float, degrees: float, qualities: tuple[int, int], share: float) -> Distortion:
    """A photograph of a photograph on a screen, sent through a messenger both times."""

    def distort(image: Image.Image, rng: Generator) -> Image.Image:
        first = _jpeg(blurred(blur)(turned(degrees)(tilted(image, rng), rng), rng), qualities[0]).convert("L")
        return _jpeg(smaller(share)(striped(first, rng), rng), qualities[1])

    return distort


DISTORTIONS: Mapping[str, Distortion] = {
    "none": lambda image, rng: image,
    "turned 5 degrees": turned(5),
    "turned 15 degrees": turned(15),
    "on its side": turned(90),
    "upside down": turned(180),
    "seen from the side": tilted,
    "blur 1.5 px": blurred(1.5),
    "blur 3 px": blurred(3),
    "blur 4 px": blurred(4),
    "JPEG quality 10": compressed(10),
    "noise 40": noisy(40),
    "a third of the size": smaller(0.33),
    "a fifth of the size": smaller(0.2),
    "low contrast": pale,
    "shadow": shaded,
    "screen stripes": striped,
    "photographed twice": retaken(1, 3, (50, 40), 0.7),
    "photographed twice, badly": retaken(2, 5, (30, 20), 0.5),
}


@dataclass(frozen=True, slots=True)
class Read:
    """What became of the pages of one distortion."""

    flagged: int
    """Lines."""
    heads: int
    words: float
    """Share of `WORDS` that were read in their order, from 0 to 1."""
    seconds: float
    """Of one core, a page."""


def flagged(line: str) -> bool:
    """Whether the rules would stop a draft of this line as a marked one."""
    draft = Draft(text=line, channel=Channel.EMAIL)
    found = Detect({}, Lang.ZH)(draft, fold(line), ()).findings
    return any(f.rule == "mark.classification" and f.severity is not Severity.NOTE for f in found)


def read(pages: Sequence[Sequence[str]], distort: Distortion, font: str) -> Read:
    """Pages of these heads."""
    hits, words, started = 0, 0.0, time.process_time()
    for number, heads in enumerate(pages):
        rng = np.random.default_rng((SEED, number))
        said = ocr.lines(distort(page(heads, font), rng).convert("RGB"))
        hits += min(sum(map(flagged, said)), len(heads))
        same = difflib.SequenceMatcher(None, "".join(said), WORDS, autojunk=False).get_matching_blocks()
        words += sum(block.size for block in same) / len(WORDS)
    spent = (time.process_time() - started) / len(pages)
    return Read(hits, sum(map(len, pages)), words / len(pages), spent)


def main() -> None:
    """Print the table of `docs/files.md`."""
    font, *names = sys.argv[1:]
    ocr.THREADS = 1
    ocr.lines(page((), font).convert("RGB"))
    print(f"rapidocr {version('rapidocr')}, onnxruntime {version('onnxruntime')}, one thread")  # noqa: T201
    print("| distortion | marks flagged | other lines flagged | words read | seconds a page |\n|---|---|---|---|---|")  # noqa: T201
    for name in names or DISTORTIONS:
        marked = read([MARKS[at::4] for at in range(4)], DISTORTIONS[name], font)
        clean = read([HARMLESS], DISTORTIONS[name], font)
        told = f"{interval(marked.flagged, marked.heads)} | {clean.flagged} of {clean.heads}"
        print(f"| {name} | {told} | {marked.words:.1%} | {marked.seconds:.1f} |", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
