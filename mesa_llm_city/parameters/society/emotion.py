"""Parameters of emotion about a topic: how messages raise it, and how it fades."""

from __future__ import annotations

from collections.abc import Iterator

from mesa_llm_city.parameters.base import Branch, parameter
from mesa_llm_city.parameters.defects import Defect

__all__ = ["EmotionParameters"]


class EmotionParameters(Branch):
    """How strongly people feel about a topic, from 0 to 1, in three levels.

    The levels calm, moderate and intense, of which calm is the first, are those of S3 (Gao et
    al. 2023, arXiv:2307.14984), which gives no numbers.
    """

    gain: float = parameter(
        0.6,
        "Share of the distance to the strongest emotion by which a message of the greatest "
        "intensity raises it, if it is relevant and its sender is trusted",
        ge=0,
        le=1,
    )
    half_life_h: float = parameter(
        24.0,
        "Time in which half of an emotion has gone",
        unit="h",
        gt=0,
        source="assumption; S3 has a coefficient of decay without a value",
    )
    moderate_above: float = parameter(
        1.0 / 3.0, "Emotion at or above which it is called moderate", ge=0, le=1
    )
    intense_above: float = parameter(
        2.0 / 3.0, "Emotion at or above which it is called intense", ge=0, le=1
    )
    relevance: float = parameter(
        1.0, "Relevance of a topic of which nothing else is known", ge=0, le=1
    )
    message_intensity: float = parameter(
        0.3,
        "Intensity of a message for which none is given, such as one of `CityModel.tell` "
        "without danger",
        ge=0,
        le=1,
    )
    mood: float = parameter(
        0.0,
        "How much the mood falls when an emotion rises from none to the strongest",
        ge=-1,
        le=1,
        source="0, since feeds change moods to a tiny degree, d = 0.02 at most (Kramer, Guillory "
        "and Hancock 2014, PNAS 111(24), 8788-8790)",
    )

    def contradictions(self) -> Iterator[Defect]:
        """Yield levels that are not in order."""
        if self.intense_above < self.moderate_above:
            problem = f"is {self.intense_above:g}, below moderate_above of"
            yield Defect("intense_above", f"{problem} {self.moderate_above:g}; make it higher")
