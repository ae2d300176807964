"""The components of a citizen, and how they are put together."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache, partial
from types import FunctionType, MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from mesa_llm_city.citizen.slots import SLOTS, check_slot, check_slot_name, fits_slot
from mesa_llm_city.core.component import Stateless
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.mind import (
    Goals,
    InsightMemory,
    Memory,
    Mood,
    Needs,
    Perception,
    PlaceBeliefs,
    Reflection,
)
from mesa_llm_city.mobility import (
    Familiarity,
    FreeTimeChoice,
    GravityChoice,
    LogitModeChoice,
    Planner,
    Vehicles,
)
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.policies import MomentDecider
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import Prompted
from mesa_llm_city.social import (
    Awareness,
    ContactChoice,
    ConversationRule,
    Emotion,
    Sharing,
    Stance,
    Ties,
)

if TYPE_CHECKING:
    from mesa_llm_city.economy import Finances

    # Its libraries take a second to import, and few cities have migration.
    from mesa_llm_city.migration.household_move import HouseholdMigration

__all__ = [
    "ByParameters",
    "ComponentOption",
    "Components",
    "assemble",
    "default_components",
    "is_maker",
    "make_components",
    "opinion_components",
]

ComponentOption: TypeAlias = object | Callable[[Persona], object] | None
"""A component for everybody, a function or class that makes one for a person, or None for none."""


@dataclass(slots=True, kw_only=True)
class Components:
    """The components of one citizen.

    Parameters
    ----------
    planner : Planner
        Plans the day.
    free_time : FreeTimeChoice
        Chooses what free time is spent on.
    place_choice : GravityChoice
        Chooses where to go.
    mode_choice : LogitModeChoice
        Chooses how to get there.
    vehicles : Vehicles
        Knows where car and bicycle stand.
    familiarity : Familiarity, optional
        Counts visits; without it nobody goes back to a place because it is known.
    needs : Needs, optional
        Without them nothing interrupts a plan.
    perception : Perception, optional
        Without it no need is noticed.
    beliefs : PlaceBeliefs, optional
        Without them all places are equally attractive.
    memory : Memory, optional
        Without it nothing is remembered.
    insights : InsightMemory, optional
        Without it nothing is learnt about oneself, and no way of going is justified.
    reflection : Reflection, optional
        Without it the days are not thought over.
    goals : Goals, optional
        Without them the person is after nothing.
    mood : Mood, optional
        Without it nothing is felt.
    ties : Ties, optional
        Without them the person knows nobody and talks to nobody.
    contacts : ContactChoice, optional
        Without it the person seeks nobody out, but may be sought out.
    conversation : ConversationRule, optional
        Without it the conversations that the person begins do not come about.
    migration : HouseholdMigration, optional
        Without it the person's household does not move away.
    finances : Finances, optional
        Without it the person knows nothing of money but a usual income.
    emotion : Emotion, optional
        Without it the person feels nothing about topics.
    stance : Stance, optional
        Without it the person has no stance on topics.
    awareness : Awareness, optional
        Without it nothing is known of topics; messages are remembered as other events are.
    sharing : Sharing, optional
        Without it messages are passed on as ``social.messages`` says.
    own : mapping of str to object
        Components of the user's own, which are also attributes.
    """

    planner: Planner
    free_time: FreeTimeChoice
    place_choice: GravityChoice
    mode_choice: LogitModeChoice
    vehicles: Vehicles
    familiarity: Familiarity | None = None
    needs: Needs | None = None
    perception: Perception | None = None
    beliefs: PlaceBeliefs | None = None
    memory: Memory | None = None
    insights: InsightMemory | None = None
    reflection: Reflection | None = None
    goals: Goals | None = None
    mood: Mood | None = None
    ties: Ties | None = None
    contacts: ContactChoice | None = None
    conversation: ConversationRule | None = None
    migration: HouseholdMigration | None = None
    finances: Finances | None = None
    emotion: Emotion | None = None
    stance: Stance | None = None
    awareness: Awareness | None = None
    sharing: Sharing | None = None
    own: Mapping[str, object] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - components of any kind
        """Return a component of the user's own by its name."""
        # Copying and pickling look for names before there is anything.
        if name.startswith("_") or name == "own":
            raise AttributeError(name)
        if name in self.own:
            return self.own[name]
        message = f"there is no component {name!r}; those of your own are {sorted(self.own)}"
        raise AttributeError(message)

    def __iter__(self) -> Iterator[tuple[str, object]]:
        """Iterate over names and components, without those that are left out."""
        slots = ((one.name, getattr(self, one.name)) for one in fields(self) if one.name != "own")
        yield from (pair for pair in slots if pair[1] is not None)
        yield from self.own.items()


