"""The one door to text recognition: rapidocr with the models inside its wheel; it opens no connection."""

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

MODELS = {
    "Det.model_path": "PP-OCRv6_det_small.onnx",
    "Cls.model_path": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    "Rec.model_path": "PP-OCRv6_rec_small.onnx",
}
"""Named, so that nothing is ever looked for elsewhere."""
THREADS = 2
TALL = 1.5
"""Height by width from which on the library reads a piece down its left side; lower ones along their upper side."""


@cache
def installed() -> bool:
    """Whether the extra `ocr` is here with all its models."""
    return all((folder / name).is_file() for folder in _folders() for name in MODELS.values()) and bool(_folders())


def lines(image: Image.Image) -> list[str]:
    """The lines of text in an RGB picture, top to bottom; pieces at one height are one line."""
    found = _engine()(np.ascontiguousarray(np.asarray(image)[:, :, ::-1]))
    if found.boxes is None or found.txts is None:
        return []
    return joined(np.asarray(found.boxes, np.float64), found.txts)


def joined(boxes: NDArray[np.float64], words: Sequence[str]) -> list[str]:
    """Lines from pieces, the first at the top: `boxes` holds the corners of each in pixels (pieces, 4, 2), clockwise.

    What is at one height is told along the lines, so that the lines of a page that is turned stay apart.
    """
    along, across = _turned_back(boxes)
    rows: list[list[int]] = []
    for piece in np.argsort(across.mean(axis=1), kind="stable").tolist():
        first = rows[-1][0] if rows else piece
        apart = abs(across[piece].mean() - across[first].mean())
        if rows and apart < 0.5 * min(np.ptp(across[piece]), np.ptp(across[first])):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [" ".join(words[piece] for piece in sorted(row, key=lambda piece: along[piece].min())) for row in rows]


def _turned_back(boxes: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How far along the lines, and across them, each corner is (pieces, 4).

    The lines run as the pieces are read, and never up: in columns the first is the one on the right. A piece of one
    character is about as high as it is wide, and tells no more.
    """
    corners = boxes[..., 0] + 1j * boxes[..., 1]
    upper, left = corners[:, 1] - corners[:, 0], corners[:, 3] - corners[:, 0]
    angle = np.angle(np.sum(np.where(abs(left) < TALL * abs(upper), upper, left) ** 2)) / 2
    back = corners * np.exp(-1j * (angle if angle > -np.pi / 4 else angle + np.pi))
    return back.real, back.imag


def _folders() -> list[Path]:
    spec = find_spec("rapidocr") if find_spec("onnxruntime") else None
    return [Path(spec.origin).parent / "models"] if spec and spec.origin else []


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    paths = {key: str(_folders()[0] / name) for key, name in MODELS.items()}
    return RapidOCR(
        params={**paths, "Global.log_level": "critical", "EngineConfig.onnxruntime.intra_op_num_threads": THREADS}
    )
