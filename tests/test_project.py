"""The files around the code agree with it and with one another."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

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


def _is_bounded_and_justified(needed: str) -> bool:
    """Tell whether a dependency has bounds, and its line a reason, also for a bound it lacks."""
    lines = [line for line in SETTINGS.splitlines() if f'"{needed}"' in line]
    reasons = [line.partition("#")[2].strip() for line in lines]
    if not reasons or not all(reasons) or ">=" not in needed:
        return False
    return "<" in needed or all("no upper bound" in reason for reason in reasons)


def test_every_dependency_is_bounded_and_justified_in_its_line() -> None:
    wrong = [needed for needed in REQUIREMENTS if not _is_bounded_and_justified(needed)]
    assert not wrong, ", ".join(wrong)


def test_every_dependency_has_a_known_good_version() -> None:
    known = {_name(pin) for pin in _pins()}
    wrong = [needed for needed in REQUIREMENTS if _name(needed) not in known]
    assert not wrong, ", ".join(wrong)


def test_no_dependency_is_named_twice_in_one_list() -> None:
    lists = {"dependencies": PROJECT["dependencies"], **EXTRAS}
    names = {title: [_name(needed) for needed in needs] for title, needs in lists.items()}
    own = PROJECT["name"]
    twice = [
        f"{title}: {name}"
        for title, all_names in names.items()
        for name in set(all_names) - {own}
        if all_names.count(name) > 1
    ]
    assert not twice, ", ".join(sorted(twice))


def test_every_pin_names_one_version() -> None:
    assert [pin for pin in _pins() if not re.match(r"^[a-z0-9.-]+==[^*;\s]+(; .*)?$", pin)] == []


def test_libraries_that_results_depend_on_are_the_same_on_every_python() -> None:
    pins = {_name(pin): pin for pin in _pins()}
    wrong = [name for name in NUMERICAL if ";" in pins[name]]
    assert not wrong, ", ".join(wrong)


def test_the_version_is_the_same_everywhere() -> None:
    version = mesa_llm_city.__version__
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\n## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_python_of_package_types_and_style_is_the_same() -> None:
    tools = tomllib.loads(SETTINGS)["tool"]
    assert PROJECT["requires-python"] == ">=3.11"
    assert tools["mypy"]["python_version"] == "3.11"
    assert tools["ruff"]["target-version"] == "py311"
