"""A language model as a backend: answers are kept, counted and repeatable."""

from __future__ import annotations

import json
import multiprocessing
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from os import PathLike
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self, TypeAlias, get_args
from uuid import uuid4

from pydantic import BaseModel

from mesa_llm_city.core.asking import Question
from mesa_llm_city.core.errors import (
    CityError,
    ConfigError,
    LLMBudgetError,
    LLMError,
    LLMReplyError,
    LLMUnavailableError,
    RecordingError,
)
from mesa_llm_city.core.text_files import is_file
from mesa_llm_city.llm.base import Address, Completion, Message, Request
from mesa_llm_city.llm.budget import Budget, PriceTable, estimate_tokens
from mesa_llm_city.llm.check import CHECK_PROMPT, CHECKING, Checked, check_question, check_request
from mesa_llm_city.llm.clients import ClientSpec, Script
from mesa_llm_city.llm.clients.chat_parameters import in_words
from mesa_llm_city.llm.engine import Done, Engine, EngineConfig, Job
from mesa_llm_city.llm.grammar import grammar_of
from mesa_llm_city.llm.ledger import Call, Ledger, Source, Totals
from mesa_llm_city.llm.payments import Payment, Payments, SharedAccount
from mesa_llm_city.llm.purse import NOTHING, OwnAccount, Purse
from mesa_llm_city.llm.recording import noted_models
from mesa_llm_city.llm.replies import parse_reply, reask, refused, unusable
from mesa_llm_city.llm.reply_schema import schema_of
from mesa_llm_city.llm.store import Store, Stored
from mesa_llm_city.prompts import PromptLibrary

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LLM", "Mode"]

Mode: TypeAlias = Literal["live", "record", "replay", "replay-or-live"]
"""Ask only; ask and keep; use only what is kept; use what is kept, else ask and keep."""

Sample: TypeAlias = Callable[[Question], str]
"""Names the draw a question belongs to; equal questions of one name share an answer."""

Route: TypeAlias = Callable[[Question], str]
"""Names the model that a question goes to; a name without a model of its own is the default."""

_DRAIN_S = 20.0
# Name of the account of a run in its own store.
_RUN = "run"


class _Asking(NamedTuple):
    """A question on its way to an answer; `first` is its request before it was asked again."""

    ticket: int
    question: Question
    request: Request
    prompt: str
    route: str
    first: Request
    began_s: float = 0.0
    unusable: tuple[tuple[str, Call], ...] = ()


