"""The layers of the package: a file may import only from layers below its own.

All imports count, those inside functions and under ``TYPE_CHECKING`` as well:
the table is about who may know whom, not about what is loaded when.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import networkx as nx
import pytest

import mesa_llm_city

PACKAGE = "mesa_llm_city"
ROOT = Path(mesa_llm_city.__file__).parent
# The runnable models are no part of the package; `migration/models` is.
FILES = sorted(path for path in ROOT.rglob("*.py") if path.relative_to(ROOT).parts[0] != "models")

# Files and folders of the package, from the ground up (docs/architecture.md).
LAYERS = (
    ("core",),
    ("parameters",),
    ("llm", "prompts", "testing"),
    ("population", "policies"),
    ("mind", "mobility", "social", "migration", "economy"),
    ("city",),
    ("citizen",),
    ("crowd",),
    ("simulation",),
    ("experiments",),
    ("ui", "cli"),
    ("__init__", "__main__", "models"),
)
LAYER = {unit: layer for layer, units in enumerate(LAYERS) for unit in units}

# The parts of a mind stand alone, so that each can be used without the others.
STRANGERS = frozenset(LAYERS[LAYER["mind"]])

# Who may know a library; nobody else imports it, at any time.
RESERVED = {
    "mesa": ("simulation", "experiments", "ui", "cli"),
    "mesa_geo": ("simulation", "experiments", "ui", "cli"),
    "torch": ("migration/models/rms",),
    "transformers": ("migration/models/rms",),
    "peft": ("migration/models/rms",),
    "litellm": ("llm",),
    "aiohttp": ("llm",),
    "asyncio": ("llm",),
    "xllamacpp": ("llm",),
    "jinja2": ("prompts",),
    "solara": ("ui",),
    "anywidget": ("ui",),
    "dask": ("experiments/sweeping",),
    "distributed": ("experiments",),
    "ray": ("experiments/sweeping",),
    "typer": ("cli",),
}

# Imports against the order of layers, each with its reason.
EXCEPTIONS = {
    ("city/city", "mesa_llm_city.simulation.geospace.to_geospace"): (
        "City.to_geospace(model) hands the city over; it calls nothing else up there"
    ),
    ("city/city", "mesa"): "the type of an argument of City.to_geospace",
    ("city/city", "mesa_geo"): "the type of what City.to_geospace returns",
}


def _named(path: Path) -> str:
    """Return the path inside the package, such as ``mind/needs``."""
    return path.relative_to(ROOT).with_suffix("").as_posix()


def _unit(inside: str) -> str:
    return inside.split("/", maxsplit=1)[0]


def _imported(node: ast.AST, inside: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        home = [PACKAGE, *inside.split("/")][: -node.level] if node.level else []
        module = ".".join([*home, *filter(None, [node.module])])
        yield from (f"{module}.{alias.name}" for alias in node.names)


class _Import(NamedTuple):
    """One imported name: the file inside the package, the line, the full name, and its use."""

    inside: str
    line: int
    name: str
    is_for_types: bool

    def __str__(self) -> str:
        return f"{self.inside}.py, line {self.line}: imports {self.name}"


@cache
def _imports() -> tuple[_Import, ...]:
    """Return every import of the package; each file is parsed once for all tests."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in FILES]
    return tuple(
        _Import(inside, getattr(node, "lineno", 0), name, node in for_types)
        for inside, tree in zip(map(_named, FILES), trees, strict=True)
        for for_types in (_for_types(tree),)
        for node in ast.walk(tree)
        for name in _imported(node, inside)
    )


def _for_types(tree: ast.AST) -> frozenset[ast.AST]:
    """Return all that stands under ``if TYPE_CHECKING``."""
    return frozenset(
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for one in node.body
        for inner in ast.walk(one)
    )


def _own_unit(name: str) -> str | None:
    """Return which unit of the package an imported name belongs to, if any."""
    package, _, rest = name.partition(".")
    if package != PACKAGE:
        return None
    unit = rest.partition(".")[0]
    return unit if unit in LAYER else "__init__"


def _forbidden(unit: str, other: str) -> bool:
    if unit == other:
        return False
    if {unit, other} <= STRANGERS:
        return True
    return LAYER[other] > LAYER[unit]


def _told(wrong: list[str]) -> str:
    """Return a message with all that is wrong, which pytest would cut short."""
    return "\n".join(["", *wrong])


def test_every_file_has_a_layer() -> None:
    without = [inside for inside in map(_named, FILES) if _unit(inside) not in LAYER]
    assert not without, f"write into LAYERS and docs/architecture.md: {_told(without)}"


