"""What a run is asked to do, read once by the command line; stages receive values, never settings."""

from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from reviewer.draft import Lang


def _names(value: object) -> object:
    return [name.strip() for name in value.split(",") if name.strip()] if isinstance(value, str) else value


class Settings(BaseSettings):
    """Defaults of the options, each also an environment variable `REVIEWER_<NAME>`."""

    model_config = SettingsConfigDict(
        env_prefix="REVIEWER_", extra="ignore", frozen=True, use_attribute_docstrings=True
    )

    lang: Lang = Lang.ZH
    """Language of findings, reports and the screen."""

    store: Path | None = None
    """The index store; without it `store.db` in the station's home or a bundle's, if there is one."""

    key_file: Path | None = None
    """Key file of the store; without it `index.key` in the station's home."""

    passphrase: SecretStr | None = None
    """Passphrase of the store instead of a key file."""

    managing_passphrase: SecretStr | None = None
    """Managing passphrase of a protected store: whoever has it changes the index and reads its texts."""

    packs: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_names)] = ()
    """Regulation packs in force, comma-separated; the first that knows a clause is cited. Without it every pack that
    is not optional."""

    packs_dir: Path | None = None
    """Folder of the organisation's own packs; without it `packs` in the station's home."""

    lists_dir: Path | None = None
    """Folder of the station's lists; without it `lists` in the station's home."""

    audit_dir: Path | None = None
    """Folder of the audit log; without it `audit` in the station's home. A station whose home is read-only names a
    folder on another disk here. Nothing switches the log off."""

    override: bool = False
    """Whether a person may copy a draft that should be reviewed, giving a reason that is recorded. Never one that is
    blocked or unfinished."""

    judge: str = "qwen2.5-coder-1.5b-instruct-q4_k_m"
    """Name in `models.txt` of the model that judges."""

    embedder: str = "m3e-small"
    """Name in `models.txt` of the sentence embedder."""

    judge_timeout_s: float = 120.0
    """Seconds after which a stage is given up and the review stays unfinished; a draft of more than 1,000 characters
    has as many for each 1,000, up to 20."""
