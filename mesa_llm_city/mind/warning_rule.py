"""What one person makes of a message by rule: the columns of `warning_columns` with one row."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.core.message import Message, Response
from mesa_llm_city.core.values import ReactionKind
from mesa_llm_city.mind.warning import NO_CHILD, REACTIONS, Risk, protective_action
from mesa_llm_city.mind.warning_columns import (
    HEED_DRAWS,
    HearerColumns,
    ResponseColumns,
    RiskColumns,
    respond_rows,
)
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Persona

__all__ = ["respond_by_rule"]


def respond_by_rule(
    message: Message,
    risk: Risk,
    persona: Persona | None,
    rng: np.random.Generator,
    tree: CityParameters,
) -> Response:
    """Return what a person makes of a message (see `respond_rows`).

    Parameters
    ----------
    message : Message
        What is heard.
    risk : Risk
        How it concerns the person.
    persona : Persona or None
        The person; None for an adult of whom nothing is known.
    rng : numpy.random.Generator
        Random numbers of person and topic.
    tree : CityParameters
        `mind.warnings` and `social.messages`.
    """
    draws = rng.random((1, HEED_DRAWS))
    found = respond_rows(message, _columns(message, risk), _hearer(persona, tree), draws, tree)
    return Response(
        REACTIONS[int(found.kind[0])],
        believed=bool(found.believed[0]),
        reason=_reason(message, risk, found),
        informs=bool(found.informs[0]),
        minutes=int(found.minutes[0]),
    )


def _columns(message: Message, risk: Risk) -> RiskColumns:
    leaves = message.leaves_min
    leaves_in = -1 if leaves is None else max(leaves - message.minute, 0)
    names = (one for one in RiskColumns._fields if one != "leaves_in")
    given = {name: np.array([getattr(risk, name)]) for name in names}
    return RiskColumns(**given, leaves_in=np.array([leaves_in]))


def _hearer(persona: Persona | None, tree: CityParameters) -> HearerColumns:
    if persona is None:
        age = max(tree.mind.warnings.alone_from, tree.population.ages.stages.adult_from)
        return HearerColumns(np.array([age]), np.array([NO_CHILD]), np.array([True]))
    child = persona.household.youngest_child
    return HearerColumns(
        np.array([persona.age]),
        np.array([NO_CHILD if child is None else child]),
        np.array([persona.has_car]),
    )


def _reason(message: Message, risk: Risk, found: ResponseColumns) -> str:
    if found.along[0]:
        return "goes along with the household"
    again = f", heard {risk.confirmed + 1} times" if risk.confirmed else ""
    told = f"trust {risk.trust:.2f}{again}, believes at {found.sure[0]:.2f}"
    asks = message.danger > 0.0 and found.believed[0]
    if not asks or protective_action(message, risk) is ReactionKind.CONTINUE:
        return told
    return f"{told}; danger {message.danger:.1f}, acts at {found.likely[0]:.2f}"