@pytest.mark.slow
def test_no_file_imports_a_higher_layer_or_a_stranger() -> None:
    wrong = [
        str(one)
        for one in _imports()
        if (other := _own_unit(one.name)) is not None
        and _forbidden(_unit(one.inside), other)
        and (one.inside, one.name) not in EXCEPTIONS
    ]
    assert not wrong, _told(wrong)


def test_a_library_is_imported_only_where_it_belongs() -> None:
    wrong = [
        str(one)
        for one in _imports()
        if (homes := RESERVED.get(one.name.partition(".")[0])) is not None
        and not any(one.inside == home or one.inside.startswith(f"{home}/") for home in homes)
        and (one.inside, one.name) not in EXCEPTIONS
    ]
    assert not wrong, _told(wrong)


# An agent and its model know each other, as in Mesa: in annotations, parts of a model name it.
NAMED_IN_ANNOTATIONS = "simulation/model"

_DEMOGRAPHY = (
    *("careers", "coming_and_going", "demography", "families", "lives", "model_part"),
    *("newcomer_ties", "relocation", "residence", "yearly"),
)

# Files that import each other in a circle, and why each circle may stay.
CYCLES = {
    "a crowd is looked at by its rows, and grown, told and asked by files of their own": {
        *("simulation/crowd/crowd_agent", "simulation/crowd/crowd_row"),
        *("simulation/crowd/membership", "simulation/crowd/messages_of_rows"),
        *("simulation/crowd/row_query", "simulation/crowd/row_survey"),
    },
    "a city is made by its loaders and its town, and shown by others, which know the class": {
        *("city/__init__", "city/city", "city/describe", "city/loading/__init__"),
        "city/notebook_card",
        *("city/loading/assemble", "city/loading/build", "city/town/__init__", "city/town/town"),
        *("simulation/geo_agents", "simulation/geospace"),
    },
    "an agent writes down what it does, and what is written down names agents in annotations": {
        *("simulation/agent", "simulation/encounters", "simulation/journal"),
    },
    "any model can be seen through a view, and a view of a live model is one of them": {
        *("ui/views/live", "ui/views/live_person", "ui/views/live_positions"),
        *("ui/views/live_row_person", "ui/views/live_rows", "ui/views/protocols"),
    },
}


def _cycles() -> list[set[str]]:
    """Return the groups of files that import each other in circles."""
    files = {_named(path) for path in FILES}
    graph = nx.DiGraph()
    for one in _imports():
        module = one.name.removeprefix(f"{PACKAGE}.").replace(".", "/")
        parent = module.rpartition("/")[0]
        # What is imported is a module, a name in a module, or a name in a package.
        for target in (module, f"{module}/__init__", parent, f"{parent}/__init__"):
            if one.is_for_types and target == NAMED_IN_ANNOTATIONS:
                break
            if target in files and target != one.inside:
                graph.add_edge(one.inside, target)
                break
    return [group for group in nx.strongly_connected_components(graph) if len(group) > 1]


def test_files_import_one_way_but_for_circles_that_have_a_reason() -> None:
    wrong = [
        sorted(group) for group in _cycles() if not any(group <= one for one in CYCLES.values())
    ]
    assert wrong == []


def test_every_circle_that_may_stay_is_still_there() -> None:
    found = _cycles()
    assert [why for why, files in CYCLES.items() if files not in found] == []


def test_every_exception_is_still_needed() -> None:
    assert EXCEPTIONS.keys() <= {(one.inside, one.name) for one in _imports()}


@pytest.mark.parametrize(
    ("source", "inside", "names"),
    [
        ("import mesa.discrete_space", "city/city", ["mesa.discrete_space"]),
        ("from mesa_llm_city.core import errors", "mind/needs", ["mesa_llm_city.core.errors"]),
        ("from . import beliefs", "mind/needs", ["mesa_llm_city.mind.beliefs"]),
        ("from ..city import City", "mind/needs", ["mesa_llm_city.city.City"]),
        ("def f():\n    import torch", "mind/needs", ["torch"]),
        ("if TYPE_CHECKING:\n    import torch", "mind/needs", ["torch"]),
    ],
)
def test_the_walk_sees_every_kind_of_import(source: str, inside: str, names: list[str]) -> None:
    assert [n for node in ast.walk(ast.parse(source)) for n in _imported(node, inside)] == names


@pytest.mark.parametrize(
    ("unit", "other", "forbidden"),
    [
        ("mind", "mind", False),
        ("mind", "population", False),
        ("mind", "mobility", True),
        ("mind", "city", True),
        ("city", "mobility", False),
        ("simulation", "citizen", False),
        ("citizen", "simulation", True),
        ("core", "__init__", True),
    ],
)
def test_the_rule_says_no_where_it_should(unit: str, other: str, *, forbidden: bool) -> None:
    assert _forbidden(unit, other) is forbidden
