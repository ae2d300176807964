"""Checks that every component must pass; run them over components of your own too."""

from __future__ import annotations

import copy
import json
import pickle
from collections import deque
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, TypeAlias, TypeVar

import numpy as np

from mesa_llm_city.core import streams
from mesa_llm_city.core.asking import Backend, Question, run
from mesa_llm_city.core.errors import CityError
from mesa_llm_city.prompts.prompted import Prompted

__all__ = ["check_component"]

C = TypeVar("C")
T = TypeVar("T")
Think: TypeAlias = Callable[[C, np.random.Generator], Coroutine[Any, Any, T]]


def check_component(
    make: Callable[[], C],
    think: Think[C, T],
    *,
    commit: Callable[[C, T], None] | None = None,
    inputs: Sequence[object] = (),
    backend: Backend | None = None,
) -> None:
    """Check that a component keeps its promises.

    The promises: a rule asks nothing; a decision changes neither the component nor its inputs;
    the same random numbers lead to the same decision; what changes over a run is part of
    `state` and survives JSON; the component pickles. A component without `state` and `restore`
    must never change.

    Parameters
    ----------
    make : callable
        Builds a new component. A `Prompted` one is checked in both forms.
    think : callable
        Takes a component and a random generator, and returns the coroutine of a decision.
    commit : callable, optional
        Takes a component and the decision, and changes the component accordingly.
    inputs : sequence, optional
        The values that `think` hands to the component; none may change.
    backend : Backend, optional
        Answers the questions of a `Prompted` component; always the same to the same question.

    Raises
    ------
    AssertionError
        If a promise is broken; the message names it.

    Examples
    --------
    >>> from mesa_llm_city.mind import Needs
    >>> async def look(needs, rng):
    ...     return needs.dominant(at=6.0)
    >>> check_component(Needs, look, commit=lambda needs, _: needs.satisfy("hunger", 0.5, at=6.0))
    """
    _check_rules_ask_nothing(make(), think)
    part = make()
    if isinstance(part, Prompted):
        _expect(backend is not None, "a Prompted component asks; give backend=, which answers")
    decide = _Decide(think, backend)
    _check_decision_changes_nothing(part, decide, inputs)
    _check_same_random_numbers_same_value(make, decide)
    _check_state_round_trip(make, decide, commit)
    _check_pickles(make(), decide)


class _Decide:
    """Runs the decision of a component, with the same random numbers every time."""

    def __init__(self, think: Think[Any, Any], backend: Backend | None) -> None:
        self._think, self._backend = think, backend

    def __call__(self, part: object) -> Any:  # noqa: ANN401 - any decision
        return run(self._think(part, _rng()), backend=self._backend)


def _rng() -> np.random.Generator:
    return streams.rng(7, 1, "check", 0)


def _expect(holds: object, message: str) -> None:
    # A plain `assert` would vanish under `python -O`, and the check with it.
    if not holds:
        raise AssertionError(message)


def _same(one: object, other: object) -> bool:
    return repr(_plain(one)) == repr(_plain(other))


def _plain(value: object) -> object:
    """Turn arrays, values and objects into nested lists that compare to the last bit."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Mapping):
        return [[_plain(key), _plain(item)] for key, item in value.items()]
    if isinstance(value, list | tuple | deque):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return [type(value).__name__, [_plain(getattr(value, f.name)) for f in fields(value)]]
    if hasattr(value, "__dict__") and not callable(value):
        return [type(value).__name__, _plain(vars(value))]
    return value


def _rule(part: object) -> Any:  # noqa: ANN401 - any component
    """Return the rule beneath the prompts of a component."""
    while isinstance(part, Prompted):
        part = part.rule
    return part


def _name(part: object) -> str:
    return type(_rule(part)).__name__


def _kept(part: object) -> str:
    """Return what a component has to remember, as text: its state, or all its attributes."""
    rule = _rule(part)
    if hasattr(rule, "state"):
        return repr(_plain(rule.state()))
    return repr([(name, _plain(value)) for name, value in _attributes(rule)])


def _attributes(part: object) -> Iterator[tuple[str, object]]:
    yield from getattr(part, "__dict__", {}).items()
    slots = (name for kind in type(part).__mro__ for name in vars(kind).get("__slots__", ()))
    yield from ((name, getattr(part, name)) for name in slots if hasattr(part, name))


def _check_decision_changes_nothing(
    part: object, decide: _Decide, inputs: Sequence[object]
) -> None:
    before, given = _kept(part), copy.deepcopy(list(inputs))
    decide(part)
    _expect(before == _kept(part), f"a decision of {_name(part)} changed its state")
    _expect(_same(given, list(inputs)), f"a decision of {_name(part)} changed its inputs")


def _check_rules_ask_nothing(part: C, think: Think[C, T]) -> None:
    class Refuses:
        def answer_many(self, questions: Sequence[Question]) -> Sequence[CityError]:
            message = f"the rule of {_name(part)} asked about {questions[0].purpose!r}"
            raise AssertionError(message)

    run(think(_rule(part), _rng()), backend=Refuses())


def _check_same_random_numbers_same_value(make: Callable[[], object], decide: _Decide) -> None:
    first, second = (decide(make()) for _ in range(2))
    _expect(_same(first, second), "the same random numbers led to another value")


def _check_state_round_trip(
    make: Callable[[], C], decide: _Decide, commit: Callable[[C, T], None] | None
) -> None:
    part = make()
    value, before, name = decide(part), _kept(part), _name(part)
    if commit is not None:
        commit(part, value)
    if not hasattr(_rule(part), "state"):
        lost = f"{name} changes but has no state() and restore(): a saved run would lose it"
        _expect(before == _kept(part), lost)
        return
    _check_restored(part, make(), decide)


def _check_restored(part: object, twin: object, decide: _Decide) -> None:
    _rule(twin).restore(json.loads(json.dumps(_rule(part).state())))
    name = _name(part)
    same_state = _rule(part).state() == _rule(twin).state()
    _expect(same_state, f"{name} restores another state than it saved")
    _expect(_same(decide(part), decide(twin)), f"{name} decides otherwise once restored")


def _check_pickles(part: object, decide: _Decide) -> None:
    copied = pickle.loads(pickle.dumps(part))  # noqa: S301 - our own bytes
    _expect(_same(decide(part), decide(copied)), f"{_name(part)} decides otherwise once pickled")
