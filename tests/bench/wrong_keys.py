"""Times of wrong keys with the real parameters of Argon2id: `python -m tests.bench.wrong_keys TRIES`."""

import sys
import tempfile
from pathlib import Path

import numpy as np

from reviewer.index import Key, Store
from tests.bench.wishes import judged
from tests.test_wrong_keys import APART, PHRASE, apart, phrases, tried


def main(tries: int) -> int:
    """So many tries of each kind of wrong passphrase; the exit status says whether they can be told apart."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "p.db"
        Store.create(place, Key(passphrase=PHRASE), "e").close()
        took, said = tried(place, phrases(), tries)
    for kind, seconds in took.items():
        low, middle, high = np.percentile(seconds, (10, 50, 90))
        sys.stdout.write(f"{kind}: median {middle:.4f} s, 10 % {low:.4f}, 90 % {high:.4f}\n")
    farthest = apart(took)
    sys.stdout.write(f"{len(said)} message; farthest from a half: {farthest:.3f}\n")
    return judged({"one message": len(said) == 1, f"less than {APART} from a half": farthest < APART})


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
