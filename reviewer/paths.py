"""Where things lie: the station's home, the shipped data, the cache."""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

PACKAGE = Path(__file__).parent


def shipped(name: str) -> Path:
    """A data folder or file that ships with the program (`prompts`, `index`, `models.txt`).

    In a checkout it lies beside the package, in an installed wheel inside it.
    """
    beside = PACKAGE.parent / name
    return beside if beside.exists() else PACKAGE / "_data" / name


def cache() -> Path:
    """Rebuildable files shared by all checkouts: wheels and downloaded weights."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "reviewer"


@dataclass(frozen=True, slots=True)
class Home:
    """The station's own files, under `REVIEWER_HOME` or the platform's data folder."""

    root: Path

    @classmethod
    def from_environment(cls) -> "Home":
        """Honour `REVIEWER_HOME`; nothing is created."""
        given = os.environ.get("REVIEWER_HOME")
        return cls(Path(given) if given else Path(platformdirs.user_data_dir("reviewer", appauthor=False)))

    @property
    def models(self) -> tuple[Path, ...]:
        """Where weights are looked for: the station's own (`models import`), then the shared cache (`models fetch`)."""
        return self.root / "models", cache() / "models"

    @property
    def store(self) -> Path:
        """The encrypted index."""
        return self.root / "store.db"

    @property
    def key(self) -> Path:
        """The key file of stores opened without a passphrase."""
        return self.root / "index.key"

    @property
    def packs(self) -> Path:
        """Regulation packs the organisation added."""
        return self.root / "packs"

    @property
    def lists(self) -> Path:
        """Protected words, allowed phrases and rules the station added."""
        return self.root / "lists"

    @property
    def precedents(self) -> Path:
        """Precedents the station added."""
        return self.root / "precedents.jsonl"

    @property
    def fitted(self) -> Path:
        """Heads that the station fitted again."""
        return self.root / "fitted"

    @property
    def audit(self) -> Path:
        """The audit log's folder."""
        return self.root / "audit"

    @property
    def service(self) -> Path:
        """The folder of the service's socket."""
        return self.root / "service"

    @property
    def tour(self) -> Path:
        """An empty file that says the first-run tour was seen."""
        return self.root / "tour-seen"

    def remember_tour(self) -> None:
        """Show the tour no more; on read-only media it is shown each time."""
        with contextlib.suppress(OSError):
            self.root.mkdir(parents=True, exist_ok=True)
            self.tour.touch()
