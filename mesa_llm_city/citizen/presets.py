"""Which mind decides what: prompts and policies by name, presets, and parts left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from types import MappingProxyType
from typing import TypeAlias

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
    ReactPolicy,
    ReactPrompt,
    ReflectPrompt,
)
from mesa_llm_city.mobility import (
    LeisurePolicy,
    LeisurePrompt,
    ModePolicy,
    ModePrompt,
    PlacePolicy,
    PlacePrompt,
    PlanPolicy,
    PlanPrompt,
)
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.policies import Compiled, MomentDecider, Policy, PolicyForm
from mesa_llm_city.prompts import Prompted, PromptForm
from mesa_llm_city.social import (
    BelievePrompt,
    ConsolidatePrompt,
    ContactPrompt,
    ConversationPrompt,
    EmotionPrompt,
    SharingPolicy,
    SharingPrompt,
    StancePrompt,
)

__all__ = [
    "ABLATIONS",
    "DECISION_NAMES",
    "POLICIES",
    "PRESETS",
    "PROMPTS",
    "Decider",
    "check_policies",
    "choose_components",
    "policy_form",
    "prompt_form",
    "resolve_prompts",
]

Decider: TypeAlias = Policy | Callable[[object, PolicyForm], MomentDecider[object]]
"""A policy; or what makes a component of a rule and the policy form of its decision, such as one
that only watches what is decided."""

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

POLICIES: Mapping[str, Callable[[CityParameters], PolicyForm]] = MappingProxyType(
    {
        "plan": PlanPolicy,
        "leisure": LeisurePolicy,
        "place": PlacePolicy,
        "mode": ModePolicy,
        "react": ReactPolicy,
        "share": SharingPolicy,
    }
)
"""What a policy can decide in place of a language model, by the prompt for which it stands."""

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
    policies: Mapping[str, Decider] | None = None,
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
        Components that replace the defaults; prompts and policies are joined to them too.
    policies : mapping of str to Policy, optional
        What a policy decides instead, by the prompt for which it stands: some of `POLICIES`.

    Raises
    ------
    ConfigError
        If there is no such name, a component that is given has no such decision, or a policy is
        for another prompt, or one that a language model is asked about.

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
    compiled = dict(policies or {})
    check_policies(compiled, prompts)
    joined = tuple(sorted(compiled.items(), key=lambda one: one[0]))
    asked = _joined_defaults(tree, prompts, joined)
    chosen = {**default_components(tree), **asked, **gone, **own}
    for name in sorted({*prompts, *compiled}):
        if (slot := PROMPTS[name]) in own:
            chosen[slot] = _with_form(slot, chosen[slot], name, compiled.get(name), tree)
    return chosen


def check_policies(policies: Mapping[str, object], prompts: frozenset[str]) -> None:
    """Check that each policy stands for a prompt that it can stand for, and that is not asked.

    Parameters
    ----------
    policies : mapping of str to object
        Policies by prompt.
    prompts : frozenset of str
        What a language model is asked about.

    Raises
    ------
    ConfigError
        If there is no such prompt, or it is asked as well.
    """
    if unknown := sorted(policies.keys() - POLICIES.keys()):
        message = (
            f"no policy can decide about {', '.join(unknown)}; what can: {', '.join(POLICIES)}"
        )
        raise ConfigError(message)
    if both := sorted(policies.keys() & prompts):
        message = (
            f"{', '.join(both)}: a policy and a language model cannot decide the same; leave out "
            "the policy or the prompt"
        )
        raise ConfigError(message)


def policy_form(prompt: str, parameters: CityParameters) -> PolicyForm:
    """Return the policy form of the decision that a prompt is about, one of `POLICIES`.

    Examples
    --------
    >>> policy_form("mode", default_parameters()).verb
    'choose'
    """
    check_policies({prompt: None}, frozenset())
    return _policy_forms(parameters)[prompt]


def prompt_form(prompt: str, parameters: CityParameters) -> PromptForm:
    """Return the prompt form of a decision for which there is a policy form.

    Examples
    --------
    >>> type(prompt_form("react", default_parameters())).__name__
    'ReactPrompt'
    """
    verb = policy_form(prompt, parameters).verb
    return next(one for one in _prompt_forms(parameters)[prompt] if one.verb == verb)


def _made_by_parameters(
    given: Mapping[str, ComponentOption], tree: CityParameters
) -> dict[str, ComponentOption]:
    return {
        name: one.kind(tree) if isinstance(one, ByParameters) else one
        for name, one in given.items()
    }


# Made once for each tree of parameters, since a million citizens may share it.
@lru_cache(maxsize=64)
def _joined_defaults(
    parameters: CityParameters,
    prompts: frozenset[str],
    policies: tuple[tuple[str, Decider], ...],
) -> Mapping[str, ComponentOption]:
    """Return the default components that are asked about, with prompts and policies joined."""
    chosen, compiled = dict(default_components(parameters)), dict(policies)
    names = sorted({*prompts, *compiled})
    for name in names:
        slot = PROMPTS[name]
        # Some slots are empty unless a component for them is given.
        chosen[slot] = _with_form(slot, chosen.get(slot), name, compiled.get(name), parameters)
    return MappingProxyType({PROMPTS[name]: chosen[PROMPTS[name]] for name in names})


@lru_cache(maxsize=8)
def _with_parameter(parameters: CityParameters, name: str, value: float) -> CityParameters:
    return parameters.with_(name, value=value)


def _with_form(
    slot: str,
    option: ComponentOption,
    name: str,
    decider: Decider | None,
    parameters: CityParameters,
) -> ComponentOption:
    """Return a component, or what makes one for a person, with a prompt or policy joined to it."""
    if option is None:
        return None
    if decider is None:
        joined = partial(_joined, forms=_prompt_forms(parameters)[name])
    else:
        joined = partial(_decided, decider=decider, form=_policy_forms(parameters)[name])
    if is_maker(slot, option):
        return lambda persona: joined(option(persona))  # type: ignore[operator]
    return joined(option)


def _decided(component: object, decider: Decider, form: PolicyForm) -> object:
    if isinstance(decider, Policy):
        return Compiled(component, form, decider)
    return decider(component, form)


@lru_cache(maxsize=8)
def _policy_forms(parameters: CityParameters) -> Mapping[str, PolicyForm]:
    return MappingProxyType({name: kind(parameters) for name, kind in POLICIES.items()})


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
