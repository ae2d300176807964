"""Draws of one address at a time, in a form that is compiled (see `kernels`).

They give the numbers of `streams.uniforms` and of `inverse_draws`, to the last bit.
"""

from __future__ import annotations

import math

import numpy as np

from mesa_llm_city.core.normal_pieces import COUNT, MIDDLE, PIECES
from mesa_llm_city.core.philox import philox_block
from mesa_llm_city.core.values import Float

__all__ = [
    "fill_uniforms",
    "gumbel_at",
    "normal_at",
    "normals_at",
    "share_below",
    "two_uniforms_at",
    "uniform_at",
]

_DISCARDED, _UNIT = np.uint64(11), 2.0**-53  # a float holds 53 of 64 random bits
_BLOCK = 4  # words of one counter
_HALF_STEP, _LAST = 2.0**-54, 1.0 - 2.0**-53  # as in `inverse_draws`


def uniform_at(seed: np.uint64, person: int, step: int, word: np.uint64) -> float:
    """Return the first uniform number of an address.

    Parameters
    ----------
    seed : uint64
        Seed of the run.
    person, step : int
        Id of the person, and when it is drawn.
    word : uint64
        What is drawn (see `streams.word_of`).
    """
    words = philox_block(seed, np.uint64(person), np.uint64(step), word, np.uint64(1))
    return float(words[0] >> _DISCARDED) * _UNIT


def two_uniforms_at(
    seed: np.uint64, person: int, step: int, word: np.uint64
) -> tuple[float, float]:
    """Return the first two uniform numbers of an address (see `uniform_at`)."""
    words = philox_block(seed, np.uint64(person), np.uint64(step), word, np.uint64(1))
    return float(words[0] >> _DISCARDED) * _UNIT, float(words[1] >> _DISCARDED) * _UNIT


