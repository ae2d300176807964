"""Whole calibrations of a few people: what is found, written and said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from mesa_llm_city.cli import application as cli
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.experiments import RunOptions, calibrate
from mesa_llm_city.experiments.calibration import Calibration
from mesa_llm_city.experiments.calibration.trial import Simulator
from mesa_llm_city.experiments.progress import Progress
from mesa_llm_city.population.time_use import TimeUseTable

TIME_USE = "\n".join(
    [
        "age,day_type,activity,mean_min",
        *(
            f"{age},weekday,{activity},{minutes}"
            for age in ("20-34", "35-49", "50-64")
            for activity, minutes in (
                ("sleep", 520),
                ("housework", 220),
                ("work", 200),
                ("leisure", 430),
                ("travel", 70),
            )
        ),
    ]
)
MODES = "mode,share\nwalk,0.2\ncar,0.5\nbus+train,0.3\n"
DEPARTURES = "hour,trips\n8,30\n12,20\n18,30\n"
TOWN = RunOptions(citizens=40, days=1, seed=3)


class _Said(Progress):
    """Keeps what is said."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def say(self, text: str) -> None:
        self.lines.append(text)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("observed")
    texts = {"time_use": TIME_USE, "modes": MODES, "departures": DEPARTURES}
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.csv" for name in texts}


@pytest.mark.slow
def test_a_calibration_from_tables_to_files_and_one_that_is_interrupted(
    files: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = _Said()
    out = tmp_path / "fitted"
    found = calibrate(TOWN, **files, steps=1, evaluations=1, draws=3, out=out, progress=said)
    assert said.lines[0].startswith("expected: at most 5 runs x 40 people x 1 day = 200")
    assert [one.target for one in found.fitted] == ["time use", "modes", "departures"]
    _check_report(found)
    _check_files(found, out)
    _check_interrupted(found, files, tmp_path / "interrupted", monkeypatch)


def _check_report(found: Calibration) -> None:
    text = found.text()
    assert "every choice by rules; seed 3 in the fit" in text
    assert "left out time use: 35-49" in text
    assert "left out modes: nothing was left out" in text
    assert "measured with seed 4, in which nothing was fitted" in text
    parts = {(one.target, one.is_left_out) for one in found.compared}
    assert ("time use", True) in parts
    assert ("modes", True) not in parts
    first, after = found.log[0], found.log[1]
    assert after["modes"] < first["modes"]
    assert len(found.log) <= 4


def _check_files(found: Calibration, out: Path) -> None:
    assert sorted(one.name for one in out.iterdir()) == [
        *("calibration.csv", "calibration.json", "calibration.png"),
        *("parameters.toml", "time_use_table.csv"),
    ]
    options = RunOptions.load(out / "parameters.toml")
    assert options.citizens == 40
    assert [one.file for one in options.fitted] == ["time_use.csv", "departures.csv", "modes.csv"]
    table = Path(options.parameters.population.time_use.table)
    assert found.table is not None
    assert TimeUseTable.read(table).mean_min == pytest.approx(found.table.mean_min, abs=0.1)
    report = json.loads((out / "calibration.json").read_text(encoding="utf-8"))
    assert report["setting"]["seed"] == 3
    assert report["left_out"][0] == {"target": "time use", "names": ["35-49"], "unused": []}


def _check_interrupted(
    found: Calibration, files: dict[str, Any], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Check that the best so far is kept, and that the same seed leads to the same runs."""
    live = Simulator.live

    def interrupted(self: Simulator, *given: Any, **named: Any) -> Any:  # noqa: ANN401
        if self.runs == 2:
            raise KeyboardInterrupt
        return live(self, *given, **named)

    monkeypatch.setattr(Simulator, "live", interrupted)
    with pytest.raises(KeyboardInterrupt) as caught:
        calibrate(TOWN, **files, draws=2, out=out)
    assert caught.value.__notes__ == [f"the best parameters so far are in {out}"]
    report = json.loads((out / "calibration.json").read_text(encoding="utf-8"))
    assert report["setting"]["ended"] == "interrupted"
    assert report["setting"]["measured_with_seed"] == 3
    assert report["runs"] == [dict(one) for one in found.log[:2]]
    assert RunOptions.load(out / "parameters.toml").parameters.changed()


def test_what_cannot_be_fitted_is_one_message(files: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is nothing to fit"):
        calibrate(TOWN)
    with pytest.raises(
        ConfigError, match="no table has a group '35-50'; there are half, none, 20-34"
    ):
        calibrate(TOWN, time_use=files["time_use"], hold_out="35-50")
    with pytest.raises(ConfigError, match="stand alone"):
        calibrate(TOWN, time_use=files["time_use"], hold_out=["half", "35-49"])
    sunday = TOWN.with_(start="2024-04-07")
    with pytest.raises(ConfigError, match=r"steps must be at least 1, got 0; days: 1 days"):
        calibrate(sunday, time_use=files["time_use"], steps=0)
    bad = tmp_path / "bad.csv"
    bad.write_text("mode,share\nwalk,2\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"bad\.csv"):
        calibrate(TOWN, modes=bad, time_use=bad)


def test_a_city_that_thinks_in_words_is_not_fitted(files: dict[str, Any]) -> None:
    options = RunOptions(mind="prompt", llm="openai/some", max_calls=1)
    with pytest.raises(ConfigError, match="fitted with rules"):
        calibrate(options, modes=files["modes"])


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli.APPLICATION, ["calibrate", "--modes", str(tmp_path / "no.csv")])
    assert done.exit_code == 2
    assert "no.csv" in done.output
