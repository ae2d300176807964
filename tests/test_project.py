"""The files around the code agree with it and with one another."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import mesa_llm_city

ROOT = Path(mesa_llm_city.__file__).parents[1]
SETTINGS = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PROJECT = tomllib.loads(SETTINGS)["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
REQUIREMENTS = [
    needed
    for needed in PROJECT["dependencies"] + [one for extra in EXTRAS.values() for one in extra]
    if not needed.startswith(PROJECT["name"])
]

# Results depend on these, so both lines of Mesa are tested with the same ones.
NUMERICAL = ["numpy", "scipy", "pandas", "shapely", "pyproj", "geopandas", "pyogrio", "pyarrow"]


def _pins() -> list[str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _name(requirement: str) -> str:
    return re.split(r"[<>=!;\[ ]", requirement, maxsplit=1)[0]


@pytest.mark.parametrize("needed", REQUIREMENTS)
def test_a_dependency_is_bounded_and_justified_in_its_line(needed: str) -> None:
    lines = [line for line in SETTINGS.splitlines() if f'"{needed}"' in line]
    reasons = [line.partition("#")[2].strip() for line in lines]
    assert lines
    assert all(reasons)
    assert ">=" in needed
    assert "<" in needed or all("no upper bound" in reason for reason in reasons)


@pytest.mark.parametrize("needed", REQUIREMENTS)
def test_a_dependency_has_a_known_good_version(needed: str) -> None:
    assert _name(needed) in {_name(pin) for pin in _pins()}


def test_every_pin_names_one_version() -> None:
    assert [pin for pin in _pins() if not re.match(r"^[a-z0-9.-]+==[^*;\s]+(; .*)?$", pin)] == []


@pytest.mark.parametrize("name", NUMERICAL)
def test_libraries_that_results_depend_on_are_the_same_on_every_python(name: str) -> None:
    (pin,) = (pin for pin in _pins() if _name(pin) == name)
    assert ";" not in pin


def test_the_version_is_the_same_everywhere() -> None:
    version = mesa_llm_city.__version__
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\n## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_python_of_package_types_and_style_is_the_same() -> None:
    tools = tomllib.loads(SETTINGS)["tool"]
    assert PROJECT["requires-python"] == ">=3.11"
    assert tools["mypy"]["python_version"] == "3.11"
    assert tools["ruff"]["target-version"] == "py311"
