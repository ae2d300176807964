"""``mesa-llm-city sweep``: from values on the command line to a table of rows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from mesa_llm_city.cli.application import APPLICATION

SMALL = ("town_day", "--set", "citizens=4", "--set", "places=300", "--engine", "serial")
OWN = """
import mesa


class Own(mesa.Model):
    def __init__(self, arm="", size=1.0, rng=None):
        super().__init__(rng=rng)
        self.told = f"{arm} {size!r}"
        if size == 2:
            raise ValueError("too many")
        self.datacollector = mesa.DataCollector({"told": "told"})

    def step(self):
        self.datacollector.collect(self)
        self.running = False
"""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands be given in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))


def _sweep(*arguments: str) -> tuple[int, str]:
    told = CliRunner().invoke(APPLICATION, ["sweep", *arguments, "--quiet"])
    return told.exit_code, told.output


def test_values_and_seeds_lead_to_a_table_in_the_usual_folder() -> None:
    code, told = _sweep(*SMALL, "--set", "train_fare=1,2", "--seeds", "7")
    assert code == 0, told
    assert "rows     2, 0 of them of failed runs" in told
    rows = pd.read_csv(Path("runs", "sweep-town_day", "rows.csv"))
    assert rows[["seed", "train_fare", "minute"]].to_numpy().tolist() == [
        [7, 1, 1440],
        [7, 2, 1440],
    ]
    code, told = _sweep(*SMALL, "--set", "train_fare=1,3", "--seeds", "7")
    assert code == 2
    assert "train_fare: there [1, 2], now [1, 3]" in told


def test_a_model_of_ones_own_and_its_failures() -> None:
    Path("own_model.py").write_text(OWN)
    given = ("--set", 'arm=["a,b", "c"]', "--set", "size=1.5,2,many", "--seeds", "1-2,9")
    code, told = _sweep("own_model:Own", *given, "--engine", "serial", "--out", "out")
    assert code == 0, told
    assert "rows     18, 6 of them of failed runs\n  6 x ValueError: too many" in told
    rows = pd.read_csv(Path("out", "rows.csv"))
    assert sorted(set(rows["seed"])) == [1, 2, 9]
    assert set(rows["told"].dropna()) == {"a,b 1.5", "c 1.5", "a,b 'many'", "c 'many'"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("town_day", "--set", "train_fair=1"), "no such argument; did you mean train_fare?"),
        (("nowhere",), "there is no model 'nowhere'"),
        (("nowhere:Town",), "there is no model 'nowhere:Town'"),
        (("pathlib:Path",), "pathlib:Path is no class of Mesa models"),
        (("return_migration",), "return_migration is no class of Mesa models"),
        (("town_day", "--seeds", "one"), "seeds must be like 1-5 or 1,2,7, got 'one'"),
        (("town_day", "--engine", "threads"), "engine must be one of serial, processes"),
    ],
)
def test_what_cannot_be_swept_is_explained(arguments: tuple[str, ...], message: str) -> None:
    code, told = _sweep(*arguments)
    assert code == 2
    assert message in " ".join(told.split())
    assert not list(Path.cwd().iterdir())
