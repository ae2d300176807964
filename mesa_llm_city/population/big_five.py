"""The Big Five personality traits on a scale of 1 to 3 (CitySim, sec. 3.1.1 and app. A)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.values import Float, Int

__all__ = ["BigFive", "trait_levels", "trait_shift"]


class BigFive(NamedTuple):
    """Levels of the five traits: 1 low, 2 medium, 3 high.

    Examples
    --------
    >>> BigFive(openness=3, conscientiousness=2, extraversion=1).words()
    ('open to new things', 'reserved')
    """

    openness: int = 2
    conscientiousness: int = 2
    extraversion: int = 2
    agreeableness: int = 2
    neuroticism: int = 2

    def words(self) -> tuple[str, ...]:
        """Return the traits that stand out, in words."""
        return tuple(
            word
            for level, (low, high) in zip(self, _WORDS, strict=True)
            if (word := {1: low, 3: high}.get(level))
        )


_WORDS = (
    ("fond of the familiar", "open to new things"),
    ("easy-going", "conscientious"),
    ("reserved", "outgoing"),
    ("sceptical", "kind"),
    ("calm", "sensitive"),
)

# In standard deviations, in the order of BigFive.
_FEMALE_MINUS_MALE = np.array([0.0, 0.12, 0.10, 0.15, 0.40])
_PER_DECADE = np.array([0.0, 0.08, 0.0, 0.08, -0.06])
_MID_AGE = 45.0
_TERTILE = 0.4307  # of the standard normal distribution


def trait_shift(age: Int, female: Float) -> Float:
    """Return how far the mean of each trait lies from that of all adults.

    Parameters
    ----------
    age : ndarray, shape (n,)
        Age in years; held at its value at 16 and at 80 beyond these.
    female : ndarray, shape (n,)
        1 for women, 0 for men, 0.5 where the literature gives no norm.

    Returns
    -------
    ndarray of float64, shape (n, 5)
        Shift in standard deviations, in the order of `BigFive`.

    Notes
    -----
    Gender: women score higher by 0.40 (neuroticism), 0.15 (agreeableness), 0.12
    (conscientiousness) and 0.10 (extraversion) standard deviations, mean of 55
    nations [1]_; half of it is added, half taken away. Age: conscientiousness
    and agreeableness rise through adult life and neuroticism falls [2]_; that
    the change is linear, and its size per decade, are assumptions.

    References
    ----------
    .. [1] Schmitt, Realo, Voracek and Allik (2008), Why can't a man be more
       like a woman? J. Pers. Soc. Psychol. 94(1), 168-182.
    .. [2] Srivastava, John, Gosling and Potter (2003), Development of
       personality in early and middle adulthood. J. Pers. Soc. Psychol. 84(5),
       1041-1053.
    """
    decades = (np.clip(age, 16, 80) - _MID_AGE) / 10.0
    by_gender = (female[:, np.newaxis] - 0.5) * _FEMALE_MINUS_MALE
    shift: Float = by_gender + decades[:, np.newaxis] * _PER_DECADE
    return shift


def trait_levels(score: Float) -> Int:
    """Cut standard-normal scores at their tertiles: 1 low, 2 medium, 3 high.

    Examples
    --------
    >>> trait_levels(np.array([-1.0, 0.1, 0.5])).tolist()
    [1, 2, 3]
    """
    return np.digitize(score, (-_TERTILE, _TERTILE)) + 1
