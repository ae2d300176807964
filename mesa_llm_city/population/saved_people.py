"""Persons and populations as plain values, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population.outsiders.entries import Entries
from mesa_llm_city.population.outsiders.outsider import Outsider, OutsiderRole
from mesa_llm_city.population.persona import Persona
from mesa_llm_city.population.population import Population
from mesa_llm_city.population.synthesis.marginals import Marginals

__all__ = ["people_of", "people_state", "population_facts", "population_of_facts"]

_State = dict[str, Any]


def people_state(people: Sequence[Persona]) -> tuple[list[_State], list[_State]]:
    """Return persons as plain values, and the entries that outsiders among them share.

    Examples
    --------
    >>> from mesa_llm_city import City
    >>> people = Population.synthesize(3, city=City.synthetic(places=300), rng=1).people
    >>> people_of(*people_state(people)) == people
    True
    """
    shared: dict[int, int] = {}
    entries: list[Entries] = []
    rows: list[_State] = _people().dump_python(
        tuple(replace(one, outsider=None) for one in people), mode="json"
    )
    for one, row in zip(people, rows, strict=True):
        if one.outsider is not None:
            number = shared.setdefault(id(one.outsider.entries), len(entries))
            if number == len(entries):
                entries.append(one.outsider.entries)
            row["outsider"] = [str(one.outsider.role), one.outsider.number, number]
    return rows, _entries().dump_python(entries, mode="json")


def people_of(rows: Sequence[_State], entries: Sequence[_State]) -> tuple[Persona, ...]:
    """Return the persons that `people_state` has written."""
    groups = _entries().validate_python(entries)
    people = _people().validate_python([{**row, "outsider": None} for row in rows])
    return tuple(
        one if (enters := row["outsider"]) is None else _entering(one, enters, groups)
        for one, row in zip(people, rows, strict=True)
    )


def _entering(person: Persona, enters: Sequence[Any], groups: Sequence[Entries]) -> Persona:
    role, number, group = enters
    outsider = Outsider(role=OutsiderRole(role), number=number, entries=groups[group])
    return replace(person, outsider=outsider)


def population_facts(people: Sequence[Persona]) -> _State | None:
    """Return what a population knows besides its persons; None of a plain sequence."""
    if not isinstance(people, Population):
        return None
    tree = people.parameters
    return {
        "marginals": None if people.marginals is None else _marginals_state(people.marginals),
        "assumptions": list(people.assumptions),
        "parameters": None if tree is None else tree.model_dump(mode="json"),
        "culture": people.culture,
    }


def population_of_facts(
    people: tuple[Persona, ...], facts: Mapping[str, Any] | None
) -> Sequence[Persona]:
    """Return the population that `population_facts` has written."""
    if facts is None:
        return people
    marginals, tree = facts["marginals"], facts["parameters"]
    return Population(
        people,
        None if marginals is None else _marginals().validate_python(marginals),
        tuple(facts["assumptions"]),
        None if tree is None else CityParameters(**tree),
        facts["culture"],
    )


def _marginals_state(marginals: Marginals) -> _State:
    state: _State = _marginals().dump_python(marginals, mode="json")
    return state


@cache
def _people() -> TypeAdapter[tuple[Persona, ...]]:
    return TypeAdapter(tuple[Persona, ...])


@cache
def _entries() -> TypeAdapter[list[Entries]]:
    return TypeAdapter(list[Entries])


@cache
def _marginals() -> TypeAdapter[Marginals]:
    return TypeAdapter(Marginals)
