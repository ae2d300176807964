"""Transfer: people get money each month, such as a basic income, or once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any, ClassVar

from mesa_llm_city.economy.money import MOST_CURRENCY
from mesa_llm_city.simulation.economy.grants import FUNDINGS, Grant
from mesa_llm_city.simulation.interventions.base import Applied, Span
from mesa_llm_city.simulation.interventions.query_field import query_defects, query_text
from mesa_llm_city.simulation.query import Query, chosen

if TYPE_CHECKING:
    from mesa_llm_city.simulation.agent import CityAgent
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["Transfer"]


@dataclass(frozen=True, kw_only=True)
class Transfer(Span):
    """Pay people an amount on each payday from its start to its end, or once at its start.

    The model needs an economy. Only people with an account of their own get anything: residents
    of ``economy.adult_from`` years and more.

    Parameters
    ----------
    amount : float
        Currency a month and person; if `once`, in all.
    agents : Query, optional
        Who gets it, see `query.chosen`; looked up on each payday. Everybody by default.
    funding : str, default "issued"
        Where it comes from: ``"issued"`` is new money, ``"levy"`` a levy on wages (on savings if
        `once`) at the same rate for all, ``"outside"`` somebody outside the city.
    once : bool, default False
        Whether it is paid once, at its start, rather than each month.
    """

    kind: ClassVar[str] = "transfer"

    amount: float = 0.0
    agents: Query = None
    funding: str = "issued"
    once: bool = False

    def own_defects(self, model: CityModel) -> Iterator[str]:
        """Yield what is wrong with the amount, whom it is for, and a model without economy."""
        if model.economy_or_none is None:
            yield "the model has no economy; make it with CityModel(economy=Economy())"
        amount: object = self.amount
        is_number = isinstance(amount, Real) and not isinstance(amount, bool)
        if not is_number or not math.isfinite(self.amount) or self.amount <= 0:
            yield f"amount must be a number above 0, got {amount!r:.80}"
        elif self.amount > MOST_CURRENCY:
            yield f"amount must be at most {MOST_CURRENCY:g}, got {amount!r:.80}"
        if self.funding not in FUNDINGS:
            yield f"funding must be one of {', '.join(FUNDINGS)}, got {self.funding!r:.80}"
        once: object = self.once
        if not isinstance(once, bool):
            yield f"once must be true or false, got {once!r:.80}"
        elif once and (self.end is not None or self.minutes is not None):
            yield "a transfer that is paid once has no end; leave end and minutes out"
        yield from query_defects(model, "agents", self.agents)

    def apply(self, model: CityModel, number: int, minute: int) -> Applied:
        """Pay it once, or let it be paid from the next payday on."""
        entitled = _Entitled(model, self.agents)()
        if self.once:
            people = model.economy.daily_payments.pay_once(self._grant, entitled, minute)
        else:
            self.resume(model, number, {})
            people = len(entitled)
        return Applied(query_text(self.agents), self.text or self._text, people)

    def undo(
        self, model: CityModel, number: int, minute: int, memo: Mapping[str, Any]
    ) -> Applied | None:
        """Pay it no more."""
        del minute, memo
        model.economy.grants.pop(number, None)
        return Applied(query_text(self.agents), self._text)

    def resume(self, model: CityModel, number: int, memo: Mapping[str, Any]) -> None:
        """Let it be paid on paydays from now on."""
        del memo
        if not self.once:
            model.economy.grants[number] = (self._grant, _Entitled(model, self.agents))

    @property
    def _grant(self) -> Grant:
        return Grant(float(self.amount), self.funding)

    @property
    def _text(self) -> str:
        return f"{self.amount:g} {'once' if self.once else 'a month'}, {self.funding}"


@dataclass(frozen=True, slots=True)
class _Entitled:
    """Finds who gets a transfer now; a class, since functions made here cannot be copied."""

    model: CityModel
    query: Query

    def __call__(self) -> list[CityAgent]:
        return chosen(self.model, self.query)
