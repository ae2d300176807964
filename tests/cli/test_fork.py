"""``mesa-llm-city fork``: from a saved model to a folder of differences."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from mesa_llm_city.models.town_day.model import TownDay
from typer.testing import CliRunner

from mesa_llm_city.cli.application import APPLICATION


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a model of eight people that is saved at noon."""
    model = TownDay(8, places=300, rng=7)
    while model.minute < 12 * 60:
        model.step()
    folder = tmp_path_factory.mktemp("runs") / "noon"
    model.save(folder)
    return folder


def _fork(*arguments: str | Path) -> tuple[int, str]:
    told = CliRunner().invoke(APPLICATION, ["fork", *map(str, arguments)])
    return told.exit_code, told.output


def test_a_saved_model_lives_on_in_several_ways(saved: Path, tmp_path: Path) -> None:
    file = tmp_path / "shut.toml"
    file.write_text('[[interventions]]\nkind = "close"\nplace_kind = "amenity"\n')
    out = tmp_path / "fork"
    futures = ("--future", "control", "--future", f"shut={file}")
    code, told = _fork(saved, *futures, "--seeds", "2", "--out", out)
    assert code == 0, told
    assert "shut\ntouched" in told
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["against"] == "control"
    assert json.loads(manifest["changes"]["shut"][0])["place_kind"] == "amenity"
    assert manifest["digests"]["control"][0] != manifest["digests"]["shut"][0]
    code, told = _fork(saved, *futures, "--out", out)
    assert code != 0
    assert "exists" in told


@pytest.mark.parametrize(
    ("futures", "message"),
    [
        (("control",), "give --future at least twice"),
        (("control", "control"), "must be a name of its own"),
        (("control", "shut=nowhere.toml"), "nowhere.toml"),
    ],
)
def test_futures_that_cannot_be_lived_are_explained(
    saved: Path, futures: tuple[str, ...], message: str
) -> None:
    given = [part for one in futures for part in ("--future", one)]
    code, told = _fork(saved, *given, "--out", saved.with_name("none"))
    assert code != 0
    assert message in " ".join(told.split())
    assert not saved.with_name("none").exists()
