"""A language model as a backend: answers are kept, counted and repeatable."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from os import PathLike
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias, get_args

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
from mesa_llm_city.core.signals import signals_held
from mesa_llm_city.core.text_files import is_file
from mesa_llm_city.llm.accounts import Accounts, Mode
from mesa_llm_city.llm.archetypes import Archetype, Archetypes
from mesa_llm_city.llm.asked import (
    Asked,
    asked_again,
    call_of,
    read_reply,
    shared_call,
    worded,
)
from mesa_llm_city.llm.base import Completion
from mesa_llm_city.llm.budget import Budget, Price, PriceTable
from mesa_llm_city.llm.chain_lengths import ChainLengths
from mesa_llm_city.llm.check import CHECK_PROMPT, CHECKING, Checked, check_asked, send_one
from mesa_llm_city.llm.clients import ClientSpec, Script
from mesa_llm_city.llm.clients.chat_parameters import in_words
from mesa_llm_city.llm.engine import Done, Engine, EngineConfig, Job
from mesa_llm_city.llm.ledger import Ledger, Source, Totals
from mesa_llm_city.llm.payments import Payment
from mesa_llm_city.llm.purse import Purse
from mesa_llm_city.llm.recording import noted_models
from mesa_llm_city.llm.store import Store
from mesa_llm_city.prompts import PromptLibrary

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LLM", "Mode"]

Sample: TypeAlias = Callable[[Question], str]
"""Names the draw a question belongs to; equal questions of one name share an answer."""

Route: TypeAlias = Callable[[Question], str]
"""Names the model that a question goes to; a name without a model of its own is the default."""

_DRAIN_S = 5.0
_WORDED_AT_ONCE = 32


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
    pace : {"stream", "rounds"}, optional
        Whether each thought goes on as soon as its answer comes (the default), or all wait for
        the round, so that batches are the same from run to run (needed, and so the default,
        with archetypes).
    archetypes : mapping of str to Archetype, optional
        Who shares answers, by purpose of the question. They belong to one run: give each run of
        a sweep, or each future, an `LLM` of its own; they may share store and purse.

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
        pace: Literal["stream", "rounds"] | None = None,
        archetypes: Mapping[str, Archetype] | None = None,
    ) -> None:
        self.spec = _spec(spec)
        self.models = {name: _spec(one) for name, one in (models or {}).items()}
        self.mode: Mode = mode or ("live" if store is None else "replay-or-live")
        self.path = None if store is None else str(store)
        self.archetypes = Archetypes(archetypes or {})
        pace = pace or ("rounds" if archetypes else "stream")
        _check(self.mode, self.path, on_failure, pace, tries)
        if archetypes and pace != "rounds":
            message = "archetypes need pace='rounds', so that who is first is the same in each run"
            raise ConfigError(message)
        self.on_failure = on_failure
        self.tries = tries
        self.pace: Literal["stream", "rounds"] = pace
        self.library = PromptLibrary(prompts)
        self.ledger = Ledger()
        self.sample = sample or _person
        self.route = route or _purpose
        self.prices = prices or PriceTable()
        self._engine = Engine(self.spec, engine, others=self.models)
        specs = self._engine.specs
        self._accounts = Accounts(
            self.path,
            self.mode,
            budget or Budget(),
            prices={} if self.mode == "replay" else self._prices_of(specs),
            models={name: (one.model, one.native_schema) for name, one in specs.items()},
            ledger=self.ledger,
            on_open=self._learn_from,
        )
        self._refused: dict[str, tuple[str, ...]] = {}
        self._lengths = ChainLengths()
        self._tickets = 0
        self._open: dict[str, list[Asked]] = {}
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
            archetypes=self.archetypes.by_purpose,
        )
        pilot.library = self.library
        return pilot

    def sharing(self, archetypes: Mapping[str, Archetype]) -> LLM:
        """Return an LLM that asks like this one, of the same store and budget, with archetypes.

        Parameters
        ----------
        archetypes : mapping of str to Archetype
            Who shares answers, by purpose of the question.
        """
        shared = LLM(
            self.spec,
            store=self.path,
            mode=self.mode,
            budget=self.purse,
            prices=self.prices,
            on_failure=self.on_failure,
            tries=self.tries,
            engine=self.config,
            models=self.models,
            route=self.route,
            sample=self.sample,
            archetypes=archetypes,
        )
        shared.library = self.library
        return shared

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
        purse, checked = self.purse, list[Checked]()
        done_before = {call.model for call in self.ledger.calls() if call.prompt == CHECK_PROMPT}
        for spec in {one.model: one for one in self._engine.specs.values()}.values():
            if spec.model in done_before:
                continue
            try:
                purse.reserve(spec.model, **check_asked(spec).size)
            except LLMBudgetError:
                continue
            checked.append(self._check_one(spec, config))
        return checked

    def _check_one(self, spec: ClientSpec, config: EngineConfig) -> Checked:
        asked = check_asked(spec)
        done = Done(0, None, None, 0, 0.0)
        try:
            done = send_one(asked, spec, config)
        finally:
            cost = self._accounts.settle(asked, done.completion)
        self._learn(spec.model, done.refused)
        call = self.ledger.add(call_of(asked, done.completion, Source.LIVE, cost, done))
        if done.completion is None:
            raise done.error or LLMError("no answer")
        self._accounts.keep_calls([call])
        return Checked.of(spec, done, cost)

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
        self._ask(self._unshared(questions) if self.archetypes.by_purpose else questions)

    def _ask(self, questions: Iterable[tuple[int, Question]]) -> None:
        everything = [*questions]
        for ticket, question in everything:
            self._lengths.note(ticket, question.purpose, question.count)
        # The first are under way while the others are still worded.
        for first in range(0, len(everything), _WORDED_AT_ONCE):
            asked: list[Asked] = []
            for ticket, question in everything[first : first + _WORDED_AT_ONCE]:
                try:
                    asked.append(self._worded(ticket, question))
                except CityError as error:
                    self._hand_in(ticket, error)
            self._look_up(asked)

    def _unshared(
        self, questions: Sequence[tuple[int, Question]]
    ) -> Iterator[tuple[int, Question]]:
        """Yield the questions that have to be asked; the others share an answer, or wait for it."""
        for ticket, question in sorted(questions, key=_by_time):
            try:
                key = self.archetypes.key_of(question)
            except CityError as error:
                self._hand_in(ticket, error)
                continue
            if key is None:
                yield ticket, question
            elif (shared := self.archetypes.answer(question, key)) is not None:
                self._share(ticket, question, key, shared)
            elif not self.archetypes.wait(ticket, question, key):
                if not self.archetypes.has_answer(key):
                    self.archetypes.lead(ticket, key)
                yield ticket, question

    def _share(
        self,
        ticket: int,
        question: Question,
        key: tuple[str, str, int],
        shared: tuple[BaseModel, str, str],
    ) -> None:
        reply, prompt, model = shared
        self.ledger.add(shared_call(question, group=key[1], prompt=prompt, model=model))
        self._ready.append((ticket, reply))

    def _hand_in(
        self, ticket: int, answer: BaseModel | CityError, one: Asked | None = None
    ) -> None:
        """Have an answer, or the error instead of one, taken; and serve those who wait for it."""
        self._ready.append((ticket, answer))
        if one is not None and isinstance(answer, BaseModel):
            waiting = self.archetypes.answered(
                ticket, one.question, answer, prompt=one.prompt, model=one.request.model
            )
        else:
            waiting = self.archetypes.failed(ticket)
        if waiting:
            # Another one of the group is asked for if the first one has failed.
            self._ask(self._unshared(waiting))

    def take(self) -> list[tuple[int, BaseModel | CityError]]:
        """Wait until at least one question is answered and return all answers there are."""
        while self._engine.pending and (self.pace == "rounds" or not self._ready):
            self._arrived(self._engine.take())
        ready, self._ready = self._ready, []
        return ready

    def abandon(self) -> None:
        """Drop open questions; answers that still come within 5 s are kept, as they come.

        Ctrl-C or SIGTERM ends the waiting at once.
        """
        with signals_held() as is_called_off:
            for drained in self._engine.drain(_DRAIN_S, is_called_off=is_called_off):
                # What cannot be written stays in the store, which tries again when it is closed.
                with suppress(RecordingError):
                    self._keep(drained)
                for done in drained:
                    first, *_ = self._open[self._sent[done.ticket]]
                    self._accounts.settle(first, done.completion)
        self._open.clear()
        self._sent.clear()
        self._ready.clear()
        self.archetypes.clear_open()

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
        return self._accounts.spent

    @property
    def purse(self) -> Purse:
        """What has been spent and may be, to be shared with another `LLM`."""
        return self._accounts.purse

    @property
    def shares_budget(self) -> bool:
        """Whether copies in other processes count against the same limits, if there are any.

        They do if the budget is not a `Purse`, and answers are kept in a file.
        """
        return self._accounts.shares_budget

    @property
    def specs(self) -> Mapping[str, ClientSpec]:
        """How the models are reached, by route, with what they are known to refuse."""
        return self._engine.specs

    @property
    def config(self) -> EngineConfig:
        """Limits of requests at a time, waits and tries."""
        return self._engine.config

    @property
    def refused(self) -> Mapping[str, Sequence[str]]:
        """Parameters that models have refused, by model."""
        return {model: one for model, one in sorted(self._refused.items()) if one}

    @property
    def times_resumed(self) -> int:
        """How often the run that the store belongs to was resumed."""
        return self._accounts.times_resumed

    def calls(self) -> pd.DataFrame:
        """Return one row per call: who asked what, of which prompt, at what price."""
        return self.ledger.to_frame()

    def flush(self) -> None:
        """Write answers that could not be written before (see `Store.flush`)."""
        self._accounts.flush()

    def close(self) -> None:
        """Close connections and the store; the next question opens them again."""
        self._engine.close()
        self._accounts.close()

    def __getstate__(self) -> dict[str, Any]:
        """Pickle without what is open: file, connections and questions."""
        return {**self.__dict__, "_open": {}, "_sent": {}, "_ready": []}

    # The way of a question.

    def _worded(self, ticket: int, question: Question) -> Asked:
        named = self.route(question)
        route = named if named in self.models else ""
        spec = self.models.get(route, self.spec)
        return worded(
            ticket, question, library=self.library, route=route, spec=spec, sample=self.sample
        )

    def _look_up(self, asked: Sequence[Asked]) -> None:
        """Answer from the store what it holds, and send the rest."""
        accounts, keys = self._accounts, [one.request.key() for one in asked]
        known = accounts.store.get_many(keys) if accounts.reads and keys else {}
        fresh: list[Job] = []
        paid = accounts.paid_before(known)
        for one, key in zip(asked, keys, strict=True):
            if key in known and key in paid:
                self._take_over(one, known[key].completion(), paid[key])
            elif key in known:
                self._finish(one, known[key].completion(), Source.STORE, cost=0.0)
            elif self.mode == "replay":
                self._hand_in(one.ticket, accounts.store.miss(one.request))
            else:
                fresh += self._send(one, key)
        self._engine.submit(fresh)

    def _send(self, one: Asked, key: str) -> list[Job]:
        """Return the job to send, unless the same is under way or the budget is spent."""
        if key in self._open:
            self._open[key].append(one)
            return []
        try:
            self._accounts.reserve(one, key)
        except CityError as error:
            self._hand_in(one.ticket, error)
            return []
        self._tickets += 1
        one = one._replace(began_s=one.began_s or monotonic())
        self._open[key], self._sent[self._tickets] = [one], key
        ahead = self._lengths.expected(one.question.purpose, one.question.count)
        return [Job(self._tickets, one.request, one.route, ahead)]

    def _arrived(self, arrived: Sequence[Done]) -> None:
        self._keep(arrived)
        for done in arrived:
            first, *others = self._open.pop(self._sent.pop(done.ticket))
            cost = self._accounts.settle(first, done.completion)
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
        known = [(self._sent[done.ticket], done) for done in arrived if done.ticket in self._sent]
        self._accounts.keep([(key, self._open[key][0], done) for key, done in known])

    def _take_over(self, one: Asked, completion: Completion, paid: Payment) -> None:
        """Use an answer of an earlier attempt at the same run, as if it had come now."""
        usd = self._accounts.price_of(one, completion) if paid.usd is None else paid.usd
        done = Done(0, completion, None, paid.tries, paid.latency_s)
        self.ledger.resume()
        self._finish(one, completion, Source.LIVE, cost=usd, done=done)

    def _finish(
        self,
        one: Asked,
        completion: Completion,
        source: Source,
        *,
        cost: float | None,
        done: Done | None = None,
    ) -> None:
        """Read the reply; ask again if it cannot be used."""
        try:
            reply, repaired = read_reply(completion, one)
        except LLMReplyError as error:
            call = call_of(one, completion, source, cost, done, error=error.message)
            self.ledger.add(call)
            one = one._replace(unusable=(*one.unusable, (one.request.key(), call)))
            if self._may_ask_again(one, completion):
                self._look_up([asked_again(one, completion, error)])
            else:
                self._forget(one)
                self._hand_in(one.ticket, self._marked(error, one))
            return
        self.ledger.add(call_of(one, completion, source, cost, done, repaired=repaired))
        self._hand_in(one.ticket, reply, one)

    def _may_ask_again(self, one: Asked, completion: Completion) -> bool:
        if completion.finish == "refusal":
            return False
        tries = min(self.tries, 2) if completion.finish == "length" else self.tries
        is_late = one.began_s and monotonic() - one.began_s > self._engine.config.wall_s
        return one.request.address.attempt + 1 < tries and not is_late

    def _forget(self, one: Asked) -> None:
        """Have a question that ends the run asked afresh when it is resumed."""
        if self.on_failure == "raise":
            calls = [call for _, call in one.unusable]
            self._accounts.keep_calls(calls, forget=[key for key, _ in one.unusable])

    def _fail(self, one: Asked, error: LLMError, done: Done) -> None:
        self.ledger.add(call_of(one, None, Source.LIVE, 0.0, done, error=error.message))
        self._hand_in(one.ticket, self._marked(error, one))

    def _marked(self, error: LLMError, one: Asked) -> LLMError:
        """Return an error of one's own that says whether rules may decide instead."""
        own = type(error)(error.message, purpose=one.question.purpose)
        is_fatal = isinstance(error, LLMUnavailableError) and error.fatal
        if isinstance(own, LLMUnavailableError):
            own.fatal = is_fatal
        own.use_rules = self.on_failure == "rules" and not is_fatal
        if own.use_rules:
            self.ledger.leave_to_rules()
        return own

    # What models refuse.

    def _learn_from(self, store: Store) -> None:
        """Take over what earlier attempts have learnt."""
        for model, refused in store.settings().get("refused", {}).items():
            self._set_refused(model, tuple(refused))

    def _learn(self, model: str, refused: tuple[str, ...]) -> None:
        """Remember what a model refuses, for the whole run, and say so."""
        before = self._refused.get(model, ())
        fresh = [one for one in refused if one not in before]
        if not fresh:
            return
        self._set_refused(model, tuple(sorted({*before, *refused})))
        if self._accounts.keeps:
            self._accounts.store.note(refused=self._refused)
        for one in fresh:
            warnings.warn(f"{model} refuses {one}: {in_words(one)}", stacklevel=2)

    def _set_refused(self, model: str, refused: tuple[str, ...]) -> None:
        self._refused[model] = refused
        for route, spec in self._engine.specs.items():
            if spec.model == model:
                self._engine.specs[route] = replace(spec, refused=refused)

    def _prices_of(self, specs: Mapping[str, ClientSpec]) -> dict[str, Price | None]:
        return {one.model: self.prices.of(one.model) for one in specs.values()}


def _spec(model: ClientSpec | str) -> ClientSpec:
    return ClientSpec(backend="litellm", model=model) if isinstance(model, str) else model


def _purpose(question: Question) -> str:
    return question.purpose


def _person(question: Question) -> str:
    return "-" if question.person is None else str(question.person)


def _by_time(asked: tuple[int, Question]) -> tuple[int, int, int]:
    """Order questions by minute, person and number, whenever they came."""
    question = asked[1]
    minute = -1 if question.minute is None else question.minute
    return minute, -1 if question.person is None else question.person, question.count


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
