"""How outsiders come into a model: from counts, or a few numbers, to persons and their gates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from mesa_llm_city.city import City
from mesa_llm_city.city.gates import default_gates, is_station, with_gates
from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.streams import rng
from mesa_llm_city.core.values import Float, Purpose
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.population import CommuterParameters, VisitorParameters
from mesa_llm_city.population import OutsiderRole, Persona, Population
from mesa_llm_city.population.outsiders.counts import EntryCount, Outsiders
from mesa_llm_city.population.outsiders.making import Group, members_of, whole_groups

__all__ = ["assumed_counts", "residents_of", "with_outsiders"]


def with_outsiders(
    city: City,
    residents: Sequence[Persona],
    outsiders: Outsiders | None = None,
    *,
    seed: int,
    parameters: CityParameters | None = None,
) -> tuple[City, Population]:
    """Return a city with gates, and its residents with those who enter from outside.

    Parameters
    ----------
    city : City
        The city; it stays as it is.
    residents : sequence of Persona
        Those who live there; a population keeps what is known of it.
    outsiders : Outsiders, optional
        How many people enter; by default as many as the parameters say, none unless changed.
    seed : int
        Seed of the run.
    parameters : CityParameters, optional
        Reads `population.outsiders`; those of the city by default.

    Returns
    -------
    City
        The city itself if nobody enters.
    Population
        Residents first; the others have ids of their own from a million on.

    Raises
    ------
    ConfigError
        If `outsiders` are none.
    DataError
        If a gate is not on the map, or there is no workplace for commuters.
    """
    if outsiders is not None and not isinstance(outsiders, Outsiders):
        message = f"outsiders must be Outsiders.from_counts(table) or None, got {outsiders!r}"
        raise ConfigError(message)
    tree = city.parameters if parameters is None else parameters
    population = _population(residents)
    counts = (outsiders or Outsiders()).counts or assumed_counts(city, population, tree)
    taken = max((max(one.id, one.household.id) for one in population), default=0)
    groups = whole_groups(counts, seed=seed, parameters=tree.population.outsiders, taken=taken)
    if not groups:
        return city, population
    larger, gates = with_gates(city, list(dict.fromkeys(group.gate for group in groups)))
    numbers = tree.population
    members = members_of(
        groups,
        _alike(groups, city, population, seed, tree),
        gates=gates,
        position=larger.position,
        by_car=lambda gate: not is_station(gate, city),
        work=city.supply(Purpose.WORK),
        beta_per_km=numbers.commuting.beta_per_km,
        adult_from=numbers.ages.stages.adult_from,
        car_share=numbers.outsiders.car_share,
        seed=seed,
    )
    return larger, replace(population, people=(*population.people, *members))


def residents_of(people: Sequence[Persona]) -> Sequence[Persona]:
    """Return people without the outsiders among them; the same if there are none."""
    kept = tuple(one for one in people if one.outsider is None)
    if len(kept) == len(people):
        return people
    return replace(people, people=kept) if isinstance(people, Population) else kept


def assumed_counts(
    city: City, residents: Sequence[Persona], parameters: CityParameters
) -> tuple[EntryCount, ...]:
    """Return counts that follow from the jobs and the places of leisure of a city.

    Commuters are as many as `commuters.per_open_job` times the jobs that no resident fills,
    visitors as `visitors.per_place` times the places of leisure, on a weekday. They are divided
    among the gates by station entries (see `gates.default_gates`), and among the hours by a
    normal distribution.

    Parameters
    ----------
    city : City
        The city.
    residents : sequence of Persona
        Those who live there.
    parameters : CityParameters
        Reads `population.outsiders`.
    """
    numbers = parameters.population.outsiders
    totals: dict[OutsiderRole, float] = {}
    if numbers.commuters.per_open_job:
        jobs = float(city.supply(Purpose.WORK).weight.sum())
        filled = len([one for one in residents if one.is_employed and one.work != one.home])
        totals[OutsiderRole.COMMUTER] = numbers.commuters.per_open_job * max(jobs - filled, 0.0)
    if numbers.visitors.per_place:
        places = len(city.supply(Purpose.LEISURE).places)
        totals[OutsiderRole.VISITOR] = numbers.visitors.per_place * places
    if not totals:
        return ()
    gates = default_gates(city)
    return tuple(
        EntryCount(gate, role, day, hour, total * share * factor * part)
        for role, total in totals.items()
        for gate, share in gates.items()
        for day, factor, hour, part in _profile(
            numbers.commuters if role is OutsiderRole.COMMUTER else numbers.visitors
        )
    )


def _profile(
    numbers: CommuterParameters | VisitorParameters,
) -> Iterator[tuple[str, float, int, float]]:
    """Yield day, people for each one of a weekday, hour, and the share of the hour in the day."""
    shares = _by_hour(numbers.entry_h, numbers.entry_sd_h)
    factors = (("weekday", 1.0), ("saturday", numbers.saturday), ("sunday", numbers.sunday))
    for day, factor in factors:
        for hour, part in enumerate(shares.tolist()):
            yield day, factor, hour, part


def _by_hour(mean_h: float, sd_h: float) -> Float:
    """Return the share of each hour of a normal distribution cut at midnight, shape (24,)."""
    from scipy.special import ndtr

    ends = ndtr((np.arange(DAY_MIN // HOUR_MIN + 1) - mean_h) / sd_h)
    shares: Float = np.diff(ends) / (ends[-1] - ends[0])
    return shares


def _population(people: Sequence[Persona]) -> Population:
    return people if isinstance(people, Population) else Population(tuple(people))


def _alike(
    groups: Sequence[Group], city: City, population: Population, seed: int, tree: CityParameters
) -> Population:
    """Return persons like whom outsiders are: synthesised as residents are by default."""
    outsiders = max(int(np.sum([len(group.ids) for group in groups])), 1)
    count = tree.population.outsiders.candidates * outsiders
    return Population.synthesize(
        count,
        city=city,
        rng=int(rng(seed, 0, "outsiders", 0).integers(2**32)),
        marginals=population.marginals,
        parameters=tree,
    )
