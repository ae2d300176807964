"""Trust in the source of a message: an institution, the media, or somebody the person knows."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters.messages import ChannelSpec, MessageParameters, TrustParameters

__all__ = ["channel_of", "source_trust", "trust_by_name"]


def source_trust(
    base: ArrayLike, deviate: ArrayLike, *, channel: ArrayLike = 0.0, spread: ArrayLike
) -> Float:
    """Return how much persons trust a source, in [0, 1].

    ``clip(base + channel + spread * deviate, 0, 1)``.

    Parameters
    ----------
    base : array_like
        Trust in the source on average, in [0, 1].
    deviate : array_like
        How trusting each person is: draws from the standard normal distribution, the same
        for all messages.
    channel : array_like, default 0
        How much more the source is trusted by this channel.
    spread : array_like
        Standard deviation between persons.

    Returns
    -------
    ndarray of float64
        All inputs broadcast.

    Examples
    --------
    >>> source_trust(0.75, [-1.0, 0.0, 2.0], spread=0.15).round(2)
    array([0.6 , 0.75, 1.  ])
    """
    return np.clip(
        np.asarray(base, dtype=np.float64)
        + np.asarray(channel, dtype=np.float64)
        + np.multiply(spread, deviate),
        0.0,
        1.0,
    )


def trust_by_name(source: str, parameters: TrustParameters) -> float:
    """Return the trust in a source on average; that in an unknown one if it is not listed."""
    return parameters.sources.get(source, parameters.unknown)


def channel_of(name: str, parameters: MessageParameters) -> ChannelSpec:
    """Return a way in which messages come.

    Raises
    ------
    ConfigError
        If there is none of this name.
    """
    channels = parameters.channels
    if name not in channels:
        near = did_you_mean(name, channels)
        message = f"there is no channel {name!r}; the channels are {', '.join(channels)}{near}"
        raise ConfigError(message)
    return channels[name]
