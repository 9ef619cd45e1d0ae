"""Prints recall by kind and length at stated false-alarm rates, and the time of the stage. `--fit` sets the weights."""

import argparse
import sys
from pathlib import Path

from reviewer.match.weights import FILE, shipped_weights
from tests.bench.matching.fit import fit, written
from tests.bench.matching.report import report
from tests.bench.matching.running import indexed, remembering
from tests.bench.matching.texts import development, fitting, held_out, padding


def main() -> None:
    """Fit, or report."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.matching")
    parser.add_argument("--fit", action="store_true", help="fit reviewer/match/weights.toml again")
    parser.add_argument("--development", type=Path, help="a folder with docs.jsonl, queries.jsonl, background.jsonl")
    parser.add_argument("--plot", type=Path, help="write the plot here")
    args = parser.parse_args()
    embedder = remembering()
    if args.fit:
        texts = fitting()
        with indexed([*texts.documents, *padding()], embedder) as store:
            weights, told = fit(texts, store, embedder, shipped_weights())
        FILE.write_text(written(weights), "utf-8")
        sys.stdout.write(told + "\n")
        return
    sets = {"held out": held_out()}
    if args.development:
        sets["development"] = development(args.development, sets["held out"])
    sys.stdout.write(report(fitting(), sets, embedder, args.plot) + "\n")
    embedder.save()


if __name__ == "__main__":
    main()
