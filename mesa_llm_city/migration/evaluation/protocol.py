"""How test rows are separated from those of training: what is said, and what is found."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Self

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.models.training_rows import SEPARATIONS, Separation

__all__ = ["CLAIMS", "CheckedProtocol", "SeenRowsWarning"]

CLAIMS = ("given", "grouped")
"""Rows that were not used for training, and rows whose households were not used either."""

_ORDER = ("seen", "given", "grouped")
_CALLER = 3  # frames up to who called `evaluate`


class SeenRowsWarning(UserWarning):
    """Rows of an evaluation were seen in training, so its figures are too good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedProtocol:
    """How test rows are separated from the rows of training.

    Parameters
    ----------
    name : {"seen", "given", "grouped", "unknown"}
        ``"seen"``: rows were used for training, early stopping or calibration. ``"given"``:
        rows were not, but members of their households may have been. ``"grouped"``: neither.
        ``"unknown"``: the model carries no fingerprints of its rows.
    claimed : str or None
        What the user said.
    separation : Separation or None
        What was found; None if unknown.

    Examples
    --------
    >>> CheckedProtocol.check("grouped", None).name
    'unknown'
    """

    name: str
    claimed: str | None = None
    separation: Separation | None = None

    @classmethod
    def check(cls, claimed: str | None, separation: Separation | None) -> Self:
        """Check what the user says against what is found.

        A claim that says less than what is found is kept as the name: rows of other
        households may be reported as given.

        Raises
        ------
        ConfigError
            If the claim is none of `CLAIMS`.
        """
        if claimed is not None and claimed not in CLAIMS:
            message = (
                f"protocol must be one of {', '.join(CLAIMS)}, got {claimed!r}; without it, "
                "what is found is reported"
            )
            raise ConfigError(message)
        found = SEPARATIONS[-1] if separation is None else separation.found
        if claimed in _ORDER and found in _ORDER and _ORDER.index(claimed) < _ORDER.index(found):
            found = claimed
        return cls(name=found, claimed=claimed, separation=separation)

    @property
    def is_seen(self) -> bool:
        """Whether rows were seen in training."""
        return self.name == "seen"

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to know before the figures are used; empty if there is nothing."""
        told = []
        if self.is_seen:
            told.append(f"{self.separation}. The figures are too good: evaluate on other rows.")
        if self.separation is None:
            told.append(
                "The model carries no fingerprints of its rows, so nobody can tell whether these "
                "rows were seen in training. Train again to know."
            )
        elif self.claimed not in {None, self.name}:
            told.append(
                f"The protocol is {self.name}, not {self.claimed} as was said: {self.separation}."
            )
        return tuple(told)

    def warn(self) -> None:
        """Warn if rows were seen in training."""
        if self.is_seen:
            warnings.warn(self.warnings[0], SeenRowsWarning, stacklevel=_CALLER)

    def to_dict(self) -> dict[str, Any]:
        """Return all values for JSON."""
        return {
            "protocol": self.name,
            "claimed_protocol": self.claimed,
            "separation": None if self.separation is None else self.separation.to_dict(),
            "warnings": list(self.warnings),
        }

    def __str__(self) -> str:
        """Return the protocol in words."""
        found = "no fingerprints of training rows" if not self.separation else str(self.separation)
        return f"{self.name} ({found})"
