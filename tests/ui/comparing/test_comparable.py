"""Two finished runs: which can be looked at side by side, and what they are called."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments import RunOptions, run
from mesa_llm_city.experiments.saved_tables import read_map
from mesa_llm_city.ui.comparing.comparable import check_comparable, names_of


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, empty_pictures: None) -> Path:
    """Return a folder with runs: one, a longer one, one of another spring, one of others."""
    del empty_pictures
    made = tmp_path_factory.mktemp("runs")
    run(RunOptions(citizens=8, out=made / "plain"))
    run(RunOptions(citizens=8, out=made / "other", days=2))
    run(RunOptions(citizens=8, out=made / "late", start=date(2024, 5, 1)))
    run(RunOptions(citizens=8, out=made / "strangers", seed=12))
    run(RunOptions(citizens=9, out=made / "more"))
    return made


def test_runs_of_the_same_days_and_people_can_be_compared(home: Path) -> None:
    check_comparable(home / "plain", home / "other")


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ("late", "begins on 2024-04-01, and .* on 2024-05-01; run one of them again with --start"),
        ("strangers", r"nobody in .*plain \(8 people\) has the id and the name of somebody"),
        ("more", r"8 people have the same id and name .* and 0 of them the same age, so these are"),
        ("plain", "are the same folder; give the folders of two runs"),
        ("nothing", "does not exist"),
    ],
)
def test_other_runs_are_refused_with_the_reason(home: Path, other: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        check_comparable(home / "plain", home / other)


def test_runs_of_different_cities_are_refused(home: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(home / "plain", elsewhere)
    places = read_map(elsewhere, "places")
    places.set_geometry(places.translate(50.0, 0.0)).to_parquet(elsewhere / "places.parquet")
    with pytest.raises(ConfigError, match=r"of different cities; [\d,]+ of the first [\d,]+ pla"):
        check_comparable(home / "plain", elsewhere)
    # Places that only one has come last, and change no number.
    places.iloc[:-1].to_parquet(elsewhere / "places.parquet")
    check_comparable(home / "plain", elsewhere)


def test_both_have_names_of_their_own() -> None:
    one, other = Path("runs/town"), Path("more/town")
    assert names_of(one, other) == ("runs/town", "more/town")
    assert names_of(one, other, ("as it was", "")) == ("as it was", "more/town")
    with pytest.raises(ConfigError, match="would be called 'a'; give them names with --name-a"):
        names_of(one, other, ("a", "a"))
