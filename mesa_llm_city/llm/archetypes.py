"""Archetypes: one answer shared in a group of persons, for a while.

The first person of a group who asks within a window of time is asked for; the others get that
answer, in terms of the options that they were told. Who is first does not depend on the order in
which answers come: questions are asked round by round, and those of a round in the order of
minutes and persons.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from pydantic import BaseModel, ValidationError

from mesa_llm_city.core.asking import Question
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.option_checks import OptionChecks

__all__ = ["NUMBERED", "Archetype", "Archetypes", "Groups", "Numbered"]

Groups: TypeAlias = Mapping[int, str] | Callable[[Question], str | None]
"""The group of each person; or a function of the question, None for who is in none."""

_Key: TypeAlias = tuple[str, str, int]


class Numbered(NamedTuple):
    """Where a question lists options, and where its reply names them by number.

    Attributes
    ----------
    fact : str
        The fact that is a list of options.
    name : str
        The entry of an option by which it is known; empty where options are texts.
    field : str
        The field of the reply that holds a number, from 1; ``"list.field"`` for that of each
        entry of a list.
    """

    fact: str
    name: str
    field: str


NUMBERED: Mapping[str, Numbered] = {
    "leisure": Numbered("activities", "purpose", "candidates.activity"),
    "place": Numbered("areas", "name", "choice"),
    "mode": Numbered("options", "mode", "choice"),
    "react": Numbered("options", "", "choice"),
    "share": Numbered("options", "", "choice"),
}
"""The prompts of the package whose replies name options by number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archetype:
    """Who shares answers to one kind of question, and for how long.

    Parameters
    ----------
    groups : mapping of int to str, or callable
        The group of each person by id, such as `policies.person_groups` returns; or a function
        of the question that returns it. None, or no entry, for those who share with nobody.
    facts : tuple of str, optional
        Facts of the question that must be equal too, such as ``("purpose", "weather")``.
    window_min : int, default 60
        Length of a window, in simulated minutes from midnight of the first day; answers are
        shared within one.

    Raises
    ------
    ConfigError
        If the window is below 1 minute.

    Examples
    --------
    >>> Archetype(groups={3: "young", 4: "young"}, facts=("purpose",)).window_min
    60
    """

    groups: Groups
    facts: tuple[str, ...] = ()
    window_min: int = 60

    def __post_init__(self) -> None:
        """Check the window, and that a text is not taken for several names."""
        checks = OptionChecks()
        checks.whole("window_min", self.window_min)
        if isinstance(self.facts, str):
            checks.defects.append(f"facts must be a tuple of names, got {self.facts!r}")
        checks.finish()

    def group_of(self, question: Question) -> str | None:
        """Return the group of a question, equal facts included; None if it is shared with nobody.

        Raises
        ------
        ConfigError
            If the question has no such fact.
        """
        if question.minute is None or question.person is None:
            return None
        groups = self.groups
        group = groups(question) if callable(groups) else groups.get(question.person)
        if group is None:
            return None
        if missing := [name for name in self.facts if name not in question.facts]:
            message = (
                f"questions about {question.purpose} have no fact {', '.join(missing)}; "
                f"there are {', '.join(sorted(question.facts))}"
            )
            raise ConfigError(message)
        same = {name: question.facts[name] for name in self.facts}
        return f"{group} {json.dumps(same, sort_keys=True, default=str)}" if same else group


class _Shared(NamedTuple):
    """An answer that a group shares in a window, and of whose question it is the reply."""

    window: int
    names: tuple[str, ...]
    reply: dict[str, Any]
    prompt: str
    model: str


