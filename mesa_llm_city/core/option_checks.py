"""Checks of what users give to a model: numbers, words and switches, all defects in one message."""

from __future__ import annotations

import math
from collections.abc import Iterable
from numbers import Integral, Real

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.suggestions import did_you_mean

__all__ = ["OptionChecks"]


class OptionChecks:
    """Collects what is wrong with options, and tells all of it at once.

    Attributes
    ----------
    defects : list of str
        What has been found so far.

    Examples
    --------
    >>> checks = OptionChecks()
    >>> checks.whole("people", 2.5)
    >>> checks.number("share", float("nan"), least=0.0, most=1.0)
    >>> checks.one_of("arm", "controll", ["control", "alike"])
    >>> checks.finish()
    Traceback (most recent call last):
    ...
    mesa_llm_city.core.errors.ConfigError: people must be a whole number, got 2.5; share must be
    from 0 to 1, got nan; arm must be one of control, alike, got 'controll'; did you mean 'control'?
    """

    __slots__ = ("defects",)

    def __init__(self) -> None:
        self.defects: list[str] = []

    def whole(self, name: str, value: object, *, least: int = 1, most: int | None = None) -> None:
        """Check a whole number from `least` to `most`, without an upper end by default."""
        if not isinstance(value, Integral) or isinstance(value, bool):
            self.defects.append(f"{name} must be a whole number, got {value!r:.80}")
        elif int(value) < least or (most is not None and int(value) > most):
            self.defects.append(f"{name} must be {_range(least, most)}, got {value}")

    def number(
        self, name: str, value: object, *, least: float = 0.0, most: float | None = None
    ) -> None:
        """Check a finite number from `least` to `most`, without an upper end by default."""
        if not isinstance(value, Real) or isinstance(value, bool):
            self.defects.append(f"{name} must be a number, got {value!r:.80}")
        elif math.isinf(number := float(value)) or not least <= number <= (
            math.inf if most is None else most
        ):
            self.defects.append(f"{name} must be {_range(least, most)}, got {value!r}")

    def one_of(self, name: str, value: object, known: Iterable[str]) -> None:
        """Check a word that is one of some."""
        words = tuple(known)
        if not isinstance(value, str) or value not in words:
            hint = did_you_mean(str(value), words)
            message = f"{name} must be one of {', '.join(words)}, got {value!r:.80}{hint}"
            self.defects.append(message)

    def switch(self, name: str, value: object) -> None:
        """Check that something is True or False; any text would count as True."""
        if not isinstance(value, bool):
            self.defects.append(f"{name} must be True or False, got {value!r:.80}")

    def finish(self) -> None:
        """Raise a ConfigError with all defects, if there are any."""
        if self.defects:
            raise ConfigError("; ".join(self.defects))


def _range(least: float, most: float | None) -> str:
    return f"at least {least:g}" if most is None else f"from {least:g} to {most:g}"
