"""The schedule of a model: which interventions are due, last, or wait for a condition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.simulation.interventions.base import Applied, Intervention, Span
from mesa_llm_city.simulation.interventions.condition import holds
from mesa_llm_city.simulation.interventions.registry import name_of, read_interventions

if TYPE_CHECKING:
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["NEVER", "Schedule", "with_time"]

NEVER = 2**60
"""Minute of what is not going to happen."""


_END, _BEGIN = 0, 1


class _Due(NamedTuple):
    """Something that will happen, in order: ends come before begins of the same minute."""

    minute: int
    order: int
    number: int


class Schedule:
    """The interventions of a model.

    Attributes
    ----------
    items : list of Intervention
        All of them, by their numbers.
    next_min : int
        Minute at which the next one begins or ends; `NEVER` without any.
    has_conditions : bool
        Whether some wait for a condition.
    """

    def __init__(self) -> None:
        self.items: list[Intervention] = []
        self.next_min = NEVER
        self.has_conditions = False
        self._due: list[_Due] = []
        self._waiting: dict[int, bool] = {}
        self._lasting: dict[int, dict[str, Any]] = {}

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.items)

    def add(self, model: CityModel, given: Iterable[Intervention | Mapping[str, object]]) -> None:
        """Check interventions and take them up.

        One without a time and a condition happens at once, that is at the next minute that
        the model lives.

        Raises
        ------
        DataError
            Lists all that is wrong with any of them; none is taken up then.
        """
        new = read_interventions(given)
        defects = [
            f"{name_of(number, one)}: {defect}"
            for number, one in enumerate(new, start=1)
            for defect in one.defects(model)
        ]
        if defects:
            source = "the list of interventions"
            raise DataError.listing(source, defects)
        for one in new:
            self._enter(model, one)
        self._count()

    def _enter(self, model: CityModel, given: Intervention) -> None:
        number = len(self.items)
        # In the middle of a step it is not known when it will happen.
        is_running = model.minute and not model.is_stepping
        one = with_time(given, model.minute) if is_running else given
        self.items.append(one)
        if one.when is not None:
            self._waiting[number] = False
            return
        minute = one.at_min(model.clock)
        self._due.append(_Due(model.minute if minute is None else minute, _BEGIN, number))

    def live(self, model: CityModel, minute: int) -> None:
        """Let all that is due up to a minute happen, ends first and then in their order."""
        while self.next_min <= minute:
            due = self._due.pop(0)
            if due.order == _BEGIN:
                self._begin(model, due.number, minute)
            else:
                self._end(model, due.number, minute)
            self._count()

    def look(self, model: CityModel) -> None:
        """Let those happen whose condition has become true; called once a step."""
        for number, held in list(self._waiting.items()):
            if number in self._lasting:
                continue
            one = self.items[number]
            now = one.when is not None and holds(model, one.when)
            self._waiting[number] = now
            if now and not held:
                if not one.repeats:
                    del self._waiting[number]
                self._begin(model, number, model.minute)
        self._count()

    def revise(self, number: int, memo: Mapping[str, Any]) -> None:
        """Change what is known of an intervention that lasts, since another has changed it."""
        if number in self._lasting:
            self._lasting[number] |= memo

    def _begin(self, model: CityModel, number: int, minute: int) -> None:
        one = self.items[number]
        applied = one.apply(model, number, minute)
        _write(model, minute, one.kind, applied)
        if isinstance(one, Span):
            self._lasting[number] = dict(applied.memo)
            until = one.until_min(minute, model.clock)
            if until is not None:
                self._due.append(_Due(until, _END, number))

    def _end(self, model: CityModel, number: int, minute: int) -> None:
        one, memo = self.items[number], self._lasting.pop(number, None)
        if memo is None or not isinstance(one, Span):
            return
        undone = one.undo(model, number, minute, memo)
        if undone is not None:
            _write(model, minute, f"end of {one.kind}", undone)

    def _count(self) -> None:
        self._due.sort()
        self.next_min = self._due[0].minute if self._due else NEVER
        self.has_conditions = bool(self._waiting)

    def to_list(self) -> list[dict[str, Any]]:
        """Return all interventions as plain values."""
        return [one.to_dict() for one in self.items]

    def state(self) -> dict[str, Any]:
        """Return what has happened and what lasts, as plain values; not the list itself."""
        return {
            "due": [list(one) for one in self._due],
            "waiting": [[number, held] for number, held in self._waiting.items()],
            "lasting": [[number, memo] for number, memo in self._lasting.items()],
        }

    def restore(self, model: CityModel, state: Mapping[str, Sequence[Any]]) -> None:
        """Take over what `state` returned, in a model with the same interventions.

        What lasts holds from then on, without anything being said to people again.
        """
        self._due = [_Due(int(at), int(order), int(n)) for at, order, n in state["due"]]
        self._waiting = {int(number): bool(held) for number, held in state["waiting"]}
        self._lasting = {int(number): dict(memo) for number, memo in state["lasting"]}
        for number, one in self._spans():
            one.resume(model, number, self._lasting[number])
        self._count()

    def _spans(self) -> Iterator[tuple[int, Span]]:
        for number in self._lasting:
            one = self.items[number]
            if isinstance(one, Span):
                yield number, one


def with_time(one: Intervention, minute: int) -> Intervention:
    """Return an intervention with the minute at which it happens, if it has no time.

    So the list of a model that was changed while it ran repeats that run.

    Parameters
    ----------
    one : Intervention
        The intervention.
    minute : int
        When it happens if it does at once, in minutes since the start of the run.
    """
    if one.time is not None or one.when is not None:
        return one
    return replace(one, **{one.time_name: minute})  # type: ignore[arg-type]


def _write(model: CityModel, minute: int, kind: str, applied: Applied) -> None:
    row = (minute, kind, applied.target, applied.text, applied.people)
    model.records.interventions.add(row)