class Archetypes:
    """The answers that groups share, and the questions that wait for one.

    Parameters
    ----------
    archetypes : mapping of str to Archetype
        By purpose of the question.

    Raises
    ------
    ConfigError
        If something else than an `Archetype` is given.
    """

    def __init__(self, archetypes: Mapping[str, Archetype]) -> None:
        given: Iterable[object] = archetypes.values()
        if wrong := [one for one in given if not isinstance(one, Archetype)]:
            message = f"archetypes must be a table of Archetype by purpose, got {wrong[0]!r:.80}"
            raise ConfigError(message)
        self.by_purpose = dict(archetypes)
        self._shared: dict[tuple[str, str], _Shared] = {}
        self._leading: dict[int, _Key] = {}
        self._waiting: dict[_Key, list[tuple[int, Question]]] = {}

    def __getstate__(self) -> dict[str, Any]:
        """Pickle without questions that are open."""
        return {**self.__dict__, "_leading": {}, "_waiting": {}}

    def key_of(self, question: Question) -> _Key | None:
        """Return purpose, group and window of a question; None if it is shared with nobody."""
        archetype = self.by_purpose.get(question.purpose)
        group = None if archetype is None else archetype.group_of(question)
        if archetype is None or group is None or question.minute is None:
            return None
        return question.purpose, group, question.minute // archetype.window_min

    def lead(self, ticket: int, key: _Key) -> None:
        """Let a question be the one that is asked for its group."""
        self._leading[ticket] = key
        self._waiting.setdefault(key, [])

    def wait(self, ticket: int, question: Question, key: _Key) -> bool:
        """Let a question wait for the answer of its group; False if none is under way."""
        if key not in self._waiting:
            return False
        self._waiting[key].append((ticket, question))
        return True

    def answered(
        self, ticket: int, question: Question, reply: BaseModel, *, prompt: str, model: str
    ) -> list[tuple[int, Question]]:
        """Keep the answer to a question that was asked for its group; return those who wait."""
        key = self._leading.pop(ticket, None)
        if key is None:
            return []
        purpose, group, window = key
        self._shared[purpose, group] = _Shared(
            window, _names(question), reply.model_dump(mode="json"), prompt, model
        )
        return self._waiting.pop(key, [])

    def failed(self, ticket: int) -> list[tuple[int, Question]]:
        """Take a question that has no answer out of its group; return those who wait."""
        key = self._leading.pop(ticket, None)
        return [] if key is None else self._waiting.pop(key, [])

    def answer(self, question: Question, key: _Key) -> tuple[BaseModel, str, str] | None:
        """Return the answer that the group of a question shares, with its prompt and model.

        None if there is none in this window, or it names an option that the question has not.
        """
        purpose, group, window = key
        shared = self._shared.get((purpose, group))
        if shared is None or shared.window != window:
            return None
        reply = _translated(shared, question)
        return None if reply is None else (reply, shared.prompt, shared.model)

    def has_answer(self, key: _Key) -> bool:
        """Tell whether the group of a question shares an answer in this window."""
        shared = self._shared.get(key[:2])
        return shared is not None and shared.window == key[2]

    def clear_open(self) -> None:
        """Forget the questions that are open."""
        self._leading.clear()
        self._waiting.clear()

    def state(self) -> list[dict[str, Any]]:
        """Return the answers that are shared now, as JSON-able values."""
        return [
            {"purpose": purpose, "group": group, **shared._asdict()}
            for (purpose, group), shared in self._shared.items()
        ]

    def restore(self, state: Iterable[Mapping[str, Any]]) -> None:
        """Take over what `state` has returned."""
        for one in state:
            shared = _Shared(**{name: one[name] for name in _Shared._fields})
            names = tuple(shared.names)
            self._shared[one["purpose"], one["group"]] = shared._replace(names=names)


def _names(question: Question) -> tuple[str, ...]:
    """Return the options of a question by the names by which they are known."""
    numbered = NUMBERED.get(question.purpose)
    if numbered is None:
        return ()
    options: Any = question.facts.get(numbered.fact, ())
    return tuple(str(one[numbered.name]) if numbered.name else str(one) for one in options)


def _translated(shared: _Shared, question: Question) -> BaseModel | None:
    """Return a shared reply with the numbers that its options have in another question."""
    numbered, reply = NUMBERED.get(question.purpose), json.loads(json.dumps(shared.reply))
    if numbered is not None:
        entries, _, field = numbered.field.rpartition(".")
        places: Sequence[dict[str, Any]] = reply[entries] if entries else [reply]
        names = _names(question)
        for one in places:
            name = shared.names[one[field] - 1]
            if name not in names:
                return None
            one[field] = names.index(name) + 1
    try:
        return question.reply.model_validate(reply)
    except ValidationError:
        return None
