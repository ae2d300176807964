"""How good many persons feel, with the numbers that `Mood` has for each of them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.mind.mood import baseline, relaxed
from mesa_llm_city.mind.mood_loops import FEELING_CODES, MoodRows
from mesa_llm_city.parameters.mind import MoodParameters
from mesa_llm_city.population import BigFive

__all__ = ["MoodColumns"]

_LEVELS = (1, 2, 3)
_EXTRAVERSION = BigFive._fields.index("extraversion")
_NEUROTICISM = BigFive._fields.index("neuroticism")


@dataclass(slots=True, eq=False)
class MoodColumns:
    """Valence of n persons; arousal and thoughts are for persons who think.

    Parameters
    ----------
    parameters : MoodParameters
        How long feelings last, and how people feel at rest.
    rest_code : ndarray of int16, shape (n,)
        Resting level, by personality, in 30,000ths.
    level_code : ndarray of int16, shape (n,)
        Valence at `minute`, from -1 to 1, in 30,000ths.
    minute : ndarray of int32, shape (n,)
        In minutes.
    """

    parameters: MoodParameters
    rest_code: NDArray[np.int16]
    level_code: NDArray[np.int16]
    minute: NDArray[np.int32]

    @classmethod
    def begin(cls, big_five: NDArray[np.int8], parameters: MoodParameters) -> MoodColumns:
        """Return the moods of persons at rest, by their personalities, shape (n, 5)."""
        table = np.zeros((len(_LEVELS) + 1,) * 2)
        for outgoing, nervous in product(_LEVELS, _LEVELS):
            traits = BigFive(extraversion=outgoing, neuroticism=nervous)
            table[outgoing, nervous] = baseline(traits, parameters)[0]
        rest = _codes(table)[big_five[:, _EXTRAVERSION], big_five[:, _NEUROTICISM]]
        return cls(parameters, rest, rest.copy(), np.zeros(len(rest), dtype=np.int32))

    @property
    def columns(self) -> MoodRows:
        """The columns, as compiled loops take them."""
        return MoodRows(
            self.rest_code, self.level_code, self.minute, float(self.parameters.half_life_h)
        )

    def at(self, rows: Int, minute: Int) -> Float:
        """Return the valence of some rows at a minute, or each at its own; shape (m,)."""
        hours = np.maximum(minute - self.minute[rows], 0) / HOUR_MIN
        level, rest = (one[rows] / FEELING_CODES for one in (self.level_code, self.rest_code))
        return relaxed(level, rest, hours, self.parameters.half_life_h)

    def feel(self, rows: Int, valence: Float, minute: Int) -> None:
        """Change the mood of some rows, each given once, because of an experience."""
        changed = self.at(rows, minute) + valence
        self.level_code[rows] = _codes(np.minimum(np.maximum(changed, -1.0), 1.0))
        self.minute[rows] = minute


def _codes(feeling: Float) -> NDArray[np.int16]:
    return np.rint(feeling * FEELING_CODES).astype(np.int16)