class LLM:
    """Answers questions with language models, as a backend of `core.asking`.

    Parameters
    ----------
    spec : ClientSpec or str
        Which model and how to reach it; a name such as ``"openai/gpt-4o-mini"``
        is reached through litellm.
    store : str or Path, optional
        SQLite file in which every answer is kept before it is used.
    mode : {"live", "record", "replay", "replay-or-live"}, optional
        What to do with the store; ``"replay-or-live"`` if there is one, so that a
        run that was killed is paid for once.
    budget : Budget or Purse, optional
        Limits of money, calls and tokens. With a `store` they hold for all copies of this object
        together, also in other processes. A purse (see `purse`) is shared with others.
    prices : PriceTable, optional
        Prices; those that litellm ships by default.
    prompts : iterable of path, optional
        Folders of prompts that come before those of the package.
    on_failure : {"raise", "rules"}, default "raise"
        What happens if there is no usable answer: an error, or the rule decides, which is
        counted. Where no answer is to be had at all, as with a wrong key, it is an error.
    tries : int, default 5
        How often a question is asked whose answers cannot be used; twice at most if they are
        cut off.
    engine : EngineConfig, optional
        Limits of requests at a time, waits and tries.
    models : mapping of str to ClientSpec or str, optional
        Models for some of the questions, by the name of their route.
    route : callable, optional
        Names the route of a question; by default its purpose, so that
        ``models={"plan": "openai/gpt-4o"}`` has days planned by another model. A function
        may as well go by ``question.person``.
    sample : callable, optional
        Names the person or group that an answer belongs to; each person by default.
    pace : {"stream", "rounds"}, default "stream"
        Whether each thought goes on as soon as its answer comes, or all wait for
        the round, so that batches are the same from run to run.

    Raises
    ------
    ConfigError
        If options do not fit together.

    Examples
    --------
    >>> from pydantic import Field
    >>> from mesa_llm_city.core.asking import ask, run
    >>> class Vote(BaseModel):
    ...     reason: str = Field(max_length=80)
    ...     choice: int
    >>> yes = '{"reason": "why not", "choice": 1}'
    >>> llm = LLM(ClientSpec(backend="scripted", model="-", script=lambda _: yes))
    >>> run(ask("vote", Vote, heard=[0, 1]), backend=llm, person=3).choice
    1
    >>> llm.totals().sent
    1
    """

    def __init__(
        self,
        spec: ClientSpec | str,
        *,
        store: str | Path | None = None,
        mode: Mode | None = None,
        budget: Budget | Purse | None = None,
        prices: PriceTable | None = None,
        prompts: Iterable[str | PathLike[str]] = (),
        on_failure: Literal["raise", "rules"] = "raise",
        tries: int = 5,
        engine: EngineConfig | None = None,
        models: Mapping[str, ClientSpec | str] | None = None,
        route: Route | None = None,
        sample: Sample | None = None,
        pace: Literal["stream", "rounds"] = "stream",
    ) -> None:
        self.spec = _spec(spec)
        self.models = {name: _spec(one) for name, one in (models or {}).items()}
        self.mode: Mode = mode or ("live" if store is None else "replay-or-live")
        self.path = None if store is None else str(store)
        _check(self.mode, self.path, on_failure, pace, tries)
        self.on_failure = on_failure
        self.tries = tries
        self.pace = pace
        self.library = PromptLibrary(prompts)
        self.ledger = Ledger()
        self.sample = sample or _person
        self.route = route or _purpose
        self.prices = prices or PriceTable()
        self._owns_purse = not isinstance(budget, Purse)
        self._purse = budget if isinstance(budget, Purse) else self._full_purse(budget or Budget())
        self._engine = Engine(self.spec, engine, others=self.models)
        self._store: Store | None = None
        self._payments: Payments | None = None
        self._account = uuid4().hex
        self._booked: set[str] = set()
        self._refused: dict[str, tuple[str, ...]] = {}
        self._tickets = 0
        self._counted = self._is_copy = self._is_closed = False
        self._open: dict[str, list[_Asking]] = {}
        self._sent: dict[int, str] = {}
        self._ready: list[tuple[int, BaseModel | CityError]] = []

    @classmethod
    def replay(cls, store: str | Path, **options: Any) -> Self:  # noqa: ANN401 - as __init__
        """Return an LLM that answers from a store or a recording, without a key or a network."""
        if not is_file(Path(store)):
            message = f"there is no recording {store}; give a store or a .jsonl.gz of `export`"
            raise RecordingError(message)
        with Store(store) as kept:
            noted = noted_models(str(store), kept.settings())
        models = {
            name: ClientSpec(backend="scripted", model=model, native_schema=form)
            for name, (model, form) in noted.items()
        }
        spec = models.pop("")
        return cls(spec, models=models, store=store, mode="replay", **options)

    def pilot(self, script: Script | None = None) -> LLM:
        """Return an LLM that words questions alike, but has them answered by a script.

        Nothing is sent and nothing kept: this is how much would be asked.
        """
        specs = {
            name: ClientSpec(
                backend="scripted", model=one.model, script=script, native_schema=one.native_schema
            )
            for name, one in {**self.models, "": self.spec}.items()
        }
        pilot = LLM(
            specs.pop(""),
            models=specs,
            route=self.route,
            sample=self.sample,
            prices=self.prices,
            on_failure="rules",
        )
        pilot.library = self.library
        return pilot

    def check(self, config: EngineConfig = CHECKING) -> list[Checked]:
        """Ask each model a short question, to see that key, address and name are right.

        What a model refuses of the parameters is known afterwards. A run that has been checked
        before, or may not pay for it, asks nothing.

        Parameters
        ----------
        config : EngineConfig, optional
            Tries and waits; by default a server that fails is given up after some seconds.

        Raises
        ------
        ConfigError
            If a library, a key or a model file is missing.
        LLMError
            If a model gives no answer.
        """
        if self.mode == "replay":
            return []
        purse, checked = self._opened_purse(), list[Checked]()
        done_before = {call.model for call in self.ledger.calls() if call.prompt == CHECK_PROMPT}
        for spec in {one.model: one for one in self._engine.specs.values()}.values():
            if spec.model not in done_before:
                checked += self._check_one(spec, purse, config)
        return checked

    def _check_one(self, spec: ClientSpec, purse: Purse, config: EngineConfig) -> list[Checked]:
        request, engine = check_request(spec), Engine(spec, config)
        size = self._size(request, spec)
        try:
            purse.reserve(spec.model, **size)
        except LLMBudgetError:
            return []
        done = Done(0, None, None, 0, 0.0)
        try:
            engine.submit([Job(0, request)])
            (done,) = engine.take()
        finally:
            cost = purse.settle(spec.model, **size, completion=done.completion)
            engine.close()
        self._learn(spec.model, done.refused)
        asking = _Asking(0, check_question(), request, CHECK_PROMPT, "", request)
        call = self._book(asking, done.completion, Source.LIVE, cost, done)
        if done.completion is None:
            raise done.error or LLMError("no answer")
        self._keep_unkept([call])
        return [Checked.of(spec, done, cost)]

    # What `thinking` asks of a backend.

    def answer_many(self, questions: Sequence[Question]) -> list[BaseModel | CityError]:
        """Return, for each question, the answer or the error instead of one."""
        self.submit(list(enumerate(questions)))
        answers: dict[int, BaseModel | CityError] = {}
        while len(answers) < len(questions):
            answers |= dict(self.take())
        return [answers[row] for row in range(len(questions))]

    def submit(self, questions: Sequence[tuple[int, Question]]) -> None:
        """Take questions, each with the number by which its answer is returned."""
        asked: list[_Asking] = []
        for ticket, question in questions:
            try:
                asked.append(self._word(ticket, question))
            except CityError as error:
                self._ready.append((ticket, error))
        self._look_up(asked)

    def take(self) -> list[tuple[int, BaseModel | CityError]]:
        """Wait until at least one question is answered and return all answers there are."""
        while self._engine.pending and (self.pace == "rounds" or not self._ready):
            self._arrived(self._engine.take())
        ready, self._ready = self._ready, []
        return ready

    def abandon(self) -> None:
        """Drop open questions; answers that still come within 20 s are kept."""
        drained = self._engine.drain(_DRAIN_S)
        # What cannot be written stays in the store, which tries again when it is closed.
        with suppress(RecordingError):
            self._keep(drained)
        for done in drained:
            first, *_ = self._open[self._sent[done.ticket]]
            self._settle(first, done.completion)
        self._open.clear()
        self._sent.clear()
        self._ready.clear()

    # What whoever runs a model from outside can do, from any thread.

    def hold(self) -> None:
        """Ask nothing until `resume`; what is under way is still answered and kept."""
        self._engine.hold()

    def resume(self) -> None:
        """Ask again after `hold`."""
        self._engine.resume()

    def halt(self) -> None:
        """Let waiting questions fail unasked, because the run is given up."""
        self._engine.halt()

    # What users read.

    def totals(self) -> Totals:
        """Return the sums over all calls so far."""
        return self.ledger.totals()

    def spent(self) -> Mapping[str, float]:
        """Return the money, calls and tokens paid for so far.

        If the budget counts what the store holds from before, this does as well.
        """
        return (self._purse if self._is_closed else self._opened_purse()).spent

    @property
    def purse(self) -> Purse:
        """What has been spent and may be, to be shared with another `LLM`."""
        return self._opened_purse()

    @property
    def specs(self) -> Mapping[str, ClientSpec]:
        """How the models are reached, by route, with what they are known to refuse."""
        return self._engine.specs

    @property
    def refused(self) -> Mapping[str, Sequence[str]]:
        """Parameters that models have refused, by model."""
        return {model: one for model, one in sorted(self._refused.items()) if one}

    @property
    def times_resumed(self) -> int:
        """How often the run that the store belongs to was resumed."""
        return 0 if self._is_closed else int(self._kept().settings().get("times_resumed", 0))

    def calls(self) -> pd.DataFrame:
        """Return one row per call: who asked what, of which prompt, at what price."""
        return self.ledger.to_frame()

    def flush(self) -> None:
        """Write answers that could not be written before (see `Store.flush`)."""
        if self._store is not None:
            self._store.flush()

    def close(self) -> None:
        """Close connections and the store; the next question opens them again."""
        self._engine.close()
        if self._store is not None:
            if self._shares:
                self._purse.keep_in(OwnAccount(self._purse.spent))
                self._counted = False
            self._store.close()
            self._store = self._payments = None
            self._is_closed = True

    def __getstate__(self) -> dict[str, Any]:
        """Pickle without what is open: file, connections and questions."""
        state = {**self.__dict__, "_store": None, "_payments": None, "_is_copy": True}
        if self._shares:
            purse = self._full_purse(self._purse.budget)
            state |= {"_purse": purse, "_counted": False}
        return {**state, "_open": {}, "_sent": {}, "_ready": []}

    # The way of a question.

    def _word(self, ticket: int, question: Question) -> _Asking:
        rendered = self.library.render(question)
        minute = -1 if question.minute is None else question.minute
        named = self.route(question)
        route = named if named in self.models else ""
        spec = self.models.get(route, self.spec)
        schema = schema_of(question.reply)
        request = Request(
            model=spec.model,
            messages=tuple(Message(*one) for one in rendered.messages),
            address=Address(self.sample(question), minute, question.purpose, question.count),
            schema=schema,
            schema_name=question.reply.__name__,
            temperature=rendered.temperature,
            max_tokens=rendered.max_tokens,
            options={
                **spec.options,
                **dict.fromkeys(sorted(spec.omit)),
                **(_grammar(question.reply) if spec.native_schema == "grammar" else {}),
            },
        )
        label = f"{rendered.name}@{rendered.version}"
        return _Asking(ticket, question, request, label, route, request)

    def _look_up(self, asked: Sequence[_Asking]) -> None:
        """Answer from the store what it holds, and send the rest."""
        keys = [one.request.key() for one in asked]
        reads = self.mode in {"replay", "replay-or-live"}
        known = self._kept().get_many(keys) if reads and keys else {}
        fresh: list[Job] = []
        paid = self._paid_before(known)
        for one, key in zip(asked, keys, strict=True):
            if key in known and key in paid:
                self._take_over(one, known[key].completion(), paid[key])
            elif key in known:
                self._finish(one, known[key].completion(), Source.STORE, cost=0.0)
            elif self.mode == "replay":
                self._ready.append((one.ticket, self._kept().miss(one.request)))
            else:
                fresh += self._send(one, key)
        self._engine.submit(fresh)

    def _send(self, one: _Asking, key: str) -> list[Job]:
        """Return the job to send, unless the same is under way or the budget is spent."""
        if key in self._open:
            self._open[key].append(one)
            return []
        try:
            self._opened_purse().reserve(one.request.model, **self._size_of(one))
        except CityError as error:
            self._ready.append((one.ticket, error))
            return []
        self._tickets += 1
        self._booked.add(key)
        one = one._replace(began_s=one.began_s or monotonic())
        self._open[key], self._sent[self._tickets] = [one], key
        return [Job(self._tickets, one.request, one.route)]

    def _arrived(self, arrived: Sequence[Done]) -> None:
        self._keep(arrived)
        for done in arrived:
            first, *others = self._open.pop(self._sent.pop(done.ticket))
            cost = self._settle(first, done.completion)
            self._learn(first.request.model, done.refused)
            if done.completion is None:
                for one in (first, *others):
                    self._fail(one, done.error or LLMError("no answer"), done)
                continue
            self._finish(first, done.completion, Source.LIVE, cost=cost, done=done)
            for one in others:
                self._finish(one, done.completion, Source.SHARED, cost=0.0)

    def _keep(self, arrived: Sequence[Done]) -> None:
        """Write answers into the store, before anything is done with them."""
        if not self._keeps:
            return
        answers, payments = list[Stored](), list[Payment]()
        for done in arrived:
            if done.completion is not None and done.ticket in self._sent:
                key = self._sent[done.ticket]
                first, *_ = self._open[key]
                _, usd = self._cost_of(first, done.completion)
                answers.append(Stored.of(first.request, done.completion))
                payments.append(Payment(key, done.tries, done.latency_s, usd))
        if answers:
            self._kept().put_many(answers)
            self._opened_payments().add(payments)

    def _paid_before(self, known: Mapping[str, Stored]) -> dict[str, Payment]:
        """Return what earlier attempts at this run have paid for answers not used before."""
        fresh = [key for key in known if key not in self._booked]
        if not (self._is_run and fresh):
            return {}
        self._booked.update(fresh)
        paid = self._opened_payments().of(fresh)
        # A run may be killed just after an answer was kept.
        return {key: paid.get(key, Payment(key, 1, 0.0, None)) for key in fresh}

    def _take_over(self, one: _Asking, completion: Completion, paid: Payment) -> None:
        """Use an answer of an earlier attempt at the same run, as if it had come now."""
        usd = self._cost_of(one, completion)[1] if paid.usd is None else paid.usd
        done = Done(0, completion, None, paid.tries, paid.latency_s)
        self.ledger.resume()
        self._finish(one, completion, Source.LIVE, cost=usd, done=done)

    def _finish(
        self,
        one: _Asking,
        completion: Completion,
        source: Source,
        *,
        cost: float | None,
        done: Done | None = None,
    ) -> None:
        """Read the reply; ask again if it cannot be used."""
        try:
            reply, repaired = _read(completion, one)
        except LLMReplyError as error:
            call = self._book(one, completion, source, cost, done, error=error.message)
            one = one._replace(unusable=(*one.unusable, (one.request.key(), call)))
            if self._may_ask_again(one, completion):
                self._look_up([_asked_again(one, completion, error)])
            else:
                self._forget(one)
                self._ready.append((one.ticket, self._marked(error, one)))
            return
        self._book(one, completion, source, cost, done, repaired=repaired)
        self._ready.append((one.ticket, reply))

    def _may_ask_again(self, one: _Asking, completion: Completion) -> bool:
        if completion.finish == "refusal":
            return False
        tries = min(self.tries, 2) if completion.finish == "length" else self.tries
        is_late = one.began_s and monotonic() - one.began_s > self._engine.config.wall_s
        return one.request.address.attempt + 1 < tries and not is_late

    def _forget(self, one: _Asking) -> None:
        """Have a question that ends the run asked afresh when it is resumed."""
        if self._keeps and self.on_failure == "raise":
            keys = [key for key, _ in one.unusable]
            self._booked.difference_update(keys)
            self._keep_unkept([call for _, call in one.unusable], drop=keys)

    def _keep_unkept(self, calls: Sequence[Call], drop: Sequence[str] = ()) -> None:
        if not self._keeps:
            return
        rows = []
        for call in calls:
            tokens = (call.prompt_tokens or 0) + (call.completion_tokens or 0)
            rows.append((call._asdict(), call.cost_usd or 0.0, float(tokens)))
        self._opened_payments().add_unkept(rows, drop)

    def _fail(self, one: _Asking, error: LLMError, done: Done) -> None:
        self._book(one, None, Source.LIVE, 0.0, done, error=error.message)
        self._ready.append((one.ticket, self._marked(error, one)))

    def _marked(self, error: LLMError, one: _Asking) -> LLMError:
        """Return an error of one's own that says whether rules may decide instead."""
        own = type(error)(error.message, purpose=one.question.purpose)
        is_fatal = isinstance(error, LLMUnavailableError) and error.fatal
        if isinstance(own, LLMUnavailableError):
            own.fatal = is_fatal
        own.use_rules = self.on_failure == "rules" and not is_fatal
        if own.use_rules:
            self.ledger.leave_to_rules()
        return own

    def _book(
        self,
        one: _Asking,
        completion: Completion | None,
        source: Source,
        cost: float | None,
        done: Done | None,
        *,
        repaired: bool = False,
        error: str = "",
    ) -> Call:
        address = one.request.address
        return self.ledger.add(
            Call(
                sample=address.sample,
                minute=address.minute,
                purpose=address.purpose,
                turn=address.turn,
                attempt=address.attempt,
                prompt=one.prompt,
                model=one.request.model,
                source=source,
                tries=0 if done is None else done.tries,
                latency_s=0.0 if done is None else done.latency_s,
                prompt_tokens=None if completion is None else completion.prompt_tokens,
                cached_tokens=None if completion is None else completion.cached_tokens,
                completion_tokens=None if completion is None else completion.completion_tokens,
                cost_usd=cost,
                valid=not error,
                repaired=repaired,
                error=error,
            )
        )

    @property
    def _keeps(self) -> bool:
        return self.mode in {"record", "replay-or-live"}

    @property
    def _is_run(self) -> bool:
        """Whether what the store holds belongs to this very run."""
        return self._keeps and self._purse.budget.stored

    @property
    def _shares(self) -> bool:
        """Whether the budget is kept in the store, for all processes that use it."""
        is_file = self._keeps and self.path != ":memory:"
        return is_file and self._purse.is_limited and self._owns_purse

    def _kept(self) -> Store:
        if self._store is None:
            self._store, self._is_closed = Store(self.path or ":memory:"), False
            if self.mode != "replay":
                specs = {"": self.spec, **self.models}
                noted = {name: (one.model, one.native_schema) for name, one in specs.items()}
                self._store.note(models=noted)
                for model, refused in self._store.settings().get("refused", {}).items():
                    self._set_refused(model, tuple(refused))
        return self._store

    def _opened_payments(self) -> Payments:
        if self._payments is None:
            self._payments = Payments(self._kept())
        return self._payments

    def _learn(self, model: str, refused: tuple[str, ...]) -> None:
        """Remember what a model refuses, for the whole run, and say so."""
        before = self._refused.get(model, ())
        fresh = [one for one in refused if one not in before]
        if not fresh:
            return
        self._set_refused(model, tuple(sorted({*before, *refused})))
        if self._keeps:
            self._kept().note(refused=self._refused)
        for one in fresh:
            warnings.warn(f"{model} refuses {one}: {in_words(one)}", stacklevel=2)

    def _set_refused(self, model: str, refused: tuple[str, ...]) -> None:
        self._refused[model] = refused
        for route, spec in self._engine.specs.items():
            if spec.model == model:
                self._engine.specs[route] = replace(spec, refused=refused)

    def _full_purse(self, budget: Budget) -> Purse:
        models = [self.spec.model, *(one.model for one in self.models.values())]
        asks = self.mode != "replay"
        return Purse(budget, prices={name: self.prices.of(name) for name in models if asks})

    def _opened_purse(self) -> Purse:
        """Return the purse, from which what the store holds has been paid if it counts."""
        if self._counted:
            return self._purse
        if self._purse.is_limited and self._is_copy and not self._shares and _is_worker():
            message = (
                "a budget holds over several processes only if they share a store; give "
                "LLM(..., store='answers.sqlite')"
            )
            raise ConfigError(message)
        before = self._spent_before() if self._is_run else None
        if self._shares:
            name = _RUN if self._is_run else self._account
            self._opened_payments().open_account(name, before)
            self._purse.keep_in(SharedAccount(self._opened_payments(), name))
        elif before is not None:
            self._purse.book(before)
        self._counted = True
        return self._purse

    def _spent_before(self) -> dict[str, float]:
        """Return what earlier attempts at this run have spent; calls not kept go to the ledger."""
        payments, total = self._opened_payments(), dict(NOTHING)
        paid = {key: one.usd for key, one in payments.all().items()}
        for one in self._kept():
            asked = json.loads(one.canonical)
            size = estimate_tokens([Message(*line) for line in asked["messages"]])
            spent, _ = self._purse.cost_of(asked["model"], one.completion(), size)
            _add(total, spent | ({} if paid.get(one.key) is None else {"usd": paid[one.key]}))
        is_first = not self.ledger
        for call, usd, tokens in payments.unkept():
            _add(total, {"usd": usd, "calls": 1.0, "tokens": tokens})
            if is_first:
                self.ledger.add(Call(**call | {"source": Source(call["source"])}))
        return total

    def _settle(self, one: _Asking, completion: Completion | None) -> float | None:
        return self._purse.settle(one.request.model, **self._size_of(one), completion=completion)

    def _cost_of(
        self, one: _Asking, completion: Completion
    ) -> tuple[Mapping[str, float], float | None]:
        tokens = self._size_of(one)["prompt_tokens"]
        return self._purse.cost_of(one.request.model, completion, tokens)

    def _size_of(self, one: _Asking) -> dict[str, int]:
        return self._size(one.request, self.models.get(one.route, self.spec))

    @staticmethod
    def _size(request: Request, spec: ClientSpec) -> dict[str, int]:
        return {
            "prompt_tokens": estimate_tokens(request.messages),
            "max_tokens": spec.answer_tokens or request.max_tokens,
        }