def fill_uniforms(seed: np.uint64, person: int, step: int, word: np.uint64, drawn: Float) -> None:
    """Fill an array of shape (n,) with the first n uniform numbers of an address."""
    count, at = len(drawn), 0
    while at < count:
        block = np.uint64(at // _BLOCK + 1)
        for one in philox_block(seed, np.uint64(person), np.uint64(step), word, block):
            if at < count:
                drawn[at] = float(one >> _DISCARDED) * _UNIT
                at += 1


def normals_at(
    seed: np.uint64, person: int, step: int, word: np.uint64
) -> tuple[float, float, float, float]:
    """Return standard normal numbers for the first four uniform numbers of an address."""
    words = philox_block(seed, np.uint64(person), np.uint64(step), word, np.uint64(1))
    return (
        normal_at(float(words[0] >> _DISCARDED) * _UNIT),
        normal_at(float(words[1] >> _DISCARDED) * _UNIT),
        normal_at(float(words[2] >> _DISCARDED) * _UNIT),
        normal_at(float(words[3] >> _DISCARDED) * _UNIT),
    )


def gumbel_at(uniform: float) -> float:
    """Return a standard Gumbel number for a uniform one, as `gumbel_of` does."""
    return -math.log(-math.log(min(uniform + _HALF_STEP, _LAST)))


# Rational functions of the Cephes library, ndtri.c (Moshier 2000), which SciPy uses.
_FAR = 8.0
_NEAR_TOP = (
    4.05544892305962419923e0,
    3.15251094599893866154e1,
    5.71628192246421288162e1,
    4.40805073893200834700e1,
    1.46849561928858024014e1,
    2.18663306850790267539e0,
    -1.40256079171354495875e-1,
    -3.50424626827848203418e-2,
    -8.57456785154685413611e-4,
)
_NEAR_BOTTOM = (
    1.57799883256466749731e1,
    4.53907635128879210584e1,
    4.13172038254672030440e1,
    1.50425385692907503408e1,
    2.50464946208309415979e0,
    -1.42182922854787788574e-1,
    -3.80806407691578277194e-2,
    -9.33259480895457427372e-4,
)
_FAR_TOP = (
    3.23774891776946035970e0,
    6.91522889068984211695e0,
    3.93881025292474443415e0,
    1.33303460815807542389e0,
    2.01485389549179081538e-1,
    1.23716634817820021358e-2,
    3.01581553508235416007e-4,
    2.65806974686737550832e-6,
    6.23974539184983293730e-9,
)
_FAR_BOTTOM = (
    6.02427039364742014255e0,
    3.67983563856160859403e0,
    1.37702099489081330271e0,
    2.16236993594496635890e-1,
    1.34204006088543189037e-2,
    3.28014464682127739104e-4,
    2.89247864745380683936e-6,
    6.79019408009981274425e-9,
)


def normal_at(uniform: float) -> float:
    """Return a standard normal number for a uniform one, as `normal_of` does.

    References
    ----------
    Moshier (2000), Cephes Mathematical Library 2.8, ndtri.
    """
    share = min(uniform + _HALF_STEP, _LAST)
    if abs(share - 0.5) < MIDDLE:
        at = share * COUNT
        piece = int(at)
        part = at - piece
        normal = PIECES[piece, 0] * part + PIECES[piece, 1]
        normal = normal * part + PIECES[piece, 2]
        return float(normal * part + PIECES[piece, 3])
    is_upper = share > 0.5
    if is_upper:
        share = 1.0 - share
    away = math.sqrt(-2.0 * math.log(share))
    inverse = 1.0 / away
    if away < _FAR:
        less = inverse * _polynomial(inverse, _NEAR_TOP) / _monic(inverse, _NEAR_BOTTOM)
    else:
        less = inverse * _polynomial(inverse, _FAR_TOP) / _monic(inverse, _FAR_BOTTOM)
    found = away - math.log(away) / away - less
    return found if is_upper else -found


# Rational functions of the Cephes library, ndtr.c (Moshier 2000), which SciPy uses.
_ROOT_OF_HALF = 0.70710678118654752440
_INNER_TOP = (
    9.60497373987051638749e0,
    9.00260197203842689217e1,
    2.23200534594684319226e3,
    7.00332514112805075473e3,
    5.55923013010394962768e4,
)
_INNER_BOTTOM = (
    3.35617141647503099647e1,
    5.21357949780152679795e2,
    4.59432382970980127987e3,
    2.26290000613890934246e4,
    4.92673942608635921086e4,
)
_OUTER_TOP = (
    2.46196981473530512524e-10,
    5.64189564831068821977e-1,
    7.46321056442269912687e0,
    4.86371970985681366614e1,
    1.96520832956077098242e2,
    5.26445194995477358631e2,
    9.34528527171957607540e2,
    1.02755188689515710272e3,
    5.57535335369399327526e2,
)
_OUTER_BOTTOM = (
    1.32281951154744992508e1,
    8.67072140885989742329e1,
    3.54937778887819891062e2,
    9.75708501743205489753e2,
    1.82390916687909736289e3,
    2.24633760818710981792e3,
    1.65666309194161350182e3,
    5.57535340817727675546e2,
)
_OUTMOST_TOP = (
    5.64189583547755073984e-1,
    1.27536670759978104416e0,
    5.01905042251180477414e0,
    6.16021097993053585195e0,
    7.40974269950448939160e0,
    2.97886665372100240670e0,
)
_OUTMOST_BOTTOM = (
    2.26052863220117276590e0,
    9.39603524938001434673e0,
    1.20489539808096656605e1,
    1.70814450747565897222e1,
    9.60896809063285878198e0,
    3.36907645100081516050e0,
)


def share_below(score: float) -> float:
    """Return the share of standard normal numbers below one, as `scipy.special.ndtr` does.

    The numbers are the same to the last bit from -37 on; further down both are next to 0.

    References
    ----------
    Moshier (2000), Cephes Mathematical Library 2.8, ndtr.
    """
    at = score * _ROOT_OF_HALF
    away = abs(at)
    squared = at * at
    if away < 1.0:
        bend = at * _polynomial(squared, _INNER_TOP) / _monic(squared, _INNER_BOTTOM)
        return 0.5 + 0.5 * bend
    if away < _FAR:
        tail = _polynomial(away, _OUTER_TOP), _monic(away, _OUTER_BOTTOM)
    else:
        tail = _polynomial(away, _OUTMOST_TOP), _monic(away, _OUTMOST_BOTTOM)
    beyond = 0.5 * (math.exp(-squared) * tail[0] / tail[1])
    return 1.0 - beyond if at > 0.0 else beyond


def _polynomial(x: float, coefficients: tuple[float, ...]) -> float:
    """Return a polynomial whose coefficients are given from the highest power on."""
    value = coefficients[0]
    for one in coefficients[1:]:
        value = value * x + one
    return value


def _monic(x: float, coefficients: tuple[float, ...]) -> float:
    """Return a polynomial whose highest power, left out, has the coefficient 1."""
    value = x + coefficients[0]
    for one in coefficients[1:]:
        value = value * x + one
    return value
