"""The formula of contacts: how likely a person is to talk to somebody."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.libm import exp
from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters.social import ContactParameters

__all__ = ["contact_probability"]


def contact_probability(
    social: ArrayLike,
    extraversion: ArrayLike,
    belief: ArrayLike,
    free_min: ArrayLike,
    mood: ArrayLike,
    *,
    parameters: ContactParameters,
) -> Float:
    """Return how likely a person is to talk to the partner who has been drawn.

    Binary logit, ``p = 1 / (1 + exp(-v))``, of ``v = constant
    + need (1 - social) + extraversion (level - 2) + belief (b - 0.5)
    + time (min(free / ample, 1) - 1) + mood m``. The paper leaves the decision
    to a language model and names what it weighs (CitySim, sec. 3.3 and appendix
    A.1.2); the form of the rule is an assumption.

    Parameters
    ----------
    social : array_like
        Level of the social need, in [0, 1]; 1 means that the need is fully met.
    extraversion : array_like
        Level of the trait, 1 to 3.
    belief : array_like
        Score of the tie, in [0, 1] (see `belief_score`).
    free_min : array_like
        Free time, in minutes.
    mood : array_like
        Valence of the mood, in [-1, 1].
    parameters : ContactParameters
        What each of these counts for.

    Returns
    -------
    ndarray of float64
        Probability in (0, 1); all inputs broadcast.

    Examples
    --------
    >>> contact_probability([1.0, 0.2], 2, 0.5, 60, 0.0, parameters=ContactParameters()).round(3)
    array([0.119, 0.599])
    """
    shortage = np.minimum(np.divide(free_min, parameters.ample_min), 1.0) - 1.0
    utility = (
        parameters.constant
        + parameters.need * (1.0 - np.asarray(social, dtype=np.float64))
        + parameters.extraversion * (np.asarray(extraversion, dtype=np.float64) - 2.0)
        + parameters.belief * (np.asarray(belief, dtype=np.float64) - 0.5)
        + parameters.time * shortage
        + parameters.mood * np.asarray(mood, dtype=np.float64)
    )
    probability: Float = 1.0 / (1.0 + exp(-utility))
    return probability
