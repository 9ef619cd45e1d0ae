"""Where things lie: the station's home, the shipped data, the cache."""

import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import platformdirs

from reviewer.bundle.applied import parts
from reviewer.bundle.manifest import Kind

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


@dataclass(frozen=True)
class Home:
    """The station's own files, under `REVIEWER_HOME` or the platform's data folder."""

    root: Path
    tried: Mapping[Kind, Path] | None = None
    """Parts of bundles that are tried instead of those in use."""

    @classmethod
    def from_environment(cls) -> "Home":
        """Honour `REVIEWER_HOME`; nothing is created."""
        given = os.environ.get("REVIEWER_HOME")
        return cls(Path(given) if given else Path(platformdirs.user_data_dir("reviewer", appauthor=False)))

    @property
    def models(self) -> tuple[Path, ...]:
        """Where weights are looked for: the station's own (`models import`), a bundle's, the cache (`models fetch`)."""
        return self.root / "models", *self.brought(Kind.MODELS), cache() / "models"

    @property
    def bundles(self) -> Path:
        """What bundles have brought, with the record of which is in use."""
        return self.root / "bundles"

    @property
    def trust(self) -> Path:
        """What this station is called, and whose signatures on bundles count."""
        return self.root / "trust.toml"

    def brought(self, kind: Kind) -> tuple[Path, ...]:
        """The folder of that kind that a bundle has brought and that is in use, if any. Raises `BundleError`."""
        found = self._parts.get(kind)
        return (found,) if found else ()

    @cached_property
    def _parts(self) -> Mapping[Kind, Path]:
        """Read once, so that all kinds are of one state even while another process applies a bundle."""
        return parts(self.bundles) if self.tried is None else self.tried

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
