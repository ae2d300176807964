"""Parameters of mood, and of reacting to what happens."""

from __future__ import annotations

from mesa_llm_city.parameters.base import Branch, parameter

__all__ = ["MoodParameters", "PerceptionParameters"]


class MoodParameters(Branch):
    """How long feelings and thoughts last, and how personality sets the resting level."""

    half_life_h: float = parameter(3.0, "Time in which half of a feeling has gone", unit="h", gt=0)
    thought_h: float = parameter(12.0, "How long something stays on the mind", unit="h", gt=0)
    rest_valence: float = parameter(
        0.1, "Resting level of valence of a medium personality", ge=-1, le=1
    )
    extraversion_valence: float = parameter(
        0.1,
        "Change of it per level of extraversion",
        ge=-1,
        le=1,
        source=(
            "direction by Costa and McCrae (1980), J. Pers. Soc. Psychol. 38(4), 668-678; "
            "size assumed"
        ),
    )
    neuroticism_valence: float = parameter(
        -0.15,
        "Change of it per level of neuroticism",
        ge=-1,
        le=1,
        source=(
            "direction by Costa and McCrae (1980), J. Pers. Soc. Psychol. 38(4), 668-678; "
            "size assumed"
        ),
    )
    neuroticism_arousal: float = parameter(
        0.1,
        "Change of the resting arousal per level of neuroticism",
        ge=-1,
        le=1,
        source=(
            "direction by Costa and McCrae (1980), J. Pers. Soc. Psychol. 38(4), 668-678; "
            "size assumed"
        ),
    )
    even_below: float = parameter(0.1, "Strength below which a feeling is called even", ge=0, le=1)


class PerceptionParameters(Branch):
    """When an event is worth leaving the plan for."""

    patience_min: int = parameter(
        180, "A need waits if the plan meets it within this time", unit="min", ge=0
    )
    brought_forward_min: int = parameter(
        240,
        "What meets a need and is planned within this time is done at once instead",
        unit="min",
        ge=0,
    )
    snack_min: int = parameter(
        5,
        "Length of a meal for hunger that no planned meal meets soon, on days drawn from a table "
        "of time use",
        unit="min",
        ge=5,
        le=240,
        source="assumption: such a snack is eaten while doing something else, and is no meal in "
        "diaries, whose meals are all planned",
    )
    least_resumed_min: int = parameter(
        15, "An activity that was interrupted is resumed if so much is left of it", unit="min", ge=0
    )
    told_ahead: int = parameter(
        3, "Number of coming activities that a language model is told", unit="activities", ge=0
    )