def _spec(model: ClientSpec | str) -> ClientSpec:
    return ClientSpec(backend="litellm", model=model) if isinstance(model, str) else model


@lru_cache(maxsize=256)
def _grammar(reply: type[BaseModel]) -> Mapping[str, Any]:
    return {"grammar": grammar_of(schema_of(reply))}


def _purpose(question: Question) -> str:
    return question.purpose


def _person(question: Question) -> str:
    return "-" if question.person is None else str(question.person)


def _is_worker() -> bool:
    """Tell whether this process was started by another one to share its work."""
    return multiprocessing.parent_process() is not None


def _add(total: dict[str, float], amounts: Mapping[str, float]) -> None:
    for kind, amount in amounts.items():
        total[kind] = round(total[kind] + amount, 12)


def _asked_again(one: _Asking, completion: Completion, error: LLMReplyError) -> _Asking:
    """Return the question once more, with what is wrong with the answer if there is any."""
    said = completion.text
    again = reask(one.first, said, error) if said.strip() else one.first
    attempt = one.request.address.attempt + 1
    address = one.request.address._replace(attempt=attempt)
    return one._replace(request=replace(again, address=address))


def _read(completion: Completion, one: _Asking) -> tuple[BaseModel, bool]:
    question, is_cut = one.question, completion.finish == "length"
    if completion.finish == "refusal":
        raise LLMReplyError(refused(completion.text))
    try:
        return parse_reply(completion.text, question.reply, facts=question.facts, cut_off=is_cut)
    except LLMReplyError as error:
        raise unusable(completion, one.request, error) from None


def _check(mode: str, path: str | None, on_failure: str, pace: str, tries: int) -> None:
    choices = {
        "mode": get_args(Mode),
        "on_failure": ("raise", "rules"),
        "pace": ("stream", "rounds"),
    }
    given = {"mode": mode, "on_failure": on_failure, "pace": pace}
    for name, value in given.items():
        if value not in choices[name]:
            message = f"{name} must be one of {', '.join(choices[name])}, got {value!r}"
            raise ConfigError(message)
    if tries < 1:
        message = f"tries must be at least 1, got {tries}"
        raise ConfigError(message)
    if mode != "live" and path is None:
        message = f"mode {mode!r} needs a store; give store='answers.sqlite'"
        raise ConfigError(message)
