"""Weight is optional: what an import loads, and that it opens no connection."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ["torch", "transformers", "litellm", "openai", "solara", "geopandas", "matplotlib"]
HEAVY += ["opening_hours"]
TABLES = ["mesa", "pandas", "pyogrio", "pyarrow", "scipy", "pydantic", "typer", "jinja2"]

PROGRAM = """
import json, sys
calls = []
sys.addaudithook(lambda event, _: event.startswith("socket.") and calls.append(event))
{imports}
print(json.dumps([sorted(sys.modules), calls]))
"""


def _import(imports: str) -> tuple[set[str], list[str]]:
    """Run `imports` in a fresh interpreter; return loaded modules and what sockets did."""
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(imports=imports)],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded, calls = json.loads(told.stdout)
    return set(loaded), calls


def test_importing_the_package_loads_no_library_at_all() -> None:
    loaded, calls = _import("import mesa_llm_city")
    assert loaded.isdisjoint(HEAVY + TABLES)
    assert calls == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "imports",
    [
        "from mesa_llm_city import CityModel, City, Population, Thinking",
        "from mesa_llm_city.mind import Needs, Memory, PlaceBeliefs",
        "from mesa_llm_city.citizen.citizen import Citizen",
    ],
)
def test_importing_every_part_loads_nothing_heavy_and_opens_no_connection(imports: str) -> None:
    loaded, calls = _import(imports)
    assert loaded.isdisjoint(HEAVY)
    assert [call for call in calls if call in {"socket.connect", "socket.getaddrinfo"}] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "imports",
    ["from mesa_llm_city.mind import Needs", "from mesa_llm_city.citizen.citizen import Citizen"],
)
def test_a_part_and_a_citizen_need_no_mesa(imports: str) -> None:
    loaded, _ = _import(imports)
    assert "mesa" not in loaded
