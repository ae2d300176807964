"""Choice of a destination: a multinomial logit whose totals match observed ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Float, Int

__all__ = ["DestinationChoice", "destination_shares"]

_PURPOSE = "destination"
_STEPS = 1000
_TOLERANCE = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class DestinationChoice:
    """Where those who move go: a multinomial logit over destinations.

    ``P(j | i) = exp(u_ij + c_j) / sum over k of exp(u_ik + c_k)``, with the utility
    ``u_ij = sum over attributes a of weight_a x_aij``.

    Parameters
    ----------
    weights : mapping of str to float
        Weight of each attribute, such as ``{"log_distance": -1.2, "log_size": 0.8, "ties":
        0.5}``. They are given, not estimated here.
    constants : ndarray of float64, shape (destinations,)
        Constants c of destinations; with `matched`, their mean is 0.

    Notes
    -----
    With log distance and log size as attributes it is the production-constrained gravity
    model, and with constants solved for totals the doubly constrained one (Wilson 1967, A
    statistical theory of spatial distribution models, Transportation Research 1(3), 253-269;
    their equivalence: Anas 1983, Transportation Research B 17(1), 13-23).

    Examples
    --------
    >>> import numpy as np
    >>> choice = DestinationChoice.matched(
    ...     {"log_distance": -1.0}, {"log_distance": np.log([[100.0, 400.0]])}, [0.5, 0.5])
    >>> choice.shares({"log_distance": np.log([[100.0, 400.0]])}).round(6).tolist()
    [[0.5, 0.5]]
    """

    weights: Mapping[str, float]
    constants: Float

    @classmethod
    def matched(
        cls,
        weights: Mapping[str, float],
        attributes: Mapping[str, ArrayLike],
        totals: ArrayLike,
        *,
        movers: ArrayLike | None = None,
    ) -> DestinationChoice:
        """Solve for the constants with which destinations have observed totals.

        Parameters
        ----------
        weights : mapping of str to float
            Weight of each attribute.
        attributes : mapping of str to array_like, each of shape (persons, destinations)
            Attributes of destinations as seen by each person or origin.
        totals : array_like of float, shape (destinations,)
            Observed arrivals, in any unit; positive.
        movers : array_like of float, shape (persons,), optional
            Number or weight of those who move from each origin; by default all count as one.

        Raises
        ------
        DataError
            If shapes differ, a total or a number of movers is not positive, or no constants
            give the totals.

        Notes
        -----
        ``c_j`` is raised by ``log(observed_j / predicted_j)`` until all agree (Train 2009,
        Discrete Choice Methods with Simulation, sec. 2.8; it is the contraction of Berry,
        Levinsohn and Pakes 1995, Econometrica 63(4), 841-890, and the balancing of Furness).
        """
        utility = _utility(weights, attributes)
        observed, weight = _shares_of(totals, movers, utility)
        if np.isneginf(utility).all(axis=0).any():
            message = "no constants give these totals: there is a destination nobody can choose"
            raise DataError(message)
        constants = np.zeros(utility.shape[1])
        for _ in range(_STEPS):
            predicted = weight @ destination_shares(utility + constants)
            step = np.log(observed) - np.log(predicted)
            constants = constants + step
            if np.abs(step).max() < _TOLERANCE:
                break
        else:
            message = f"no constants give these totals within {_STEPS} steps"
            raise DataError(message)
        return cls(weights=dict(weights), constants=constants - constants.mean())

    def shares(self, attributes: Mapping[str, ArrayLike]) -> Float:
        """Return the probability of each destination, shape (persons, destinations).

        Raises
        ------
        DataError
            If an attribute is missing, or shapes differ.
        """
        utility = _utility(self.weights, attributes)
        if utility.shape[1] != len(self.constants):
            message = (
                f"the attributes have {utility.shape[1]} destinations, the choice has "
                f"{len(self.constants)}"
            )
            raise DataError(message)
        return destination_shares(utility + self.constants)

    def choose(
        self, attributes: Mapping[str, ArrayLike], *, ids: ArrayLike, seed: int, step: int
    ) -> Int:
        """Return the number of the destination of each person, shape (persons,).

        Parameters
        ----------
        attributes : mapping of str to array_like, each of shape (persons, destinations)
            Attributes of destinations.
        ids : array_like of int, shape (persons,)
            Ids of the persons, to which their draws belong.
        seed, step : int
            Seed of the run, and number of the period.
        """
        cumulated = np.cumsum(self.shares(attributes), axis=1)
        draw = uniforms(seed, ids, _PURPOSE, step, 1)
        # Rounding may leave the last sum a little below 1.
        chosen: Int = np.minimum((draw >= cumulated).sum(axis=1), cumulated.shape[1] - 1)
        return chosen


def destination_shares(utility: ArrayLike) -> Float:
    """Return logit probabilities along the last axis, without overflow.

    Parameters
    ----------
    utility : array_like of float, shape (persons, destinations)
        Utilities; minus infinity for a destination that a person cannot choose.

    Examples
    --------
    >>> destination_shares([[0.0, 0.0, -np.inf]]).tolist()
    [[0.5, 0.5, 0.0]]
    """
    values = np.asarray(utility, dtype=np.float64)
    raised = np.exp(values - values.max(axis=-1, keepdims=True))
    shares: Float = raised / raised.sum(axis=-1, keepdims=True)
    return shares


def _utility(weights: Mapping[str, float], attributes: Mapping[str, ArrayLike]) -> Float:
    if not weights:
        message = "the choice has no weights; give one for each attribute"
        raise ConfigError(message)
    if missing := [name for name in weights if name not in attributes]:
        message = f"there is no attribute {', '.join(missing)}; there are {', '.join(attributes)}"
        raise DataError(message)
    parts = {name: np.asarray(attributes[name], dtype=np.float64) for name in weights}
    shapes = {name: one.shape for name, one in parts.items()}
    if len(set(shapes.values())) > 1 or len(next(iter(shapes.values()))) != 2:
        message = f"attributes must have one shape (persons, destinations), got {shapes}"
        raise DataError(message)
    if wrong := [name for name, one in parts.items() if np.isnan(one).any()]:
        message = f"the attribute {wrong[0]} has values that are no numbers"
        raise DataError(message)
    utility: Float = np.sum([weights[name] * one for name, one in parts.items()], axis=0)
    return utility


def _shares_of(totals: ArrayLike, movers: ArrayLike | None, utility: Float) -> tuple[Float, Float]:
    """Return totals and movers as shares."""
    persons, destinations = utility.shape
    observed = np.asarray(totals, dtype=np.float64)
    weight = np.ones(persons) if movers is None else np.asarray(movers, dtype=np.float64)
    if observed.shape != (destinations,) or weight.shape != (persons,):
        message = (
            f"totals have shape {observed.shape} and movers {weight.shape}; expected are "
            f"({destinations},) and ({persons},)"
        )
        raise DataError(message)
    if not (np.all(observed > 0.0) and np.all(weight > 0.0)):
        message = "totals and movers must be positive; leave out destinations where nobody goes"
        raise DataError(message)
    return observed / observed.sum(), weight / weight.sum()
