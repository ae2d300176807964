"""A language model as a backend: answers are kept, counted and repeatable."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self, TypeAlias, get_args

from pydantic import BaseModel

from mesa_llm_city.core.asking import Question
from mesa_llm_city.core.errors import (
    CityError,
    ConfigError,
    LLMBudgetError,
    LLMError,
    LLMReplyError,
    RecordingError,
)
from mesa_llm_city.core.text_files import is_file
from mesa_llm_city.llm.base import Address, Completion, Message, Request
from mesa_llm_city.llm.budget import Budget, PriceTable, Purse, estimate_tokens
from mesa_llm_city.llm.clients import ClientSpec, Script
from mesa_llm_city.llm.engine import Done, Engine, EngineConfig, Job
from mesa_llm_city.llm.grammar import grammar_of
from mesa_llm_city.llm.ledger import Call, Ledger, Source, Totals
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


class _Asking(NamedTuple):
    """A question on its way to an answer."""

    ticket: int
    question: Question
    request: Request
    prompt: str
    route: str


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
    budget : Budget, optional
        Limits of money, calls and tokens.
    prices : PriceTable, optional
        Prices; those that litellm ships by default.
    prompts : iterable of path, optional
        Folders of prompts that come before those of the package.
    on_failure : {"raise", "rules"}, default "raise"
        What happens if there is no usable answer: an error, or the rule decides, which is counted.
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
        budget: Budget | None = None,
        prices: PriceTable | None = None,
        prompts: Iterable[str | PathLike[str]] = (),
        on_failure: Literal["raise", "rules"] = "raise",
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
        _check(self.mode, self.path, on_failure, pace)
        self.on_failure = on_failure
        self.pace = pace
        self.library = PromptLibrary(prompts)
        self.ledger = Ledger()
        self.sample = sample or _person
        self.route = route or _purpose
        self.prices = prices or PriceTable()
        self._purse = self._full_purse(budget or Budget())
        self._engine = Engine(self.spec, engine, others=self.models)
        self._store: Store | None = None
        self._tickets = 0
        self._counted = False
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
            self._settle(first.request, done.completion)
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
        return self._opened_purse().spent

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
            self._store.close()
            self._store = None

    def __getstate__(self) -> dict[str, Any]:
        """Pickle without what is open: file, connections and questions."""
        return {
            **self.__dict__,
            "_store": None,
            "_open": {},
            "_sent": {},
            "_ready": [],
        }

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
            options=_grammar(question.reply) if spec.native_schema == "grammar" else {},
        )
        return _Asking(ticket, question, request, f"{rendered.name}@{rendered.version}", route)

    def _look_up(self, asked: Sequence[_Asking]) -> None:
        """Answer from the store what it holds, and send the rest."""
        keys = [one.request.key() for one in asked]
        reads = self.mode in {"replay", "replay-or-live"}
        known = self._kept().get_many(keys) if reads and keys else {}
        fresh: list[Job] = []
        for one, key in zip(asked, keys, strict=True):
            if key in known:
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
            self._opened_purse().reserve(one.request.model, **_size(one.request))
        except LLMBudgetError as error:
            self._ready.append((one.ticket, error))
            return []
        self._tickets += 1
        self._open[key], self._sent[self._tickets] = [one], key
        return [Job(self._tickets, one.request, one.route)]

    def _arrived(self, arrived: Sequence[Done]) -> None:
        self._keep(arrived)
        for done in arrived:
            first, *others = self._open.pop(self._sent.pop(done.ticket))
            cost = self._settle(first.request, done.completion)
            if done.completion is None:
                for one in (first, *others):
                    self._fail(one, done.error or LLMError("no answer"), done)
                continue
            self._finish(first, done.completion, Source.LIVE, cost=cost, done=done)
            for one in others:
                self._finish(one, done.completion, Source.SHARED, cost=0.0)

    def _keep(self, arrived: Sequence[Done]) -> None:
        """Write answers into the store, before anything is done with them."""
        if self.mode in {"record", "replay-or-live"}:
            answers = [
                Stored.of(self._open[self._sent[done.ticket]][0].request, done.completion)
                for done in arrived
                if done.completion is not None and done.ticket in self._sent
            ]
            if answers:
                self._kept().put_many(answers)

    def _finish(
        self,
        one: _Asking,
        completion: Completion,
        source: Source,
        *,
        cost: float | None,
        done: Done | None = None,
    ) -> None:
        """Read the reply; ask once more if it cannot be used."""
        try:
            reply, repaired = _read(completion, one)
        except LLMReplyError as error:
            self._book(one, completion, source, cost, done, error=error.message)
            if one.request.address.attempt == 0 and completion.finish != "refusal":
                again = reask(one.request, completion.text, error)
                self._look_up([one._replace(request=again)])
            else:
                self._ready.append((one.ticket, self._marked(error, one)))
            return
        self._book(one, completion, source, cost, done, repaired=repaired)
        self._ready.append((one.ticket, reply))

    def _fail(self, one: _Asking, error: LLMError, done: Done) -> None:
        self._book(one, None, Source.LIVE, 0.0, done, error=error.message)
        self._ready.append((one.ticket, self._marked(error, one)))

    def _marked(self, error: LLMError, one: _Asking) -> LLMError:
        """Return an error of one's own that says whether rules may decide instead."""
        own = type(error)(error.message, purpose=one.question.purpose)
        own.use_rules = self.on_failure == "rules"
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
    ) -> None:
        address = one.request.address
        self.ledger.add(
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

    def _kept(self) -> Store:
        if self._store is None:
            self._store = Store(self.path or ":memory:")
            if self.mode != "replay":
                specs = {"": self.spec, **self.models}
                noted = {name: (one.model, one.native_schema) for name, one in specs.items()}
                self._store.note(models=noted)
        return self._store

    def _full_purse(self, budget: Budget) -> Purse:
        models = [self.spec.model, *(one.model for one in self.models.values())]
        asks = self.mode != "replay"
        return Purse(budget, prices={name: self.prices.of(name) for name in models if asks})

    def _opened_purse(self) -> Purse:
        """Return the purse, from which what the store holds has been paid if it counts."""
        if self._purse.budget.stored and not self._counted and self.path is not None:
            for one in self._kept():
                asked = json.loads(one.canonical)
                size = estimate_tokens([Message(*line) for line in asked["messages"]])
                self._purse.book(asked["model"], one.completion(), size)
        self._counted = True
        return self._purse

    def _settle(self, request: Request, completion: Completion | None) -> float | None:
        return self._purse.settle(request.model, **_size(request), completion=completion)


def _spec(model: ClientSpec | str) -> ClientSpec:
    return ClientSpec(backend="litellm", model=model) if isinstance(model, str) else model


@lru_cache(maxsize=256)
def _grammar(reply: type[BaseModel]) -> Mapping[str, Any]:
    return {"grammar": grammar_of(schema_of(reply))}


def _purpose(question: Question) -> str:
    return question.purpose


def _person(question: Question) -> str:
    return "-" if question.person is None else str(question.person)


def _size(request: Request) -> dict[str, int]:
    return {
        "prompt_tokens": estimate_tokens(request.messages),
        "max_tokens": request.max_tokens,
    }


def _read(completion: Completion, one: _Asking) -> tuple[BaseModel, bool]:
    question, is_cut = one.question, completion.finish == "length"
    if completion.finish == "refusal":
        raise LLMReplyError(refused(completion.text))
    try:
        return parse_reply(completion.text, question.reply, facts=question.facts, cut_off=is_cut)
    except LLMReplyError as error:
        raise unusable(completion, one.request, error) from None


def _check(mode: str, path: str | None, on_failure: str, pace: str) -> None:
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
    if mode != "live" and path is None:
        message = f"mode {mode!r} needs a store; give store='answers.sqlite'"
        raise ConfigError(message)
