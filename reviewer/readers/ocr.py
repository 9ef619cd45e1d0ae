"""The one door to text recognition: rapidocr with the models inside its wheel; it opens no connection."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

MODELS = {
    "Det.model_path": "PP-OCRv6_det_small.onnx",
    "Cls.model_path": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    "Rec.model_path": "PP-OCRv6_rec_small.onnx",
}
"""Named, so that nothing is ever looked for elsewhere."""


@cache
def installed() -> bool:
    """Whether the extra `ocr` is here with all its models."""
    return all((folder / name).is_file() for folder in _folders() for name in MODELS.values()) and bool(_folders())


def lines(image: Image.Image) -> list[str]:
    """The lines of text in an RGB picture, top to bottom; pieces at one height are one line."""
    found = _engine()(np.ascontiguousarray(np.asarray(image)[:, :, ::-1]))
    if found.boxes is None or found.txts is None:
        return []
    boxes = sorted(zip(found.boxes, found.txts, strict=True), key=lambda pair: float(pair[0][:, 1].mean()))
    rows: list[list[tuple[float, float, float, str]]] = []
    for box, words in boxes:
        middle, height, left = float(box[:, 1].mean()), float(np.ptp(box[:, 1])), float(box[:, 0].min())
        if rows and abs(middle - rows[-1][0][0]) < 0.5 * min(height, rows[-1][0][1]):
            rows[-1].append((middle, height, left, words))
        else:
            rows.append([(middle, height, left, words)])
    return [" ".join(words for *_, words in sorted(row, key=lambda piece: piece[2])) for row in rows]


def _folders() -> list[Path]:
    spec = find_spec("rapidocr") if find_spec("onnxruntime") else None
    return [Path(spec.origin).parent / "models"] if spec and spec.origin else []


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    paths = {key: str(_folders()[0] / name) for key, name in MODELS.items()}
    return RapidOCR(
        params={**paths, "Global.log_level": "critical", "EngineConfig.onnxruntime.intra_op_num_threads": 2}
    )
