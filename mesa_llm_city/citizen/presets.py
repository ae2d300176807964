"""Which mind decides what: prompts by name, presets of them, and parts left out for comparison."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from mesa_llm_city.citizen.components import ComponentOption
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.mind import Goals, Needs, Perception, PlaceBeliefs, Reflection
from mesa_llm_city.mobility import GravityChoice, LogitModeChoice, Planner, PlannerConfig
from mesa_llm_city.social import ContactChoice, ConversationConfig, Conversing

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
        "talk": "conversing",
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
        "social": ("ties", "contacts", "conversing"),
        "persona": (),
        "recursion": (),
    }
)
"""What a run may go without, and the parts that are left out then; without ``persona``
everybody is like anybody of her duties (`Persona.anybody`), and without ``recursion`` only
sleep and duties are planned (`PlannerConfig.recursive`)."""

# Talking is dear, since every word is a call; a quarter is enough for ties to differ.
_SPOKEN = ConversationConfig(words_share=0.25)


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
    without: Iterable[str] = (),
    given: Mapping[str, ComponentOption] | None = None,
) -> dict[str, ComponentOption]:
    """Return the parts that differ from the default ones.

    Parameters
    ----------
    prompts : frozenset of str
        What is asked about: some of `PROMPTS`.
    without : iterable of str
        What is left out: some of `ABLATIONS`.
    given : mapping of str to ComponentOption, optional
        Components of one's own, which come on top.

    Raises
    ------
    ConfigError
        If there is no such name, or the part that would ask is one of one's own.

    Examples
    --------
    >>> components = choose_components(frozenset({"mode"}), without=["beliefs"])
    >>> components["mode_choice"].source, components["beliefs"]
    (<DecisionSource.PROMPT: 'prompt'>, None)
    """
    own, lacking = dict(given or {}), tuple(without)
    if unknown := sorted(set(lacking) - ABLATIONS.keys()):
        message = f"{', '.join(unknown)} cannot be left out; what can is {', '.join(ABLATIONS)}"
        raise ConfigError(message)
    if taken := sorted(name for name in prompts if PROMPTS[name] in own):
        message = (
            f"about {', '.join(taken)} asks a part of your own, {PROMPTS[taken[0]]}; "
            "give that part mind=DecisionSource.PROMPT and leave the prompt out"
        )
        raise ConfigError(message)
    gone = {name: None for what in lacking for name in ABLATIONS[what]}
    return {**_asking(prompts, recursive="recursion" not in lacking), **gone, **own}


@lru_cache(maxsize=64)
def _asking(asked: frozenset[str], *, recursive: bool) -> Mapping[str, ComponentOption]:
    """Return the parts that ask or differ, made once and shared by everybody who can."""
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
        "contacts": ContactChoice(source=source["meet"]),
        "conversing": Conversing(_SPOKEN, source=source["talk"]),
    }
    asking = {PROMPTS[name] for name in asked} | (set() if recursive else {"planner"})
    return {name: part for name, part in components.items() if name in asking}
