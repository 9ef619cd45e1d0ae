"""The heads that are used: the shipped ones only as they are listed, others told by their hash."""

import hashlib
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from reviewer.assemble import Config, configure
from reviewer.cli import doctor
from reviewer.draft import Lang
from reviewer.errors import ModelError
from reviewer.judge.heads import load, save
from reviewer.models import Catalogue, ModelFile
from reviewer.paths import Home
from reviewer.reading import heads_file, load_heads
from reviewer.settings import Settings

JUDGE = Settings().judge


@pytest.fixture
def config(home: Path) -> Config:
    return configure(Settings(), Home(home))


@pytest.fixture
def fitted(config: Config, tmp_path: Path) -> Path:
    """A copy of what ships fitted."""
    return Path(shutil.copytree(config.fitted[-1], tmp_path / "shipped"))


def listing(listed: Catalogue, place: Path) -> Catalogue:
    """A list on which that file stands as it is."""
    path, data = f"{place.parent.name}/{place.name}", place.read_bytes()
    file = ModelFile(path=path, size=len(data), sha256=hashlib.sha256(data).hexdigest())
    changed = [
        m.model_copy(update={"files": tuple(file if f.path == path else f for f in m.files)}) for m in listed.models
    ]
    return Catalogue(models=tuple(changed))


def altered(config: Config, folder: Path) -> Path:
    """The shipped heads with another threshold, which load like them, in a folder."""
    heads = load(config.fitted[-1] / JUDGE / "heads.safetensors")
    place = folder / JUDGE / "heads.safetensors"
    place.parent.mkdir(parents=True, exist_ok=True)
    save(replace(heads, fitted=heads.fitted.model_copy(update={"threshold": 0.99})), place)
    return place


def test_shipped_heads_are_used_only_as_they_are_listed(config: Config, fitted: Path) -> None:
    listed, moved = Catalogue.load(config.models_txt), config.model_copy(update={"fitted": (fitted,)})
    assert load_heads(moved, listed).fitted.threshold < 0.9
    place = altered(config, fitted)
    with pytest.raises(ModelError, match=r"heads\.safetensors (has|is not the listed file).*release"):
        load_heads(moved, listed)
    assert not doctor._heads(moved, Lang.EN)[0]
    assert load_heads(moved, listing(listed, place)).fitted.threshold == 0.99
    none = config.model_copy(update={"judge": "another", "fitted": (fitted,)})
    (fitted / "another").mkdir()
    with pytest.raises(ModelError, match="reviewer calibrate"):
        load_heads(none, listed)
    shutil.copy(place, fitted / "another")
    with pytest.raises(ModelError, match=r"another/heads\.safetensors is not in models\.txt"):
        load_heads(none, listed)


def test_heads_fitted_elsewhere_are_told_from_those_that_ship(config: Config, tmp_path: Path) -> None:
    def said() -> str:
        right, words = doctor._heads(config, Lang.EN)
        assert right
        assert words.endswith(f"sha256:{hashlib.sha256(place.read_bytes()).hexdigest()}")
        assert "verified" not in words
        assert load_heads(config, Catalogue.load(config.models_txt)).fitted.threshold == 0.99
        return words

    assert doctor._heads(config, Lang.EN) == (True, f"verified {heads_file(config)}")
    config = config.model_copy(update={"fitted": (config.fitted[0], tmp_path / "bundle", config.fitted[-1])})
    place = altered(config, tmp_path / "bundle")
    assert said().startswith(f"brought by a bundle {place}; ")
    place = altered(config, config.fitted[0])
    assert said().startswith(f"fitted here {place}; ")
    assert doctor._heads(config, Lang.ZH)[1].startswith(f"本站拟合 {place}；sha256:")
