"""Numbers of sharing that were fitted to cascades of Weibo, for the rules of this model."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.parameters import CityParameters, default_parameters

__all__ = ["FITTED", "FittedSharing", "parameters_like"]


class FittedSharing(NamedTuple):
    """Numbers fitted to one kind of cascades.

    Attributes
    ----------
    broadcast, later, decay, delay_min, delay_sigma : float
        Of ``social.sharing``.
    appeal_spread, pace_spread : float
        How much items differ: standard deviations of the logarithms of `Item.appeal` and
        `Item.pace`.
    """

    broadcast: float
    later: float
    decay: float
    delay_min: float
    delay_sigma: float
    appeal_spread: float
    pace_spread: float

    def parameters(self, tree: CityParameters | None = None) -> CityParameters:
        """Return parameters with these numbers of sharing."""
        found = default_parameters() if tree is None else tree
        for name in ("broadcast", "later", "decay", "delay_min", "delay_sigma"):
            found = found.with_(f"social.sharing.{name}", getattr(self, name))
        return found


FITTED: Mapping[str, FittedSharing] = MappingProxyType(
    {
        "rumour": FittedSharing(
            broadcast=0.65,
            later=0.0273,
            decay=0.877,
            delay_min=134.0,
            delay_sigma=1.256,
            appeal_spread=0.702,
            pace_spread=0.948,
        ),
        "other": FittedSharing(
            broadcast=0.638,
            later=0.0168,
            decay=0.831,
            delay_min=108.0,
            delay_sigma=1.597,
            appeal_spread=0.736,
            pace_spread=1.118,
        ),
    }
)
"""Fits to one half of the rumours and other posts of 100 to 1,000 forwards of the CED data set
(Song et al. 2018, arXiv:1811.04175), on the network ego-Facebook (McAuley and Leskovec 2012, NIPS)
with `weibo.compare`. The README has what they came to on the other half."""

_DEFAULT = "default"


def parameters_like(sharing: str) -> CityParameters:
    """Return parameters whose numbers of sharing are fitted, or the defaults.

    Raises
    ------
    ConfigError
        If there is no such fit.
    """
    if sharing == _DEFAULT:
        return default_parameters()
    if sharing not in FITTED:
        message = f"sharing must be one of {', '.join((*FITTED, _DEFAULT))}, got {sharing!r}"
        raise ConfigError(message)
    return FITTED[sharing].parameters()
