"""What the embedder's library imports: nothing that is not asked for, and nothing that stays empty afterwards."""

import subprocess
import sys

LEFT_OUT = """
import sys
from reviewer.embed import _left_out
with _left_out("sklearn", "sklearn.metrics"):
    import sentence_transformers
assert "sklearn" not in sys.modules and "scipy.stats" not in sys.modules
from sklearn.metrics import pairwise_distances
assert pairwise_distances([[0.0], [3.0]])[0, 1] == 3
with _left_out("sklearn", "sklearn.metrics"):
    from sklearn.metrics import pairwise_distances as again
assert again is pairwise_distances
"""


def test_what_is_left_out_is_there_for_who_asks_later() -> None:
    done = subprocess.run([sys.executable, "-c", LEFT_OUT], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
