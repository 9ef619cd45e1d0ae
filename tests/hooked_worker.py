"""The scripted worker that loads the libraries of the real one, under an audit hook from before its first import."""

from tests.hooked import LIBRARIES, Seen

SEEN = Seen()
SEEN.install()

import importlib  # noqa: E402
from collections.abc import Mapping  # noqa: E402
from typing import Any  # noqa: E402

from reviewer import worker  # noqa: E402
from tests.scripted_worker import ScriptedResources  # noqa: E402


class HookedResources(ScriptedResources):
    """Says what the hook has seen so far."""

    def describe(self, on_disk: bool = False, index: bool = True) -> dict[str, Any]:
        """Beside the versions."""
        said: Mapping[str, Any] = super().describe(on_disk, index)
        return {**said, "seen": list(SEEN), "loaded": [importlib.import_module(name).__name__ for name in LIBRARIES]}


if __name__ == "__main__":
    worker.Resources = HookedResources  # type: ignore[assignment,misc]
    worker.main()
