"""Figures of runs in folders: citizens, crowds with and without tables, and other models."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mesa_llm_city.cli.application import APPLICATION
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.experiments import RunOptions, run
from mesa_llm_city.experiments.figures.again import drawn_again
from mesa_llm_city.experiments.figures.catalogue import FIGURES
from mesa_llm_city.experiments.figures.paper import Paper
from mesa_llm_city.experiments.figures.saved import SavedLives
from mesa_llm_city.experiments.figures.write import ALL, draw_figure, write_figures

PNG = Paper(formats=("png",), dpi=50)


def _call(*words: object) -> Result:
    return CliRunner().invoke(APPLICATION, [str(one) for one in words])


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, empty_pictures: None) -> Path:
    """Return the folder of a run of a few people and a crowd that kept no tables."""
    del empty_pictures
    out = tmp_path_factory.mktemp("runs") / "metropolis"
    return run(RunOptions.load(model="metropolis", citizens=4, crowd=40, out=out))


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory, empty_pictures: None) -> Path:
    """Return the folder of a run of a model that is no city."""
    del empty_pictures
    out = tmp_path_factory.mktemp("runs") / "moved"
    words = ("--citizens", 30, "--seed", 3, "--set", "years=2", "--set", "rural_subsidy=9000")
    done = _call("run", "return_migration", *words, "--out", out)
    assert done.exit_code == 0, done.output
    return out


def test_all_figures_of_a_run_are_drawn_in_the_width_that_is_asked_for(
    lived: Path, tmp_path: Path
) -> None:
    written = write_figures(lived, ALL, PNG, out=tmp_path)
    assert {file.stem for file, _ in written} == {*FIGURES}
    for _, caption in written:
        assert "4 citizens, 1 day from" in caption
        assert "by scripted answers (no language model)" in caption
    lives = SavedLives.read(lived)
    for name, figure in FIGURES.items():
        width, height = draw_figure(lives, name, width_mm=254.0).get_size_inches()
        assert (width, height) == pytest.approx((10.0, 10.0 * figure.height))


def test_a_crowd_without_tables_is_drawn_from_its_hourly_counts(
    lived: Path, tmp_path: Path
) -> None:
    written = write_figures(lived, ALL, PNG, out=tmp_path, crowd=True)
    assert {file.stem for file, _ in written} == {"flows", "time_use", "trips"}
    assert "40 people of a crowd" in written[0][1]
    with pytest.raises(ConfigError, match=r"needs: .* has no table needs"):
        write_figures(lived, "needs", PNG, out=tmp_path, crowd=True)


def test_hourly_counts_and_tables_give_the_same_time_use_by_hour(lived: Path) -> None:
    lives = SavedLives.read(lived)
    hourly = lives.table("hourly_activity", ["time", "purpose", "person_min"])
    stays = lives.table("activities", ["person", "start", "end", "purpose"])
    minutes = (stays["end"] - stays["start"]).dt.total_seconds().sum() / 60.0
    assert hourly["person_min"].sum() == pytest.approx(minutes)


def test_the_picture_of_another_model_is_drawn_by_running_it_again(
    moved: Path, tmp_path: Path
) -> None:
    ((file, caption),) = write_figures(moved, "picture", PNG, out=tmp_path)
    digest = json.loads((moved / "manifest.json").read_text(encoding="utf-8"))["digest"]
    assert file.name == "picture.png"
    assert caption == f"Return migration, seed 3; who decided: rule; run {digest}"


def test_other_results_than_those_in_the_folder_are_not_drawn(moved: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(moved, copy)
    told = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    (copy / "manifest.json").write_text(json.dumps(told | {"digest": "0" * 64}), encoding="utf-8")
    with pytest.raises(DataError, match=r"came to other results than those in the folder"):
        drawn_again(copy)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("flow", "lived"), "there is no figure 'flow'; did you mean 'flows'?"),
        (("map", "lived", "--width", "10"), "millimetres from 40 to 600, got '10'"),
        (("map", "lived", "--format", "jpg"), "format: must be pdf, svg, png, got jpg"),
        (("map", "moved"), "there is picture"),
        (("map", "nowhere"), "does not exist"),
    ],
)
def test_what_cannot_be_drawn_is_told_in_one_line(
    words: tuple[str, ...], told: str, lived: Path, moved: Path, tmp_path: Path
) -> None:
    folders = {"lived": lived, "moved": moved, "nowhere": tmp_path / "nowhere"}
    name, where, *more = words
    done = _call("figure", name, folders[where], *more, "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert told in " ".join(done.output.split())
    assert not (tmp_path / "out").exists()


def test_the_command_tells_caption_and_files(lived: Path, tmp_path: Path) -> None:
    done = _call("figure", "trips", lived, "--format", "svg", "--out", tmp_path)
    assert done.exit_code == 0, done.output
    caption, file = done.output.strip().splitlines()
    assert caption.startswith("Trips by mode and hour of departure. ")
    assert file.strip() == str(tmp_path / "trips.svg")
