"""Parameters of awareness: what is believed of a topic, and what is kept in memory."""

from __future__ import annotations

from mesa_llm_city.parameters.base import Branch, parameter

__all__ = ["AwarenessParameters"]


class AwarenessParameters(Branch):
    """How far people believe what they are told, and what they still know of it later.

    Belief is a logit that tellings raise and corrections lower.
    """

    constant: float = parameter(0.0, "Logit of belief without any telling")
    telling: float = parameter(
        0.5, "By how much the first telling of a fully trusted source raises the logit", ge=0
    )
    repeated: float = parameter(
        0.5,
        "How much each further telling counts, as a share of the one before",
        ge=0,
        le=1,
        source="assumption; most of the illusory-truth effect comes with the second hearing "
        "(Hassan and Barber 2021, Cogn. Res. 6, 38)",
    )
    correction: float = parameter(
        1.0,
        "By how much a correction of a fully trusted source lowers the logit",
        ge=0,
        source="assumption; misbelief a week after a correction is 25 percent lower (Brashier et "
        "al. 2021, PNAS 118(5), e2020043118)",
    )
    label: float = parameter(
        0.35,
        "Effect of a label on a message, as a share of that of a correction",
        ge=0,
        le=1,
        source="ratio of a label during reading to a correction after it, 8.6 to 25.3 percent "
        "(Brashier et al. 2021, PNAS 118(5), e2020043118)",
    )
    correction_half_life_days: float = parameter(
        7.0,
        "Time in which half of the effect of corrections has gone",
        unit="days",
        gt=0,
        source="assumption; that belief returns after corrections: Swire, Ecker and Lewandowsky "
        "(2017), J. Exp. Psychol. Learn. Mem. Cogn. 43(12), 1948-1961",
    )
    short_items: int = parameter(
        20, "Greatest number of messages of a day that are in short memory", unit="messages", ge=1
    )
    long_items: int = parameter(
        5,
        "Greatest number of entries of a topic in long memory",
        unit="entries",
        ge=1,
        source="assumption; short and long memory, merged once a day: FPS (Liu et al. 2024, "
        "arXiv:2403.09498)",
    )
    memory_half_life_days: float = parameter(
        7.0,
        "Time in which the weight of an entry of long memory has halved when entries compete",
        unit="days",
        gt=0,
    )
    told: int = parameter(
        5, "Greatest number of remembered entries in a prompt", unit="entries", ge=0
    )
