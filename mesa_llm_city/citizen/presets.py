"""Which mind decides what: prompts by name, presets of them, and parts left out for comparison."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from mesa_llm_city.citizen.components import ComponentOption, default_components, is_maker
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.mind import Goals, Needs, Perception, PlaceBeliefs, Reflection
from mesa_llm_city.mobility import GravityChoice, LogitModeChoice, Planner, PlannerConfig
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.prompts import Prompted, PromptForm
from mesa_llm_city.social import ContactPrompt, ConversationPrompt

__all__ = ["ABLATIONS", "PRESETS", "PROMPTS", "choose_components", "resolve_prompts"]

PROMPTS: Mapping[str, str] = MappingProxyType(
    {
        "plan": "planner",
        "leisure": "planner",
        "place": "place_choice",
        "mode": "mode_choice",
        "needs": "needs",
        "react": "perception",
        "appraise": "beliefs",
        "reflect": "reflection",
        "goals": "goals",
        "meet": "contacts",
        "talk": "conversation",
    }
)
"""The parts that can ask a language model, by what they ask about."""

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
        "beliefs": ("beliefs",),
        "goals": ("goals",),
        "memory": ("memory", "insights", "reflection"),
        "mood": ("mood",),
        "needs": ("needs",),
        "perception": ("perception",),
        "reflection": ("reflection",),
        "social": ("ties", "contacts", "conversation"),
        "persona": (),
        "recursion": (),
    }
)
"""What a run may go without, and the parts that are left out then; without ``persona``
everybody is like anybody of her duties (`Persona.anybody`), and without ``recursion`` only
sleep and duties are planned (`PlannerConfig.recursive`)."""


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
    >>> components["mode_choice"].source, components["beliefs"]
    (<DecisionSource.PROMPT: 'prompt'>, None)
    """
    tree = CityParameters() if parameters is None else parameters
    own, lacking = dict(given or {}), tuple(without)
    if unknown := sorted(set(lacking) - ABLATIONS.keys()):
        message = f"{', '.join(unknown)} cannot be left out; what can is {', '.join(ABLATIONS)}"
        raise ConfigError(message)
    forms = _prompt_forms(tree)
    if taken := sorted(name for name in prompts if PROMPTS[name] in own and name not in forms):
        message = (
            f"about {', '.join(taken)} asks a component of your own, {PROMPTS[taken[0]]}; "
            "give that component source=DecisionSource.PROMPT and leave the prompt out"
        )
        raise ConfigError(message)
    gone = {name: None for what in lacking for name in ABLATIONS[what]}
    asking = _asking(prompts, tree, recursive="recursion" not in lacking)
    chosen = {**default_components(tree), **asking, **gone, **own}
    for name in sorted(prompts & forms.keys()):
        chosen[PROMPTS[name]] = _prompted(PROMPTS[name], chosen[PROMPTS[name]], forms[name])
    return chosen


def _prompted(slot: str, option: ComponentOption, form: PromptForm) -> ComponentOption:
    """Return a component, or what makes one for a person, with a prompt joined to it."""
    if option is None:
        return None
    if is_maker(slot, option):
        return lambda persona: Prompted(option(persona), form)  # type: ignore[operator]
    return Prompted(option, form)


@lru_cache(maxsize=8)
def _prompt_forms(parameters: CityParameters) -> Mapping[str, PromptForm]:
    """Return the prompt form of each decision by the name of its prompt."""
    return MappingProxyType(
        {
            "meet": ContactPrompt(parameters),
            "talk": ConversationPrompt(parameters),
        }
    )


@lru_cache(maxsize=64)
def _asking(
    asked: frozenset[str],
    parameters: CityParameters,  # noqa: ARG001 - soon
    *,
    recursive: bool,
) -> Mapping[str, ComponentOption]:
    """Return the components that ask or differ, made once and shared by everybody who can."""
    source = {
        name: DecisionSource.PROMPT if name in asked else DecisionSource.RULE for name in PROMPTS
    }
    components: dict[str, ComponentOption] = {
        "planner": Planner(
            PlannerConfig(recursive=recursive),
            source=source["plan"],
            leisure_source=source["leisure"],
        ),
        "place_choice": GravityChoice(source=source["place"]),
        "mode_choice": LogitModeChoice(source=source["mode"]),
        "reflection": Reflection(source=source["reflect"]),
        "needs": lambda _: Needs(source=source["needs"]),
        "perception": Perception(source=source["react"]),
        "beliefs": lambda _: PlaceBeliefs(source=source["appraise"]),
        "goals": lambda _: Goals(source=source["goals"]),
    }
    asking = {PROMPTS[name] for name in asked} | (set() if recursive else {"planner"})
    return {name: part for name, part in components.items() if name in asking}