# Made once for each tree of parameters, since a million citizens may share it.
@lru_cache(maxsize=8)
def default_components(parameters: CityParameters) -> Mapping[str, ComponentOption]:
    """Return the default components: those without state shared, the others made for each person.

    Parameters
    ----------
    parameters : CityParameters
        Their numbers.
    """
    return MappingProxyType(
        {
            "planner": Planner(parameters),
            "free_time": FreeTimeChoice(parameters),
            "place_choice": GravityChoice(parameters),
            "mode_choice": LogitModeChoice(parameters),
            "perception": Perception(parameters),
            "reflection": Reflection(parameters),
            "contacts": ContactChoice(parameters),
            "conversation": ConversationRule(parameters),
            "vehicles": lambda persona: Vehicles(persona, parameters),
            "familiarity": lambda _: Familiarity(parameters),
            "needs": lambda _: Needs(parameters),
            "beliefs": lambda _: PlaceBeliefs(parameters),
            "memory": lambda _: Memory(parameters),
            "insights": lambda _: InsightMemory(parameters),
            "goals": lambda _: Goals(parameters),
            "mood": lambda persona: Mood(parameters, traits=persona.big_five),
            "ties": lambda _: Ties(parameters),
        }
    )


class ByParameters(NamedTuple):
    """A component that is not among the defaults, made with the parameters of the model.

    So it follows a sweep over its numbers, and new parameters in the middle of a run.

    Attributes
    ----------
    kind : callable
        The class; it takes a `CityParameters`.

    Examples
    --------
    >>> ByParameters(Emotion).kind(default_parameters()).level("bridge", at_min=0)
    0.0
    """

    kind: Callable[[CityParameters], object]


def opinion_components() -> dict[str, ComponentOption]:
    """Return the components with which people feel, think and know something about topics.

    Examples
    --------
    >>> list(opinion_components())
    ['emotion', 'stance', 'awareness', 'sharing']
    """
    kinds = {"emotion": Emotion, "stance": Stance, "awareness": Awareness, "sharing": Sharing}
    return {slot: ByParameters(kind) for slot, kind in kinds.items()}


_REQUIRED = ("planner", "free_time", "place_choice", "mode_choice", "vehicles")


def assemble(
    persona: Persona,
    options: Mapping[str, ComponentOption] | None = None,
    *,
    parameters: CityParameters | None = None,
) -> Components:
    """Put the components of a person together.

    Parameters
    ----------
    persona : Persona
        The person.
    options : mapping of str to ComponentOption, optional
        Components that replace the default of that name; None leaves one out. A name that is
        no slot is that of a component of your own. A component with a method ``state``
        remembers something, and is copied for each person; others are shared.
    parameters : CityParameters, optional
        Numbers of the default components.

    Raises
    ------
    ConfigError
        If a component lacks methods that its slot needs, a name is likely misspelt, or a
        required component is left out.
    """
    given = dict(options or {})
    chosen = {**default_components(parameters or default_parameters()), **given}
    return make_components(persona, chosen, given=given)


def make_components(
    persona: Persona, chosen: Mapping[str, ComponentOption], *, given: Iterable[str]
) -> Components:
    """Make the components of a person from a choice that is complete.

    Parameters
    ----------
    persona : Persona
        The person.
    chosen : mapping of str to ComponentOption
        A component, or what makes one, for each slot, and components of the user's own.
    given : iterable of str
        Names of those that are not the defaults, which are checked.

    Raises
    ------
    ConfigError
        As `assemble`.
    """
    if missing := [name for name in _REQUIRED if chosen[name] is None]:
        message = f"{', '.join(missing)} cannot be left out; replace it instead"
        raise ConfigError(message)
    made = {name: _made(name, option, persona) for name, option in chosen.items()}
    for name in given:
        if name not in SLOTS:
            check_slot_name(name)
        elif made[name] is not None:
            check_slot(name, made[name])
    slots = {name: one for name, one in made.items() if name in SLOTS}
    own = {name: one for name, one in made.items() if name not in SLOTS and one is not None}
    return Components(**slots, own=own)  # type: ignore[arg-type]


def _made(name: str, option: ComponentOption, persona: Persona) -> object:
    """Return the component of a person: shared, copied, or made by a function or class."""
    if option is None or _is_shared(option):
        return option
    if is_maker(name, option):
        return option(persona)  # type: ignore[operator]
    return copy.deepcopy(option)


def is_maker(name: str, option: object) -> bool:
    """Return whether an option makes a component for a person instead of being one."""
    # Tried first, since whether an object fits its slot takes longer to find out.
    if isinstance(option, type | FunctionType | partial):
        return True
    return callable(option) and not hasattr(option, "state") and not fits_slot(name, option)


def _is_shared(option: object) -> bool:
    """Return whether a component remembers nothing, so that everybody can have the same one."""
    if isinstance(option, Prompted | MomentDecider):
        return _is_shared(option.rule)
    if isinstance(option, type) or (callable(option) and not isinstance(option, Stateless)):
        return False
    return isinstance(option, Stateless) or not hasattr(option, "state")
