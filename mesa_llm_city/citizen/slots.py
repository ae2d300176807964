"""The slots of a citizen: which methods the component in each slot must have.

A component is any object with these methods; nothing has to be derived from. Methods that
decide are coroutines (``async def``): they may ask a language model and change nothing. The
others change the component or read it. A decision is a named tuple with the fields ``source``
and ``reason``, or simply a pair ``(choice, reason)``.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from inspect import iscoroutinefunction
from numbers import Integral
from types import MappingProxyType
from typing import Any, Protocol, TypeVar, get_origin, get_type_hints

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import DecisionSource

__all__ = [
    "OPTIONAL",
    "SLOTS",
    "Beliefs",
    "ContactDecider",
    "Conversing",
    "DayPlanner",
    "EmotionKeeper",
    "FreeTimeChooser",
    "GoalSetter",
    "InsightStore",
    "MemoryStore",
    "MigrationDecider",
    "ModeChooser",
    "MoneyKeeper",
    "MoodKeeper",
    "NeedsKeeper",
    "NewsKeeper",
    "Perceiver",
    "PlaceChooser",
    "Reflector",
    "Sharer",
    "StanceKeeper",
    "TieKeeper",
    "VehicleKeeper",
    "VisitCounter",
    "as_decision",
    "check_slot",
    "check_slot_name",
    "fits_slot",
]


D = TypeVar("D")


class DayPlanner(Protocol):
    """Plans a day from getting up to getting up (slot ``planner``)."""

    async def plan_day(self, persona: Any, day: int, /, **facts: Any) -> Any:  # noqa: ANN401
        """Return a `Planned`: activities from getting up to getting up; see `Planner`."""
        ...


class FreeTimeChooser(Protocol):
    """Fills an empty block of a day (slot ``free_time``)."""

    async def choose(self, block: Any, persona: Any, /, **facts: Any) -> Any:  # noqa: ANN401
        """Return a `FreeTimeChosen`: an activity in the block; see `FreeTimeChoice`."""
        ...


class PlaceChooser(Protocol):
    """Chooses where to go (slot ``place_choice``)."""

    async def choose(self, places: Any, beliefs: Any, /, **facts: Any) -> Any:  # noqa: ANN401
        """Return a `PlaceChosen`, or a pair of a place id and a reason; see `GravityChoice`."""
        ...


class ModeChooser(Protocol):
    """Chooses how to travel (slot ``mode_choice``).

    A method ``expected_min(options, *, income) -> float`` may tell how long a trip usually
    takes, in minutes; without it the fastest option counts.
    """

    async def choose(self, options: Sequence[Any], /, **facts: Any) -> Any:  # noqa: ANN401
        """Return a `ModeChosen`, or a pair of a `TravelOption` and a reason."""
        ...


class VehicleKeeper(Protocol):
    """Knows where the own vehicles stand (slot ``vehicles``)."""

    def usable(self, options: Sequence[Any], /, **where: Any) -> Sequence[Any]:  # noqa: ANN401
        """Return the travel options that are open to the person; never empty."""
        ...

    def move(self, mode: str, place: int, /) -> None:
        """Note that the person has come to a place by a mode."""
        ...


class VisitCounter(Protocol):
    """Knows where the person has been (slot ``familiarity``)."""

    def visited(self, place: int, /) -> None:
        """Count a visit to a place."""
        ...

    def history(self, places: Any, curiosity: float, /) -> Any:  # noqa: ANN401
        """Return the `PlaceHistory` of some places; see `Familiarity`.

        An attribute ``places`` has the ids of all known places, shape (n,).
        """
        ...


class NeedsKeeper(Protocol):
    """Needs as levels that fall with time (slot ``needs``)."""

    def levels_at(self, at: float, /) -> Any:  # noqa: ANN401
        """Return the level of each need at `at` hours, in the order of the parameters."""
        ...

    def dominant(self, *, at: float) -> str | None:
        """Return the name of the need that presses at `at` hours, if any."""
        ...

    def next_crossing(self, *, at: float) -> Any:  # noqa: ANN401
        """Return when a need will press next (field ``at``, in hours), or None."""
        ...

    def engage(self, activity: str, *, at: float) -> None:
        """Note that an activity begins."""
        ...

    def satisfy(self, need: str, amount: float, *, at: float) -> None:
        """Raise the level of a need."""
        ...

    def relief(self, purposes: Any, /, *, at: float) -> Mapping[str, float]:  # noqa: ANN401
        """Return how much each of some purposes would meet needs that are low."""
        ...

    def described(self, *, at: float) -> str:
        """Return the need that presses in words; empty for none."""
        ...

    def fulfilment(self) -> float:
        """Return the share of time since `recount` in which no need pressed."""
        ...

    def recount(self) -> None:
        """Begin to count `fulfilment` anew from the latest act."""
        ...


class Perceiver(Protocol):
    """Decides whether something is worth leaving the plan for (slot ``perception``)."""

    async def react(self, observation: Any, /, **facts: Any) -> Any:  # noqa: ANN401
        """Return a `Reaction` to what is seen and felt."""
        ...

    async def answer(self, at_min: int, sender: str, /, **facts: Any) -> Any:  # noqa: ANN401
        """Return a `Reaction` to a message."""
        ...


class Beliefs(Protocol):
    """What a person believes about places (slot ``beliefs``)."""

    async def appraise(self, visit: Any, /, **facts: Any) -> Any:  # noqa: ANN401
        """Return the `Ratings` of a visit."""
        ...

    def update(self, place: int, ratings: Any, /, **when: Any) -> None:  # noqa: ANN401
        """Learn from the ratings of a visit."""
        ...

    def as_of(self, at_min: int, likeness: Any, /) -> Any:  # noqa: ANN401
        """Return the beliefs at a minute as `PlaceOpinions`."""
        ...

    def visited_since(self, minute: int, *, at_min: int) -> Any:  # noqa: ANN401
        """Return what is believed, all in all, of the places visited since a minute, shape (n,)."""
        ...


class MemoryStore(Protocol):
    """What happened (slot ``memory``); also iterable over its entries."""

    def add(self, entry: Any, /) -> object:  # noqa: ANN401
        """Remember a `MemoryEntry`."""
        ...

    def recall(self, **query: Any) -> Any:  # noqa: ANN401
        """Return the entries that fit a query, the most relevant first."""
        ...


class InsightStore(Protocol):
    """What a person has concluded (slot ``insights``)."""

    def keep(self, insights: Any, /) -> None:  # noqa: ANN401
        """Keep new insights."""
        ...

    def recall(self, **query: Any) -> Any:  # noqa: ANN401
        """Return the insights that fit a query, the surest first."""
        ...

    def note(self, text: str, /, *, subject: str, minute: int) -> None:
        """Keep why the person travels as it does."""
        ...


class Reflector(Protocol):
    """Draws conclusions when a day ends (slot ``reflection``)."""

    async def reflect(self, memory: Any, insights: Any, /, **facts: Any) -> Any:  # noqa: ANN401
        """Return a `Reflected`: new insights."""
        ...


class GoalSetter(Protocol):
    """Goals and how they lean the days (slot ``goals``)."""

    def due(self, at_min: int, /) -> bool:
        """Return whether goals are to be revised."""
        ...

    async def revise(self, facts: Any, /, **more: Any) -> Any:  # noqa: ANN401
        """Return a `Revision`: new goals."""
        ...

    def adopt(self, revision: Any, /, *, at_min: int) -> None:  # noqa: ANN401
        """Take over new goals."""
        ...

    def unsettle(self, event: str, /) -> None:
        """Have the goals revised soon, since something has happened."""
        ...

    def leanings(self) -> Mapping[str, float]:
        """Return how much the goals speak for activities, from -1 to 1."""
        ...


class MoodKeeper(Protocol):
    """Mood and thought (slot ``mood``)."""

    def valence(self, *, at_min: int) -> float:
        """Return how good the person feels, from -1 to 1."""
        ...

    def thought(self, *, at_min: int) -> str:
        """Return what the person thinks of, in words; empty for nothing."""
        ...

    def feel(self, change: float, /, *, at_min: int) -> None:
        """Change the mood."""
        ...

    def think_of(self, text: str, /, *, at_min: int) -> None:
        """Set what the person thinks of."""
        ...


class TieKeeper(Protocol):
    """Ties to other people (slot ``ties``)."""

    def relate(self, others: Any, relation: Any, /, **more: Any) -> None:  # noqa: ANN401
        """Begin ties."""
        ...

    def tie(self, other: int, /, **when: Any) -> Any:  # noqa: ANN401
        """Return the `Tie` to a person."""
        ...

    def meet(self, other: int, outcome: Any, /, **when: Any) -> None:  # noqa: ANN401
        """Learn from a conversation."""
        ...

    def contacts_since(self, minute: int, /) -> int:
        """Return the number of people talked to since a minute."""
        ...

    def belief(self, others: Any, /, *, at_min: int) -> Any:  # noqa: ANN401
        """Return the strength of the ties to others, shape (n,)."""
        ...


class ContactDecider(Protocol):
    """Decides whether to talk to somebody (slot ``contacts``)."""

    async def decide(self, opportunity: Any, ties: Any, /, **facts: Any) -> Any:  # noqa: ANN401
        """Return a `Contact`: whom to talk to and how, if to anybody."""
        ...


class Conversing(Protocol):
    """What two people make of talking (slot ``conversation``)."""

    async def converse(self, first: Any, second: Any, /, **facts: Any) -> Any:  # noqa: ANN401
        """Return a `Conversation`."""
        ...


class MigrationDecider(Protocol):
    """Decides whether whole households move (slot ``migration``; see `HouseholdMigration`).

    An attribute ``origins`` may tell where people come from (see `Origins`).
    """

    async def decide_moves(self, households: Any, /, *, seed: int, step: Any) -> Any:  # noqa: ANN401
        """Return a `HouseholdChoice` for each `MigrantHousehold`."""
        ...


class MoneyKeeper(Protocol):
    """Knows the person's money, and decides on work and spending (slot ``finances``).

    An attribute ``means`` tells goals what a month brings and costs (see `economy.Means`).
    """

    async def offer(self, facts: Any, /, *, draw: float, person: str = "") -> Any:  # noqa: ANN401
        """Return a `WorkDecision`: hours of work a week."""
        ...

    async def budget(self, facts: Any, /, *, person: str = "") -> Any:  # noqa: ANN401
        """Return a `SpendingDecision`: currency to spend in a month."""
        ...

    def review(self, *, savings: float, income: float, costs: float) -> None:
        """Take in how a month was."""
        ...


class EmotionKeeper(Protocol):
    """Emotions about topics (slot ``emotion``; see `Emotion`).

    An attribute ``topics`` has the names of all topics about which something was felt.
    """

    async def react(self, post: Any, /, **facts: Any) -> Any:  # noqa: ANN401
        """Return a `Felt`: the emotion after a post."""
        ...

    def level(self, topic: str, /, *, at_min: int) -> float:
        """Return the emotion about a topic, in [0, 1]."""
        ...

    def word(self, topic: str, /, *, at_min: int) -> str:
        """Return the emotion about a topic in a word."""
        ...

    def feel(self, topic: str, level: float, /, *, at_min: int) -> None:
        """Set the emotion about a topic."""
        ...


class StanceKeeper(Protocol):
    """Stances on topics (slot ``stance``; see `Stance`)."""

    async def consider(self, post: Any, /, **facts: Any) -> Any:  # noqa: ANN401
        """Return a `Considered`: the stance after a post."""
        ...

    def value(self, topic: str, /) -> float:
        """Return the stance on a topic, in [-1, 1]."""
        ...

    def adopt(self, topic: str, considered: Any, /) -> None:  # noqa: ANN401
        """Take over a stance."""
        ...


class NewsKeeper(Protocol):
    """What was heard of topics, and is believed and remembered (slot ``awareness``).

    An attribute ``short_memory`` has the messages since the last evening; see `Awareness`.
    """

    async def believe(self, post: Any, /, **facts: Any) -> Any:  # noqa: ANN401
        """Return a `Belief`: how far the story of a post is believed after it."""
        ...

    async def consolidate(self, **facts: Any) -> Any:  # noqa: ANN401
        """Return a `Consolidated`: what is left of the day in long memory."""
        ...

    def hear(self, post: Any, /, **facts: Any) -> None:  # noqa: ANN401
        """Note a post, and what it does to belief."""
        ...

    def keep(self, consolidated: Any, /, *, at_min: int) -> None:  # noqa: ANN401
        """Take over long memory, and forget the messages of the day."""
        ...

    def belief(self, topic: str, /, *, at_min: int) -> float:
        """Return how sure the person is of the story of a topic, in [0, 1]."""
        ...

    def remembered(self, topic: str, /) -> Sequence[str]:
        """Return what the person remembers of a topic, in words."""
        ...


class Sharer(Protocol):
    """Decides what a person does with a message (slot ``sharing``; see `Sharing`)."""

    async def decide(self, post: Any, /, **facts: Any) -> Any:  # noqa: ANN401
        """Return a `Shared`: a forward, a reply, a post, or nothing."""
        ...


SLOTS: Mapping[str, type] = MappingProxyType(
    {
        "planner": DayPlanner,
        "free_time": FreeTimeChooser,
        "place_choice": PlaceChooser,
        "mode_choice": ModeChooser,
        "vehicles": VehicleKeeper,
        "familiarity": VisitCounter,
        "needs": NeedsKeeper,
        "perception": Perceiver,
        "beliefs": Beliefs,
        "memory": MemoryStore,
        "insights": InsightStore,
        "reflection": Reflector,
        "goals": GoalSetter,
        "mood": MoodKeeper,
        "ties": TieKeeper,
        "contacts": ContactDecider,
        "conversation": Conversing,
        "migration": MigrationDecider,
        "finances": MoneyKeeper,
        "emotion": EmotionKeeper,
        "stance": StanceKeeper,
        "awareness": NewsKeeper,
        "sharing": Sharer,
    }
)
"""The protocol of each slot, by its name."""

OPTIONAL = frozenset({"heed"})
"""Decisions that a component may lack. A perception without ``heed`` makes nothing of messages
but that they are remembered."""


def check_slot(slot: str, component: object) -> None:
    """Raise a ConfigError unless a component has the methods that its slot needs.

    Parameters
    ----------
    slot : str
        Name of the slot, one of `SLOTS`.
    component : object
        The component.

    Examples
    --------
    >>> class Taxi:
    ...     def choose(self, options, **facts):
    ...         return options[0], "always the first"
    >>> check_slot("mode_choice", Taxi())
    Traceback (most recent call last):
        ...
    mesa_llm_city.core.errors.ConfigError: components['mode_choice']: Taxi.choose must be `async \
def`; a ModeChooser needs `async def choose`
    """
    defects = list(_defects(SLOTS[slot], component))
    if defects:
        needed = ", ".join(
            f"`{'async def' if is_async else 'def'} {name}`"
            for name, is_async in _methods(SLOTS[slot])
        )
        message = (
            f"components[{slot!r}]: {'; '.join(defects)}; a {SLOTS[slot].__name__} needs {needed}"
        )
        raise ConfigError(message)


def as_decision(result: Any, kind: type[D], **rest: object) -> D:  # noqa: ANN401 - any decision
    """Return a decision as the named tuple that the steps of a day read.

    Parameters
    ----------
    result : object
        What a component returned: such a named tuple, or a pair ``(choice, reason)``, which
        is a decision by rule.
    kind : type
        The named tuple; its first field is the choice.
    **rest
        Fields that a pair leaves open.

    Raises
    ------
    ConfigError
        If it is neither, or the choice is no such thing as the named tuple has.

    Examples
    --------
    >>> from mesa_llm_city.core.component import Decided
    >>> as_decision(("walk", "it is near"), Decided)
    Decided(choice='walk', reason='it is near', source=<DecisionSource.RULE: 'rule'>)
    """
    if isinstance(result, tuple) and hasattr(result, "source"):
        return result  # type: ignore[return-value]
    if not isinstance(result, tuple) or len(result) != 2:
        message = (
            f"a component returned {result!r}; return a {kind.__name__}, "
            "or a pair of the choice and the reason"
        )
        raise ConfigError(message)
    choice, reason = result
    first = kind._fields[0]  # type: ignore[attr-defined]
    wanted = _type_of_choice(kind)
    if not isinstance(choice, wanted):
        message = (
            f"a component returned {result!r}; the choice of a {kind.__name__} is "
            f"of type {wanted.__name__}, got {type(choice).__name__}"
        )
        raise ConfigError(message)
    return kind(**{first: choice, "source": DecisionSource.RULE, "reason": str(reason), **rest})


def _type_of_choice(kind: type) -> type:
    """Return the class of the first field of a named tuple; object where any will do."""
    hint = get_type_hints(kind)[kind._fields[0]]  # type: ignore[attr-defined]
    wanted = get_origin(hint) or hint
    if wanted is Any or not isinstance(wanted, type):
        return object
    # NumPy's whole numbers are no int, and a plan may be any sequence of blocks.
    return {int: Integral, tuple: Sequence}.get(wanted, wanted)


def fits_slot(slot: str, component: object) -> bool:
    """Return whether a component has all the methods that its slot needs."""
    return slot in SLOTS and not list(_defects(SLOTS[slot], component))


def check_slot_name(name: str) -> None:
    """Raise a ConfigError if a name is no slot but so close to one that it is likely misspelt."""
    if name not in SLOTS and (close := difflib.get_close_matches(name, SLOTS, n=1, cutoff=0.8)):
        message = (
            f"components[{name!r}]: there is no such slot; did you mean {close[0]!r}? "
            "Give a component of your own a name that differs more"
        )
        raise ConfigError(message)


def _methods(protocol: type) -> Iterator[tuple[str, bool]]:
    """Yield the methods of a slot, and whether each is a coroutine."""
    for name, method in vars(protocol).items():
        if not name.startswith("_") and callable(method):
            yield name, iscoroutinefunction(method)


def _defects(protocol: type, component: object) -> Iterator[str]:
    kind = type(component).__name__
    for name, is_async in _methods(protocol):
        method = getattr(component, name, None)
        if not callable(method):
            yield f"{kind} has no method {name}"
        elif is_async and not iscoroutinefunction(method):
            yield f"{kind}.{name} must be `async def`"
        elif not is_async and iscoroutinefunction(method):
            yield f"{kind}.{name} must be `def`, since it changes or reads the component at once"
