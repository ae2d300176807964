"""The table of parameters on the terminal and in the manual."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mesa_llm_city.cli.application import APPLICATION
from mesa_llm_city.parameters.table import markdown

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "parameters.md"


def _call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(APPLICATION, ["parameters", *map(str, arguments)])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Write a file that changes a mode, and brings another."""
    file = tmp_path / "city.toml"
    file.write_text(
        "citizens = 20\n[modes.bus]\nspeed_km_h = 12\n[modes.scooter]\nspeed_km_h = 16\n"
    )
    return file


def _names(result: Result) -> list[str]:
    assert result.exit_code == 0, result.output
    return [line.split()[0] for line in result.stdout.splitlines()[1:]]


def test_each_has_name_value_unit_range_and_source() -> None:
    head, line = _call("mobility.gravity.epsilon").stdout.splitlines()
    assert head.split() == ["name", "value", "unit", "range", "source"]
    assert line.split()[:3] == ["mobility.gravity.epsilon", "0.001", "1"]
    assert "> 0, <= 1" in line
    assert line.endswith("CitySim, appendix A")


def test_a_pattern_is_a_part_of_the_name_or_a_glob() -> None:
    assert _names(_call("gravity.gam")) == ["mobility.gravity.gamma"]
    speeds = _names(_call("modes.*.speed_km_h"))
    assert speeds == [
        f"modes.{mode}.speed_km_h" for mode in ("walk", "bicycle", "car", "bus", "train")
    ]


def test_a_pattern_that_fits_nothing_is_reported() -> None:
    result = _call("zzz")
    assert "no parameter has 'zzz' in its name" in result.stderr


def test_what_a_file_changes_is_shown_with_the_default(file: Path) -> None:
    result = _call("--changed", file)
    assert "modes.bus.speed_km_h" in result.stdout
    assert "12.0 * (15.0)" in result.stdout
    assert "modes.car.speed_km_h" not in result.stdout
    last = result.stdout.splitlines()[-1]
    assert "2 values differ" in last
    assert last.endswith("new rows: modes.scooter")


def test_values_of_a_file_are_shown_among_the_others(file: Path) -> None:
    result = _call("modes.*.speed_km_h", "--config", file)
    lines = {line.split()[0]: line for line in result.stdout.splitlines()}
    assert "12.0 * (15.0)" in lines["modes.bus.speed_km_h"]
    assert "*" not in lines["modes.car.speed_km_h"]
    assert "modes.scooter.speed_km_h" in lines


def test_a_file_with_a_wrong_parameter_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "city.toml"
    file.write_text("[parameters.modes.bus]\nsped_km_h = 12\n")
    result = _call("--changed", file)
    assert result.exit_code == 2
    assert "did you mean modes.bus.speed_km_h?" in result.stderr


def test_the_page_of_the_manual_is_that_of_the_code() -> None:
    told = "run: mesa-llm-city parameters --markdown > docs/reference/parameters.md"
    assert PAGE.read_text(encoding="utf-8") == markdown(), told


def test_the_command_prints_that_page() -> None:
    assert _call("--markdown").stdout == markdown()
