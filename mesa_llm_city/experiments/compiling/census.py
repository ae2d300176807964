"""A census: which cells occur in a run by rules, how often, and some of the decisions in each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from heapq import heappush, heappushpop
from typing import Any, NamedTuple, Self

import numpy as np

from mesa_llm_city.citizen.presets import Decider, check_policies, policy_form
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.option_checks import OptionChecks
from mesa_llm_city.core.values import Int
from mesa_llm_city.experiments.compiling.frozen_case import FrozenCase, Given, freeze
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.policies import Case, Dimension, Moment, MomentDecider, PolicyForm, case_values
from mesa_llm_city.policies.dimensions import dimensions_of
from mesa_llm_city.simulation.model import CityModel

__all__ = ["Census", "Counted", "Met", "take_census"]


class Met(NamedTuple):
    """A decision that was met in a run.

    Attributes
    ----------
    rank : float
        A random number in [0, 1) by which decisions of a cell are picked.
    number : int
        How many decisions were met before.
    person : int
        Whose it was.
    cell : int
        Its cell, as a code over all dimensions.
    moment : Moment
        When.
    answer : str
        What the rule decided, in canonical form.
    case : FrozenCase
        What the decision was given.
    """

    rank: float
    number: int
    person: int
    cell: int
    moment: Moment
    answer: str
    case: FrozenCase


class Counted(NamedTuple):
    """How often the cells of one kind of decision occur.

    Attributes
    ----------
    cells : ndarray of int64, shape (m,)
        Codes of the cells, rising.
    moments : ndarray of int64, shape (m,)
        Number of decisions in each.
    """

    cells: Int
    moments: Int


class Census:
    """The decisions of one kind in a run by rules: all counted, some kept.

    Parameters
    ----------
    form : PolicyForm
        The kind of decision.
    by : sequence of str
        Names of dimensions, the most important first (see `policies.DIMENSIONS`).
    per_cell : int, default 3
        How many decisions of each cell are kept.
    held_out : float, default 0.1
        Share of the decisions that are kept apart, to compare a policy with: in [0, 1).
    most_held_out : int, default 500
        How many of those are kept at most.

    Attributes
    ----------
    form : PolicyForm
        As given.
    dimensions : tuple of Dimension
        As named, with the bands of the parameters.
    share_held_out : float
        Share of the decisions that are kept apart.
    people, days, seed : int
        Of the run; 0 before.

    Raises
    ------
    ConfigError
        If a number is outside its range, or a dimension is not known.
    """

    def __init__(
        self,
        form: PolicyForm,
        by: Sequence[str],
        *,
        per_cell: int = 3,
        held_out: float = 0.1,
        most_held_out: int = 500,
    ) -> None:
        checks = OptionChecks()
        checks.whole("per_cell", per_cell)
        checks.number("held_out", held_out, most=1.0)
        checks.whole("most_held_out", most_held_out)
        checks.finish()
        self.form = form
        self.dimensions: tuple[Dimension, ...] = dimensions_of(by, form.columns, form.parameters)
        self.people = self.days = self.seed = 0
        self.per_cell, self.share_held_out, self._most_held_out = per_cell, held_out, most_held_out
        self._columns = frozenset(name for one in self.dimensions for name in one.columns)
        self._cells: list[int] = []
        self._kept: dict[int, list[tuple[float, int, Met]]] = {}
        self._apart: list[tuple[float, int, Met]] = []

    def __len__(self) -> int:
        """Return the number of decisions."""
        return len(self._cells)

    def __deepcopy__(self, memo: object = None) -> Self:
        """Return the census itself, since components that are copied count into the same one."""
        return self

    def watch(self, rule: object, form: PolicyForm) -> MomentDecider[object]:
        """Return a component that decides as a rule does, and is counted; a `Decider`."""
        return _Watched(rule, form, self)

    def note(self, case: Case, moment: Moment, by_rule: object, given: Callable[[], Given]) -> None:
        """Count a decision, and keep it if it is among those picked.

        Parameters
        ----------
        case : Case
            The decision.
        moment : Moment
            When.
        by_rule : object
            What the rule decided.
        given : callable
            Returns what it was given.
        """
        values = case_values(case, moment, self._columns, self.form.parameters)
        cell = 0
        for one in self.dimensions:
            cell = cell * one.size + int(one.codes(values))
        number = len(self._cells)
        self._cells.append(cell)
        is_apart = moment.uniform < self.share_held_out
        heap = self._apart if is_apart else self._kept.setdefault(cell, [])
        most = self._most_held_out if is_apart else self.per_cell
        # The greatest rank comes first, so that the lowest ones stay.
        key = (-moment.uniform, -number)
        if len(heap) == most and key <= heap[0][:2]:
            return
        persona = case.persona
        met = Met(
            moment.uniform,
            number,
            -1 if persona is None else persona.id,
            cell,
            moment,
            case.answer_of(by_rule),
            freeze(given()),
        )
        if len(heap) < most:
            heappush(heap, (*key, met))
        else:
            heappushpop(heap, (*key, met))

    def counted(self) -> Counted:
        """Return how often each cell occurs."""
        cells, moments = np.unique(np.array(self._cells, dtype=np.int64), return_counts=True)
        return Counted(cells, moments.astype(np.int64))

    def kept(self, cell: int) -> list[Met]:
        """Return the decisions of a cell that were kept, in the order in which they are asked."""
        return sorted((met for *_, met in self._kept.get(cell, ())), key=_rank)

    def held_out(self) -> list[Met]:
        """Return the decisions that were kept apart, in the order in which they were met."""
        return sorted((met for *_, met in self._apart), key=lambda one: one.number)


def _rank(met: Met) -> tuple[float, int]:
    return met.rank, met.number


class _Watched(MomentDecider[Any]):
    """A component that decides by rule while a census is taken."""

    __slots__ = ("census",)

    def __init__(self, rule: object, form: PolicyForm, census: Census) -> None:
        super().__init__(rule, form)
        self.census = census

    def _decided(
        self,
        case: Case,
        moment: Moment,
        by_rule: Any,  # noqa: ANN401 - any decision
        args: tuple[Any, ...],
        facts: Mapping[str, Any],
    ) -> Any:  # noqa: ANN401 - any decision
        self.census.note(case, moment, by_rule, lambda: Given(self.rule, by_rule, args, facts))
        return by_rule


def take_census(
    make_model: Callable[[Mapping[str, Decider]], CityModel],
    by: Mapping[str, Sequence[str]],
    *,
    parameters: CityParameters,
    days: int = 1,
    per_cell: int = 3,
    held_out: float = 0.1,
) -> dict[str, Census]:
    """Count the cells that occur in a run by rules, for each kind of decision.

    Parameters
    ----------
    make_model : callable
        Returns a model with the argument ``policies`` that it is given.
    by : mapping of str to sequence of str
        Dimensions of the cells by prompt, the most important first.
    parameters : CityParameters
        Those of the model.
    days : int, default 1
        Length of the run.
    per_cell : int, default 3
        Decisions of each cell that are kept, to be asked about.
    held_out : float, default 0.1
        Share of the decisions that are kept apart.

    Raises
    ------
    ConfigError
        If no policy can decide about a prompt, a dimension is not known, a number is outside its
        range, or nothing is decided in the run.

    Examples
    --------
    >>> from mesa_llm_city import City, CityModel
    >>> from mesa_llm_city.parameters import default_parameters
    >>> town = City.synthetic(rng=1, places=300)
    >>> censuses = take_census(
    ...     lambda policies: CityModel(town, 5, rng=7, policies=policies),
    ...     {"mode": ["distance", "car"]}, parameters=default_parameters(),
    ... )
    >>> censuses["mode"].people, len(censuses["mode"]) > 0
    (5, True)
    """
    check_policies(by, frozenset())
    censuses = {
        prompt: Census(policy_form(prompt, parameters), names, per_cell=per_cell, held_out=held_out)
        for prompt, names in by.items()
    }
    model = make_model({prompt: one.watch for prompt, one in censuses.items()})
    people = len(model.citizens)
    model.run_days(days)
    if silent := [prompt for prompt, one in censuses.items() if not len(one)]:
        message = (
            f"nothing is decided about {', '.join(silent)} by {people} people in {days} days; "
            "give more people or days, or leave it out (share needs the components of opinions)"
        )
        raise ConfigError(message)
    for one in censuses.values():
        one.people, one.days, one.seed = people, days, model.first_seed
    return censuses
