"""Words hidden in every place of a sample, read by the real child: `python -m tests.bench.hidden_words COUNT`.

So many words a place, drawn at random from common characters: how many are found where they stand, and what is not.
"""

import random
import sys
import time

from reviewer.draft import Channel
from reviewer.readers import read_bytes
from tests.test_hidden_words import SAMPLES, failing

SEED = 18
LENGTHS = (2, 12)
"""Characters of a word, at least and at most."""


def words(chance: random.Random) -> str:
    """Chinese characters that mean nothing together, behind a sign that no sample has."""
    return "谌" + "".join(chr(chance.randint(0x4E00, 0x9FA5)) for _ in range(chance.randint(*LENGTHS)))


def failures(count: int, seed: int = SEED) -> list[str]:
    """What goes wrong with `count` words in each place; the file's name and what is wrong."""
    chance = random.Random(seed)
    wrong = []
    for sample in SAMPLES:
        for _ in range(count):
            said = words(chance)
            draft = read_bytes(sample.make(said), sample.name, Channel.EMAIL)
            if failure := failing(sample, said, draft):
                wrong.append(f"{sample.name}: {failure}")
    return wrong


def main(count: int) -> None:
    """Print the figures."""
    started = time.monotonic()
    wrong = failures(count)
    total = count * len(SAMPLES)
    sys.stdout.write(f"{len(SAMPLES)} places, {count} words each, seed {SEED}, {time.monotonic() - started:.0f} s\n")
    sys.stdout.write(f"found in place or named as not examined: {total - len(wrong)}/{total}\n")
    for line in wrong[:20]:
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
