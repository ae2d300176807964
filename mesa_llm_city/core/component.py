"""The promises of a component.

A component is a plain object with parameters and a small state. It knows neither agent nor model
nor city: values go in, values come out. Its ``async`` methods decide (see `asking`) and leave its
state unchanged; its other methods change it. `testing.check_component` checks this.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol, TypeAlias, runtime_checkable

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import DecisionSource

__all__ = ["Component", "Decided", "State", "Stateless"]

State: TypeAlias = dict[str, Any]
"""The state of a component as JSON-able values."""


@runtime_checkable
class Component(Protocol):
    """A component whose state can be saved and restored."""

    def state(self) -> State:
        """Return everything that changes over a run, as JSON-able values."""
        ...

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over a state that `state` returned."""
        ...


class Decided(NamedTuple):
    """A decision of a component of your own: what, why, and by rule or by prompt.

    Attributes
    ----------
    choice : object
        The decision.
    reason : str
        The reason, in a sentence.
    source : DecisionSource
        Whether a rule or a prompt decided.
    """

    choice: Any
    reason: str
    source: DecisionSource = DecisionSource.RULE


class Stateless:
    """A component that remembers nothing, so that everybody can share one.

    Examples
    --------
    >>> Stateless().state()
    {}
    """

    def state(self) -> State:
        """Return the empty state."""
        return {}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Accept nothing but the empty state.

        Raises
        ------
        DataError
            If `state` holds anything.
        """
        if state:
            message = f"{type(self).__name__} has no state, got {sorted(state)}; restore {{}}"
            raise DataError(message)
