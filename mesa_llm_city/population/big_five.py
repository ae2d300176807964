"""The Big Five personality traits on a scale of 1 to 3 (CitySim, sec. 3.1.1 and app. A)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters.population import TraitParameters

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


def trait_shift(age: Int, female: Float, parameters: TraitParameters) -> Float:
    """Return the difference of the mean of each trait from that of all adults.

    Parameters
    ----------
    age : ndarray, shape (n,)
        Age in years; ages beyond `changes_from` and `changes_to` count as these.
    female : ndarray, shape (n,)
        1 for women, 0 for men, 0.5 where the literature gives no norm.
    parameters : TraitParameters
        Differences by gender and age.

    Returns
    -------
    ndarray of float64, shape (n, 5)
        Shift in standard deviations, in the order of `BigFive`.

    Notes
    -----
    Gender: by default women score higher by 0.40 (neuroticism), 0.15
    (agreeableness), 0.12 (conscientiousness) and 0.10 (extraversion) standard
    deviations, the mean of 55 nations [1]_; half of it is added for women and half
    subtracted for men. Age: conscientiousness and agreeableness rise through adult
    life and neuroticism falls [2]_; that the change is linear, and its size per
    decade, are assumptions.

    References
    ----------
    .. [1] Schmitt, Realo, Voracek and Allik (2008), Why can't a man be more
       like a woman? J. Pers. Soc. Psychol. 94(1), 168-182.
    .. [2] Srivastava, John, Gosling and Potter (2003), Development of
       personality in early and middle adulthood. J. Pers. Soc. Psychol. 84(5),
       1041-1053.
    """
    years = np.clip(age, parameters.changes_from, parameters.changes_to) - parameters.middle_age
    decades = years / 10.0
    by_gender = (female[:, np.newaxis] - 0.5) * _in_order(parameters.female_minus_male)
    shift: Float = by_gender + decades[:, np.newaxis] * _in_order(parameters.per_decade)
    return shift


def _in_order(by_trait: Mapping[str, float]) -> Float:
    return np.array([by_trait[trait] for trait in BigFive._fields])


def trait_levels(score: Float, parameters: TraitParameters) -> Int:
    """Cut scores into levels: 1 low, 2 medium, 3 high.

    Parameters
    ----------
    score : ndarray of float64, any shape
        Standard-normal scores.
    parameters : TraitParameters
        With the `cut`, beyond which a trait is low or high; by default at the tertiles.

    Examples
    --------
    >>> trait_levels(np.array([-1.0, 0.1, 0.5]), TraitParameters()).tolist()
    [1, 2, 3]
    """
    return np.digitize(score, (-parameters.cut, parameters.cut)) + 1
