"""Which mind decides what: prompts by name, presets of them, and parts left out for comparison."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from mesa_llm_city.citizen.components import (
    ByParameters,
    ComponentOption,
    default_components,
    is_maker,
)
from mesa_llm_city.citizen.slots import OPTIONAL
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.economy import SpendingPrompt, WorkPrompt
from mesa_llm_city.mind import (
    AnswerPrompt,
    AppraisalPrompt,
    GoalsPrompt,
    HeedPrompt,
    NeedsPrompt,
    ReactPrompt,
    ReflectPrompt,
)
from mesa_llm_city.mobility import LeisurePrompt, ModePrompt, PlacePrompt, PlanPrompt
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.prompts import Prompted, PromptForm
from mesa_llm_city.social import (
    BelievePrompt,
    ConsolidatePrompt,
    ContactPrompt,
    ConversationPrompt,
    EmotionPrompt,
    SharingPrompt,
    StancePrompt,
)

__all__ = [
    "ABLATIONS",
    "DECISION_NAMES",
    "PRESETS",
    "PROMPTS",
    "choose_components",
    "resolve_prompts",
]

PROMPTS: Mapping[str, str] = MappingProxyType(
    {
        "plan": "planner",
        "leisure": "free_time",
        "place": "place_choice",
        "mode": "mode_choice",
        "needs": "needs",
        "react": "perception",
        "appraise": "beliefs",
        "reflect": "reflection",
        "goals": "goals",
        "meet": "contacts",
        "talk": "conversation",
        "work": "finances",
        "spend": "finances",
        "feel": "emotion",
        "consider": "stance",
        "believe": "awareness",
        "consolidate": "awareness",
        "share": "sharing",
    }
)
"""The components that can ask a language model, by what they ask about. Those of the last seven are
empty unless they are given; then their prompts are asked too."""

DECISION_NAMES: Mapping[str, str] = MappingProxyType({**PROMPTS, "leisure": "planner"})
"""The component that the table of decisions names, by what a language model was asked about."""

PRESETS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "rules": frozenset(),
        "light": frozenset({"plan", "reflect", "goals"}),
        "full": frozenset(PROMPTS),
    }
)
"""Sets of prompts by name: none, those of which one call does much, and all."""

ABLATIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "attraction": (),
        "beliefs": ("beliefs",),
        "goals": ("goals",),
        "memory": ("memory", "insights", "reflection"),
        "mood": ("mood",),
        "needs": ("needs",),
        "perception": ("perception",),
        "reflection": ("reflection",),
        "return": ("familiarity",),
        "social": ("ties", "contacts", "conversation"),
        "persona": (),
        "recursion": (),
        "outsiders": (),
    }
)
"""What a run may go without, and the components that are left out then. Without ``persona``
everybody has the same traits and habits (`Persona.generic`); without ``recursion`` only sleep and
duties are planned in the morning (`mobility.planner.recursive`); without ``attraction`` all places
draw people alike (`mobility.gravity.attraction`); without ``outsiders`` nobody enters from
outside."""

_SET: Mapping[str, tuple[str, float]] = MappingProxyType(
    {
        "attraction": ("mobility.gravity.attraction", 0.0),
        "recursion": ("mobility.planner.recursive", False),
    }
)
"""Parameters that leave something out, and the value that does."""


def resolve_prompts(prompts: Iterable[str] | str) -> frozenset[str]:
    """Return the prompts that are meant by names, the name of a preset among them.

    Parameters
    ----------
    prompts : iterable of str, or str
        Some of `PROMPTS` and `PRESETS`.

    Raises
    ------
    ConfigError
        If there is no such name.

    Examples
    --------
    >>> sorted(resolve_prompts(["light", "mode"]))
    ['goals', 'mode', 'plan', 'reflect']
    """
    names = [prompts] if isinstance(prompts, str) else list(prompts)
    known = {**{name: frozenset({name}) for name in PROMPTS}, **PRESETS}
    if unknown := sorted({name for name in names if name not in known}):
        message = f"nothing asks about {', '.join(unknown)}; prompts are {', '.join(known)}"
        raise ConfigError(message)
    return frozenset().union(*(known[name] for name in names))


def choose_components(
    prompts: frozenset[str],
    *,
    parameters: CityParameters | None = None,
    without: Iterable[str] = (),
    given: Mapping[str, ComponentOption] | None = None,
) -> dict[str, ComponentOption]:
    """Return the components of citizens by name.

    Parameters
    ----------
    prompts : frozenset of str
        What a language model is asked about: some of `PROMPTS`.
    parameters : CityParameters, optional
        Numbers of the components.
    without : iterable of str
        What is left out: some of `ABLATIONS`.
    given : mapping of str to ComponentOption, optional
        Components that replace the defaults; prompts are joined to them too.

    Raises
    ------
    ConfigError
        If there is no such name, or a component that is given has no such decision.

    Examples
    --------
    >>> components = choose_components(frozenset({"mode"}), without=["beliefs"])
    >>> type(components["mode_choice"]).__name__, components["beliefs"]
    ('Prompted', None)
    """
    tree = default_parameters() if parameters is None else parameters
    own, lacking = _made_by_parameters(given or {}, tree), tuple(without)
    if unknown := sorted(set(lacking) - ABLATIONS.keys()):
        message = f"{', '.join(unknown)} cannot be left out; what can is {', '.join(ABLATIONS)}"
        raise ConfigError(message)
    for what in sorted(_SET.keys() & set(lacking)):
        tree = _with_parameter(tree, *_SET[what])
    gone = {name: None for what in lacking for name in ABLATIONS[what]}
    asked = _prompted_defaults(tree, prompts)
    chosen = {**default_components(tree), **asked, **gone, **own}
    for prompt in sorted(prompts):
        if (slot := PROMPTS[prompt]) in own:
            chosen[slot] = _prompted(slot, chosen[slot], _prompt_forms(tree)[prompt])
    return chosen


def _made_by_parameters(
    given: Mapping[str, ComponentOption], tree: CityParameters
) -> dict[str, ComponentOption]:
    return {
        name: one.kind(tree) if isinstance(one, ByParameters) else one
        for name, one in given.items()
    }


# Made once for each tree of parameters, since a million citizens may share it.
@lru_cache(maxsize=64)
def _prompted_defaults(
    parameters: CityParameters, prompts: frozenset[str]
) -> Mapping[str, ComponentOption]:
    """Return the default components that are asked about, with their prompts joined to them."""
    chosen = dict(default_components(parameters))
    for prompt in sorted(prompts):
        slot = PROMPTS[prompt]
        # Some slots are empty unless a component for them is given.
        chosen[slot] = _prompted(slot, chosen.get(slot), _prompt_forms(parameters)[prompt])
    return MappingProxyType({PROMPTS[prompt]: chosen[PROMPTS[prompt]] for prompt in prompts})


@lru_cache(maxsize=8)
def _with_parameter(parameters: CityParameters, name: str, value: float) -> CityParameters:
    return parameters.with_(name, value=value)


def _prompted(slot: str, option: ComponentOption, forms: Sequence[PromptForm]) -> ComponentOption:
    """Return a component, or what makes one for a person, with prompts joined to it."""
    if option is None:
        return None
    if is_maker(slot, option):
        return lambda persona: _joined(option(persona), forms)  # type: ignore[operator]
    return _joined(option, forms)


def _joined(component: object, forms: Sequence[PromptForm]) -> object:
    for form in forms:
        if form.verb not in OPTIONAL or hasattr(component, form.verb):
            component = Prompted(component, form)
    return component


@lru_cache(maxsize=8)
def _prompt_forms(parameters: CityParameters) -> Mapping[str, tuple[PromptForm, ...]]:
    """Return the prompt forms of the decisions that each prompt is about."""
    return MappingProxyType(
        {
            "plan": (PlanPrompt(parameters),),
            "leisure": (LeisurePrompt(parameters),),
            "place": (PlacePrompt(parameters),),
            "mode": (ModePrompt(parameters),),
            "needs": (NeedsPrompt(parameters),),
            # Needs that press, calls and messages that come are decisions of one component.
            "react": (ReactPrompt(parameters), AnswerPrompt(parameters), HeedPrompt()),
            "appraise": (AppraisalPrompt(),),
            "reflect": (ReflectPrompt(parameters),),
            "goals": (GoalsPrompt(parameters),),
            "meet": (ContactPrompt(parameters),),
            "talk": (ConversationPrompt(parameters),),
            "work": (WorkPrompt(parameters),),
            "spend": (SpendingPrompt(parameters),),
            "feel": (EmotionPrompt(),),
            "consider": (StancePrompt(),),
            "believe": (BelievePrompt(),),
            "consolidate": (ConsolidatePrompt(),),
            "share": (SharingPrompt(parameters),),
        }
    )
