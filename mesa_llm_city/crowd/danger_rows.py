"""Dangers that rows keep away from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from mesa_llm_city.core.values import Bool, Int

__all__ = ["DangerRows"]


@dataclass(frozen=True, slots=True, eq=False)
class DangerRows:
    """A danger, and which of m rows keep away from it.

    Parameters
    ----------
    area : ndarray of bool, shape (n,), or None
        Which of all places lie in it; None if it is everywhere outdoors.
    of : ndarray of bool, shape (m,)
        Who keeps away.
    """

    area: Bool | None
    of: Bool

    def take(self, part: Int | Bool) -> Self:
        """Return it for some of the rows."""
        return replace(self, of=self.of[part])
