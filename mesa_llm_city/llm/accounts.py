"""What a run has been answered and has paid: kept in its store, counted against its budget."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeAlias
from uuid import uuid4

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.llm.asked import Asked
from mesa_llm_city.llm.base import Completion, Message
from mesa_llm_city.llm.budget import Budget, Price, estimate_tokens
from mesa_llm_city.llm.engine import Done
from mesa_llm_city.llm.ledger import Call, Ledger, Source
from mesa_llm_city.llm.payments import Payment, Payments, SharedAccount
from mesa_llm_city.llm.purse import NOTHING, OwnAccount, Purse, add_amounts
from mesa_llm_city.llm.store import Store, Stored

__all__ = ["Accounts", "Mode"]

Mode: TypeAlias = Literal["live", "record", "replay", "replay-or-live"]
"""Ask only; ask and keep; use only what is kept; use what is kept, else ask and keep."""

_MEMORY = ":memory:"
# Name of the account of a run in its own store.
_RUN = "run"


class Accounts:
    """The store of a run and its purse; both are opened when they are first needed.

    Parameters
    ----------
    path : str or None
        File of the store; None for a store in memory.
    mode : {"live", "record", "replay", "replay-or-live"}
        What to do with the store.
    budget : Budget or Purse
        Limits of money, calls and tokens. A purse is shared with others.
    prices : mapping of str to Price or None
        What each model costs; None if there is no price.
    models : mapping of str to tuple
        Name and form of replies of the model of each route, noted in the store.
    ledger : Ledger
        Gets the calls of earlier attempts whose answers were not kept.
    on_open : callable
        Is called with a store that may be written into, each time it is opened.

    Raises
    ------
    ConfigError
        If money is limited but a model has no price.
    """

    def __init__(
        self,
        path: str | None,
        mode: Mode,
        budget: Budget | Purse,
        *,
        prices: Mapping[str, Price | None],
        models: Mapping[str, tuple[str, bool | Literal["grammar"]]],
        ledger: Ledger,
        on_open: Callable[[Store], None],
    ) -> None:
        self.path, self.mode = path, mode
        self._prices = prices if mode != "replay" else {}
        self._owns_purse = not isinstance(budget, Purse)
        self._purse = budget if isinstance(budget, Purse) else self._full(budget)
        self._models, self._ledger, self._on_open = models, ledger, on_open
        self._store: Store | None = None
        self._payments: Payments | None = None
        self._name = uuid4().hex
        self._booked: set[str] = set()
        self._is_counted = self._is_copy = self._is_closed = False

    def __getstate__(self) -> dict[str, Any]:
        """Pickle without the open file; a copy counts in the store if there is one to share."""
        state = {**self.__dict__, "_store": None, "_payments": None, "_is_copy": True}
        if self._shares:
            state |= {"_purse": self._full(self._purse.budget), "_is_counted": False}
        return state

    @property
    def reads(self) -> bool:
        """Whether answers may come from the store."""
        return self.mode in {"replay", "replay-or-live"}

    @property
    def keeps(self) -> bool:
        """Whether answers are written into the store."""
        return self.mode in {"record", "replay-or-live"}

    @property
    def store(self) -> Store:
        """The store, opened if it is not."""
        if self._store is None:
            self._store, self._is_closed = Store(self.path or _MEMORY), False
            if self.mode != "replay":
                self._store.note(models=self._models)
                self._on_open(self._store)
        return self._store

    @property
    def purse(self) -> Purse:
        """The purse, from which what the store holds has been paid if it counts."""
        if not self._is_counted:
            self._count()
        return self._purse

    @property
    def spent(self) -> Mapping[str, float]:
        """Money, calls and tokens paid for so far; a store that was closed stays closed."""
        return (self._purse if self._is_closed else self.purse).spent

    @property
    def shares_budget(self) -> bool:
        """Whether copies in other processes count against the same limits, if there are any."""
        return self._shares or not self._purse.is_limited or self.mode == "replay"

    @property
    def times_resumed(self) -> int:
        """How often the run that the store belongs to was resumed."""
        return 0 if self._is_closed else int(self.store.settings().get("times_resumed", 0))

    def reserve(self, one: Asked, key: str) -> None:
        """Reserve what a question may cost.

        Raises
        ------
        LLMBudgetError
            If a limit would be exceeded; nothing is reserved then.
        """
        self.purse.reserve(one.request.model, **one.size)
        self._booked.add(key)

    def settle(self, one: Asked, completion: Completion | None) -> float | None:
        """Book what a question cost, and return its price in US dollars, None if there is none."""
        return self._purse.settle(one.request.model, **one.size, completion=completion)

    def price_of(self, one: Asked, completion: Completion) -> float | None:
        """Return the price of an answer in US dollars, None if there is none."""
        return self._purse.cost_of(one.request.model, completion, one.size["prompt_tokens"])[1]

    def keep(self, answers: Sequence[tuple[str, Asked, Done]]) -> None:
        """Write answers and what they cost into the store, if answers are kept.

        Parameters
        ----------
        answers : sequence of tuple
            Key of the request, the question, and what came of it.
        """
        if not self.keeps:
            return
        stored, payments = list[Stored](), list[Payment]()
        for key, one, done in answers:
            if done.completion is not None:
                usd = self.price_of(one, done.completion)
                stored.append(Stored.of(one.request, done.completion))
                payments.append(Payment(key, done.tries, done.latency_s, usd))
        if stored:
            self.store.take(stored)
            self._opened_payments().add(payments)

    def keep_calls(self, calls: Sequence[Call], *, forget: Sequence[str] = ()) -> None:
        """Write calls whose answers are not to be used again, if answers are kept.

        Parameters
        ----------
        calls : sequence of Call
            Rows of the ledger.
        forget : sequence of str, optional
            Keys of answers to remove, so that the questions are asked afresh.
        """
        if not self.keeps:
            return
        self._booked.difference_update(forget)
        rows = []
        for call in calls:
            tokens = (call.prompt_tokens or 0) + (call.completion_tokens or 0)
            rows.append((call._asdict(), call.cost_usd or 0.0, float(tokens)))
        self._opened_payments().add_unkept(rows, forget)

    def paid_before(self, known: Mapping[str, Stored]) -> dict[str, Payment]:
        """Return what earlier attempts at this run have paid for answers not used before."""
        fresh = [key for key in known if key not in self._booked]
        if not (self._is_run and fresh):
            return {}
        self._booked.update(fresh)
        paid = self._opened_payments().of(fresh)
        # A run may be killed just after an answer was kept.
        return {key: paid.get(key, Payment(key, 1, 0.0, None)) for key in fresh}

    def flush(self) -> None:
        """Write answers that could not be written before (see `Store.flush`)."""
        if self._store is not None:
            self._store.flush()

    def close(self) -> None:
        """Close the store; what has been spent stays known."""
        if self._store is None:
            return
        if self._shares:
            self._purse.keep_in(OwnAccount(self._purse.spent))
            self._is_counted = False
        self._store.close()
        self._store = self._payments = None
        self._is_closed = True

    @property
    def _is_run(self) -> bool:
        """Whether what the store holds belongs to this very run."""
        return self.keeps and self._purse.budget.stored

    @property
    def _shares(self) -> bool:
        """Whether the budget is kept in the store, for all processes that use it."""
        is_file = self.keeps and self.path != _MEMORY
        return is_file and self._purse.is_limited and self._owns_purse

    def _full(self, budget: Budget) -> Purse:
        """Return a purse of which nothing has been spent."""
        return Purse(budget, prices=self._prices)

    def _opened_payments(self) -> Payments:
        if self._payments is None:
            self._payments = Payments(self.store)
        return self._payments

    def _count(self) -> None:
        """Pay from the purse what was spent before, and have processes share it."""
        if self._purse.is_limited and self._is_copy and not self._shares and _is_worker():
            message = (
                "a budget holds over several processes only if they share a store; give "
                "LLM(..., store='answers.sqlite')"
            )
            raise ConfigError(message)
        before = self._spent_before() if self._is_run else None
        if self._shares:
            name = _RUN if self._is_run else self._name
            self._opened_payments().open_account(name, before)
            self._purse.keep_in(SharedAccount(self._opened_payments(), name))
        elif before is not None:
            self._purse.book(before)
        self._is_counted = True

    def _spent_before(self) -> dict[str, float]:
        """Return what earlier attempts at this run have spent; calls not kept go to the ledger."""
        payments, total = self._opened_payments(), dict(NOTHING)
        paid = {key: one.usd for key, one in payments.all().items()}
        for one in self.store:
            asked = json.loads(one.canonical)
            size = estimate_tokens([Message(*line) for line in asked["messages"]])
            spent, _ = self._purse.cost_of(asked["model"], one.completion(), size)
            if (usd := paid.get(one.key)) is not None:
                spent = spent | {"usd": usd}
            add_amounts(total, spent)
        is_first = not self._ledger
        for call, usd, tokens in payments.unkept():
            add_amounts(total, {"usd": usd, "calls": 1.0, "tokens": tokens})
            if is_first:
                self._ledger.add(Call(**call | {"source": Source(call["source"])}))
        return total


def _is_worker() -> bool:
    """Tell whether this process was started by another one to share its work."""
    return multiprocessing.parent_process() is not None
