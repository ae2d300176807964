"""The facade: kept before used, paid once, repeatable, honest when things fail."""

from __future__ import annotations

import json
import pickle
import signal
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Timer
from time import monotonic

import pytest
from pydantic import BaseModel, Field

from mesa_llm_city.core.asking import Question, Thought, ask, run, run_all
from mesa_llm_city.core.errors import (
    ConfigError,
    LLMBudgetError,
    LLMReplyError,
    LLMUnavailableError,
    RecordingError,
)
from mesa_llm_city.llm import (
    LLM,
    Budget,
    ClientSpec,
    EngineConfig,
    Price,
    PriceTable,
    Source,
    Store,
)
from mesa_llm_city.llm.base import Completion, Request
from mesa_llm_city.llm.clients.failures import unavailable
from mesa_llm_city.llm.clients.scripted import ScriptedClient
from mesa_llm_city.llm.engine import Engine, Job
from mesa_llm_city.llm.payments import Payments
from mesa_llm_city.llm.purse import Purse
from mesa_llm_city.prompts import PromptLibrary
from mesa_llm_city.prompts.rendering import Rendered

YES = '{"reason": "so", "choice": 1}'


class Vote(BaseModel):
    reason: str = Field(max_length=80)
    choice: int


class Model:
    """Stands in for a model; counts, and answers by the address of the question."""

    def __init__(self, answer: Callable[[Request], str] | None = None) -> None:
        self.requests: list[Request] = []
        self._answer = answer or self.by_address

    def __call__(self, request: Request) -> str:
        self.requests.append(request)
        return self._answer(request)

    @staticmethod
    def by_address(request: Request) -> str:
        sample, minute, _, turn, _ = request.address
        return json.dumps({"reason": "so", "choice": 100 * int(sample) + 10 * turn + minute})


def llm(model: Model, **options: object) -> LLM:
    spec = ClientSpec(backend="scripted", model="tiny", script=model)
    quick = EngineConfig(tries=2, base_delay_s=0.001, max_delay_s=0.002)
    return LLM(spec, engine=quick, **options)  # type: ignore[arg-type]


async def votes(count: int) -> list[int]:
    return [(await ask("vote", Vote, turn=turn)).choice for turn in range(count)]


def town(backend: LLM, people: int = 5) -> list[list[int]]:
    thoughts = [Thought(votes(1 + one % 3), person=one, minute=5) for one in range(people)]
    return run_all(thoughts, backend=backend)


async def chain(purpose: str, count: int) -> list[int]:
    return [(await ask(purpose, Vote, turn=turn)).choice for turn in range(count)]


def uneven(backend: LLM, minute: int) -> list[list[int]]:
    lengths = {"one_vote": 1, "two_votes": 2, "three_votes": 3}
    thoughts = [
        Thought(chain(purpose, count), person=person, minute=minute)
        for person, (purpose, count) in enumerate(lengths.items())
    ]
    return run_all(thoughts, backend=backend)


def test_the_first_questions_are_sent_while_others_are_worded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []
    word, send = PromptLibrary.render, Engine.submit

    def worded(library: PromptLibrary, question: Question) -> Rendered:
        done.append("worded")
        return word(library, question)

    def sent(engine: Engine, jobs: Iterable[Job]) -> None:
        some = list(jobs)
        done.extend(["sent"] * len(some))
        send(engine, some)

    monkeypatch.setattr(PromptLibrary, "render", worded)
    monkeypatch.setattr(Engine, "submit", sent)
    backend = llm(Model())
    thoughts = [Thought(votes(1), person=one, minute=5) for one in range(80)]
    assert len(run_all(thoughts, backend=backend)) == 80
    assert done.count("worded") == done.count("sent") == 80
    assert done.index("sent") < 40


def test_who_is_expected_to_ask_most_is_asked_first_and_gets_the_same_answers() -> None:
    model = Model()
    spec = ClientSpec(backend="scripted", model="tiny", script=model)
    with closing(LLM(spec, engine=EngineConfig(in_flight=1))) as experienced:
        before = uneven(experienced, 0)
        first = [one.address.purpose for one in model.requests]
        model.requests.clear()
        after = uneven(experienced, 1)
        second = [one.address.purpose for one in model.requests]
    assert first[0] == "one_vote"  # as submitted, since nothing was known
    assert second[0] == "three_votes"
    assert second.index("two_votes") < second.index("one_vote")
    assert [[choice + 1 for choice in chosen] for chosen in before] == after


EXPECTED = [[5], [105, 115], [205, 215, 225], [305], [405, 415]]


def test_everybody_gets_her_own_answers() -> None:
    assert town(llm(Model())) == EXPECTED


@pytest.mark.parametrize("pace", ["stream", "rounds"])
def test_the_pace_changes_no_answer(pace: str) -> None:
    assert town(llm(Model(), pace=pace)) == EXPECTED


def test_what_was_answered_is_not_asked_again(tmp_path: Path) -> None:
    first, second = Model(), Model()
    for model in (first, second):
        backend = llm(model, store=tmp_path / "a.sqlite")
        assert town(backend) == EXPECTED
        backend.close()
    assert (len(first.requests), len(second.requests)) == (9, 0)


def test_a_replay_needs_no_model_and_tells_what_it_lacks(tmp_path: Path) -> None:
    recording = llm(Model(), store=tmp_path / "a.sqlite", mode="record")
    town(recording)
    recording.close()
    replay = LLM.replay(tmp_path / "a.sqlite")
    assert town(replay) == EXPECTED
    assert {call.source for call in replay.ledger.calls()} == {Source.STORE}
    with pytest.raises(RecordingError, match=r"holds no answer.*differs") as caught:
        town(replay, people=6)
    assert caught.value.person == 5
    replay.close()


def test_a_bad_answer_is_asked_once_more_with_what_is_wrong() -> None:
    def stubborn_at_first(request: Request) -> str:
        return Model.by_address(request) if request.address.attempt else "I would rather not say"

    model = Model(stubborn_at_first)
    backend = llm(model)
    assert run(votes(1), backend=backend, person=3, minute=5) == [305]
    assert "no JSON object" in model.requests[1].messages[-1].content
    assert [call.valid for call in backend.ledger.calls()] == [False, True]


def test_bad_answers_time_after_time_are_an_error_that_names_the_person() -> None:
    backend = llm(Model(lambda _: "never"))
    with pytest.raises(
        LLMReplyError, match=r"no JSON object; the model wrote 'never' .person 3, minute 5, vote"
    ) as caught:
        run(votes(1), backend=backend, person=3, minute=5)
    assert not caught.value.use_rules
    assert backend.totals().invalid == 5


def test_rules_may_decide_where_that_is_allowed() -> None:
    backend = llm(Model(lambda _: "never"), on_failure="rules")
    with pytest.raises(LLMReplyError) as caught:
        run(votes(1), backend=backend, person=3)
    assert caught.value.use_rules


def test_one_persons_failure_loses_nobody_elses_answer(tmp_path: Path) -> None:
    def fails_for_two(request: Request) -> str:
        if request.address.sample == "2":
            message = "overloaded"
            raise LLMUnavailableError(message)
        return Model.by_address(request)

    model = Model(fails_for_two)
    backend = llm(model, store=tmp_path / "a.sqlite")
    with pytest.raises(LLMUnavailableError, match="overloaded"):
        town(backend)
    backend.close()
    assert len([one for one in model.requests if one.address.sample == "2"]) == 2
    again = Model()
    backend = llm(again, store=tmp_path / "a.sqlite")
    assert town(backend) == EXPECTED
    assert {one.address.sample for one in again.requests} == {"2"}
    backend.close()


def test_a_budget_stops_before_it_is_exceeded_and_the_rest_can_be_resumed(tmp_path: Path) -> None:
    first = Model()
    backend = llm(first, store=tmp_path / "a.sqlite", budget=Budget(calls=4))
    with pytest.raises(LLMBudgetError, match="the limit of 4 calls is reached"):
        town(backend)
    backend.close()
    assert len(first.requests) == 4
    second = Model()
    backend = llm(second, store=tmp_path / "a.sqlite")
    assert town(backend) == EXPECTED
    assert len(second.requests) == 5
    backend.close()


def test_equal_questions_under_way_are_sent_once_where_a_draw_is_shared() -> None:
    model = Model(lambda _: '{"reason": "all alike", "choice": 1}')
    backend = llm(model, sample=lambda _: "office worker")
    thoughts = [Thought(votes(1), person=one, minute=5) for one in range(20)]
    assert run_all(thoughts, backend=backend) == [[1]] * 20
    assert len(model.requests) == 1
    sources = [call.source for call in backend.ledger.calls()]
    assert sources.count(Source.SHARED) == 19


def test_an_interrupt_keeps_what_was_paid_for(tmp_path: Path) -> None:
    model = Model()
    backend = llm(model, store=tmp_path / "a.sqlite")
    backend.submit([])
    thought = Thought(votes(1), person=1, minute=5)
    thought.advance()
    assert thought.question is not None
    backend.submit([(0, thought.question)])
    backend.abandon()
    thought.steps.close()
    backend.close()
    again = Model()
    backend = llm(again, store=tmp_path / "a.sqlite")
    assert run(votes(1), backend=backend, person=1, minute=5) == [105]
    assert len(model.requests) + len(again.requests) == 1
    backend.close()


def test_a_second_signal_ends_the_waiting_and_what_has_come_is_kept(tmp_path: Path) -> None:
    slow = ClientSpec(backend="scripted", model="slow", script=Model(), delay_s=30.0)
    backend = llm(
        Model(),
        store=tmp_path / "a.sqlite",
        models={"slow": slow},
        route=lambda question: "slow" if question.person == 1 else "",
    )
    thoughts = [Thought(votes(1), person=one, minute=5) for one in range(2)]
    for thought in thoughts:
        thought.advance()
    backend.submit([(row, one.question) for row, one in enumerate(thoughts) if one.question])
    Timer(0.05, signal.raise_signal, [signal.SIGTERM]).start()
    began_s = monotonic()
    backend.abandon()
    assert monotonic() - began_s < 2.0
    backend.close()
    with closing(Store(tmp_path / "a.sqlite")) as store:
        assert len(store) == 1
    for thought in thoughts:
        thought.steps.close()


def test_it_pickles_without_file_and_connections(tmp_path: Path) -> None:
    spec = ClientSpec(backend="scripted", model="tiny")
    backend = LLM(spec, store=tmp_path / "a.sqlite")
    first = run(votes(1), backend=backend, person=1)
    copy = pickle.loads(pickle.dumps(backend))
    assert run(votes(1), backend=copy, person=1) == first
    backend.close()
    copy.close()


def test_answer_many_serves_whole_rounds() -> None:
    backend = llm(Model())
    thought = Thought(votes(1), person=4, minute=0)
    thought.advance()
    assert thought.question is not None
    (answer,) = backend.answer_many([thought.question])
    assert isinstance(answer, Vote)
    assert answer.choice == 400
    thought.steps.close()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"mode": "sometimes"}, "mode must be one of live, record"),
        ({"mode": "replay"}, "mode 'replay' needs a store"),
        ({"on_failure": "shrug"}, "on_failure must be one of raise, rules"),
        ({"pace": "slow"}, "pace must be one of stream, rounds"),
        ({"tries": 0}, "tries must be at least 1, got 0"),
    ],
)
def test_options_that_do_not_fit_are_refused(options: dict[str, object], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        llm(Model(), **options)


class TestSeveralModels:
    def test_a_purpose_may_have_a_model_of_its_own(self) -> None:
        big, small = Model(), Model()
        other = ClientSpec(backend="scripted", model="small", script=small)
        backend = llm(big, models={"vote": other})
        assert town(backend) == EXPECTED
        assert (len(big.requests), len(small.requests)) == (0, 9)
        assert {call.model for call in backend.ledger.calls()} == {"small"}

    def test_persons_may_have_models_of_their_own(self, tmp_path: Path) -> None:
        big, small = Model(), Model()
        other = ClientSpec(backend="scripted", model="small", script=small)

        def by_person(question: Question) -> str:
            return "small" if (question.person or 0) % 2 else ""

        options = {"models": {"small": other}, "route": by_person}
        backend = llm(big, store=tmp_path / "a.sqlite", **options)
        assert town(backend) == EXPECTED
        assert {one.address.sample for one in big.requests} == {"0", "2", "4"}
        assert {one.address.sample for one in small.requests} == {"1", "3"}
        backend.close()
        replay = LLM.replay(tmp_path / "a.sqlite", route=by_person)
        assert town(replay) == EXPECTED
        replay.close()

    def test_they_are_paid_from_one_budget_at_prices_of_their_own(self) -> None:
        dear = ClientSpec(backend="scripted", model="dear", script=Model())
        own = {
            "tiny": Price(input_usd=1.0, output_usd=1.0),
            "dear": Price(input_usd=1e6, output_usd=1e6),
        }
        backend = llm(Model(), models={"vote": dear}, prices=PriceTable(own), budget=Budget(usd=9))
        with pytest.raises(LLMBudgetError, match="the limit of 9 USD is reached"):
            town(backend)


def test_a_grammar_goes_along_where_the_server_takes_one() -> None:
    model = Model()
    spec = ClientSpec(backend="scripted", model="tiny", script=model, native_schema="grammar")
    run(votes(1), backend=LLM(spec), person=1, minute=5)
    assert str(model.requests[0].options["grammar"]).startswith('root ::= "{" "\\"reason\\":"')


def test_a_recording_can_be_replayed_as_it_is(tmp_path: Path) -> None:
    first = llm(Model(), store=tmp_path / "a.sqlite")
    town(first)
    first.close()
    with Store(tmp_path / "a.sqlite") as kept:
        kept.export_jsonl(tmp_path / "day.jsonl.gz")
    replay = LLM.replay(tmp_path / "day.jsonl.gz")
    assert town(replay) == EXPECTED
    with pytest.raises(RecordingError, match=r"day\.jsonl\.gz holds no answer"):
        town(replay, people=6)
    with pytest.raises(RecordingError, match="there is no recording"):
        LLM.replay(tmp_path / "none.sqlite")


def test_what_is_stored_counts_where_the_budget_is_that_of_a_run(tmp_path: Path) -> None:
    for limit, stored in ((5, 5), (7, 7)):
        backend = llm(Model(), store=tmp_path / "a.sqlite", budget=Budget(calls=limit, stored=True))
        with pytest.raises(LLMBudgetError, match=f"the limit of {limit} calls"):
            town(backend)
        backend.close()
        with Store(tmp_path / "a.sqlite") as kept:
            assert len(kept) == stored
    backend = llm(Model(), store=tmp_path / "a.sqlite", budget=Budget(calls=9, stored=True))
    assert town(backend) == EXPECTED


def test_a_pilot_asks_the_same_and_sends_nothing() -> None:
    model = Model()
    pilot = llm(model).pilot(Model.by_address)
    assert town(pilot) == EXPECTED
    assert (pilot.totals().calls, len(model.requests)) == (9, 0)


def test_what_is_left_to_rules_is_counted() -> None:
    backend = llm(Model(lambda _: "never"), on_failure="rules", tries=2)
    with pytest.raises(LLMReplyError):
        run(votes(1), backend=backend, person=3)
    assert backend.totals().left_to_rules == 1
    assert backend.totals().sent == 2


class TestAskingAgain:
    def test_each_try_tells_what_was_wrong_with_the_one_before_and_no_more(self) -> None:
        model = Model(lambda _: "never")
        with pytest.raises(LLMReplyError):
            run(votes(1), backend=llm(model, tries=4), person=3)
        assert [one.address.attempt for one in model.requests] == [0, 1, 2, 3]
        assert [len(one.messages) for one in model.requests] == [2, 4, 4, 4]

    def test_an_empty_answer_is_not_shown_to_the_model(self) -> None:
        answers = [Completion(text="", completion_tokens=9), Completion(text=YES)]
        model = Model(lambda _: answers.pop(0))  # type: ignore[arg-type, return-value]
        assert run(votes(1), backend=llm(model), person=3) == [1]
        first, second = model.requests
        assert first.messages == second.messages
        assert first.key() != second.key()

    def test_an_answer_that_is_cut_off_is_asked_for_only_once_more(self) -> None:
        model = Model(lambda _: Completion(text='{"re', finish="length"))  # type: ignore[arg-type, return-value]
        with pytest.raises(LLMReplyError):
            run(votes(1), backend=llm(model), person=3)
        assert len(model.requests) == 2


class TestFatalErrors:
    def test_rules_do_not_decide_for_everybody_where_the_key_is_wrong(self) -> None:
        def refuses(_: Request) -> str:
            message = "wrong key"
            raise unavailable(message, fatal=True)

        model = Model(refuses)
        with pytest.raises(LLMUnavailableError, match="wrong key") as caught:
            town(llm(model, on_failure="rules"), people=100)
        assert not caught.value.use_rules
        assert len(model.requests) <= 64

    def test_rules_decide_for_one_whose_prompt_is_refused(self) -> None:
        def refuses(_: Request) -> str:
            message = "the server refuses this request"
            raise LLMReplyError(message)

        with pytest.raises(LLMReplyError) as caught:
            run(votes(1), backend=llm(Model(refuses), on_failure="rules"), person=3)
        assert caught.value.use_rules


def run_of(store: Path, model: Model, **options: object) -> LLM:
    """Return an LLM whose store belongs to a run."""
    return llm(model, store=store, budget=Budget(calls=1000, stored=True), **options)


class TestResuming:
    def test_the_ledger_is_that_of_the_whole_run(self, tmp_path: Path) -> None:
        whole = run_of(tmp_path / "whole.sqlite", Model())
        town(whole)
        broken = run_of(tmp_path / "a.sqlite", Model())
        town(broken, people=2)
        broken.close()
        again = Model()
        resumed = run_of(tmp_path / "a.sqlite", again)
        assert town(resumed) == EXPECTED
        told, wanted = resumed.calls(), whole.calls()
        assert told.drop(columns="latency_s").equals(wanted.drop(columns="latency_s"))
        assert resumed.totals()._replace(resumed=0) == whole.totals()
        assert (resumed.totals().resumed, len(again.requests)) == (3, 6)
        assert resumed.spent() == whole.spent()

    def test_who_had_no_usable_answer_is_asked_afresh_and_what_was_paid_stays(
        self, tmp_path: Path
    ) -> None:
        broken = run_of(tmp_path / "a.sqlite", Model(lambda _: "never"), tries=2)
        with pytest.raises(LLMReplyError):
            run(votes(1), backend=broken, person=3, minute=5)
        broken.close()
        again = Model()
        resumed = run_of(tmp_path / "a.sqlite", again)
        assert run(votes(1), backend=resumed, person=3, minute=5) == [305]
        assert len(again.requests) == 1
        assert sorted(call.valid for call in resumed.ledger.calls()) == [False, False, True]
        assert resumed.spent()["calls"] == 3

    def test_where_rules_decided_they_do_so_again(self, tmp_path: Path) -> None:
        for sent in (2, 0):
            model = Model(lambda _: "never")
            backend = run_of(tmp_path / "a.sqlite", model, tries=2, on_failure="rules")
            with pytest.raises(LLMReplyError):
                run(votes(1), backend=backend, person=3, minute=5)
            backend.close()
            assert len(model.requests) == sent

    def test_a_model_may_be_stepped_by_another_thread_than_before(self, tmp_path: Path) -> None:
        backend = run_of(tmp_path / "a.sqlite", Model())
        with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(1) as other:
            assert one.submit(town, backend).result() == EXPECTED
            assert other.submit(town, backend).result() == EXPECTED
        assert town(backend) == EXPECTED


class TestOneBudget:
    def test_copies_pay_from_one_budget_in_their_store(self, tmp_path: Path) -> None:
        model = Model()
        first = llm(model, store=tmp_path / "a.sqlite", budget=Budget(calls=4))
        copies = [pickle.loads(pickle.dumps(first)) for _ in range(3)]
        for person, backend in enumerate([first, *copies]):
            run(votes(1), backend=backend, person=person)
        with pytest.raises(LLMBudgetError, match="the limit of 4 calls"):
            run(votes(1), backend=first, person=9)
        assert first.spent()["calls"] == 4

    def test_what_a_killed_process_had_reserved_is_free_again(self, tmp_path: Path) -> None:
        backend = llm(Model(), store=tmp_path / "a.sqlite", budget=Budget(calls=1))
        with Store(tmp_path / "a.sqlite") as store:
            Payments(store)
            with store.transaction() as db:
                row = (backend._accounts._name, 2**22 + 1, 0.0, 0.0, 1.0, 0.0)
                db.execute("INSERT INTO reservations VALUES (?, ?, ?, ?, ?, ?)", row)
        assert run(votes(1), backend=backend, person=1, minute=5) == [105]

    def test_a_purse_is_shared_by_those_it_is_given_to(self) -> None:
        purse = Purse(Budget(calls=3), prices={})
        talk = Purse(Budget(calls=2), prices={}, above=purse)
        first, second = llm(Model(), budget=purse), llm(Model(), budget=talk)
        run(votes(2), backend=second, person=1)
        with pytest.raises(LLMBudgetError, match="the limit of 2 calls"):
            run(votes(1), backend=second, person=1)
        run(votes(1), backend=first, person=2)
        with pytest.raises(LLMBudgetError, match="the limit of 3 calls"):
            run(votes(1), backend=first, person=2)

    def test_copies_in_other_processes_need_a_store_for_that(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        copy = pickle.loads(pickle.dumps(llm(Model.by_address, budget=Budget(calls=4))))  # type: ignore[arg-type]
        monkeypatch.setattr("mesa_llm_city.llm.accounts._is_worker", lambda: True)
        with pytest.raises(ConfigError, match="only if they share a store"):
            run(votes(1), backend=copy, person=1)

    def test_no_money_is_no_paid_call(self) -> None:
        model, prices = Model(), PriceTable({"tiny": Price(input_usd=0.001, output_usd=0.0)})
        with pytest.raises(LLMBudgetError, match="the limit of 0 USD"):
            run(votes(1), backend=llm(model, budget=Budget(usd=0), prices=prices), person=1)
        assert model.requests == []


class TestCheck:
    def test_it_asks_once_and_books_what_it_asked(self, tmp_path: Path) -> None:
        model = Model(lambda _: '{"answer": 5}')
        backend = run_of(tmp_path / "a.sqlite", model)
        (checked,) = backend.check()
        assert (checked.model, checked.flaw) == ("tiny", "")
        assert backend.check() == []
        assert backend.totals().sent == backend.spent()["calls"] == len(model.requests) == 1
        backend.close()
        with Store(tmp_path / "a.sqlite") as kept:
            assert len(kept) == 0
        resumed = run_of(tmp_path / "a.sqlite", model)
        assert resumed.check() == []
        assert resumed.totals().sent == 1

    def test_it_is_left_out_where_nothing_may_be_spent(self) -> None:
        model = Model()
        assert llm(model, budget=Budget(calls=0)).check() == []
        assert model.requests == []

    def test_an_answer_in_another_form_is_told_and_one_that_is_cut_off_refused(self) -> None:
        (checked,) = llm(Model(lambda _: "five")).check()
        assert "not in the form asked for" in str(checked)
        cut = Completion(text="", finish="length", completion_tokens=160)
        with pytest.raises(LLMReplyError, match=r"cut off at 160 tokens.*raise --answer-tokens"):
            llm(Model(lambda _: cut)).check()  # type: ignore[arg-type, return-value]


def test_options_and_omissions_of_a_client_are_part_of_the_request() -> None:
    model = Model()
    options = {"options": {"seed": 1}, "omit": {"temperature"}, "answer_tokens": 2000}
    spec = ClientSpec(backend="scripted", model="tiny", script=model, **options)  # type: ignore[arg-type]
    run(votes(1), backend=LLM(spec), person=1)
    (request,) = model.requests
    assert request.options == {"seed": 1, "temperature": None}
    # The greatest length is no part of it: with another one, answers are found again.
    assert request.max_tokens != 2000


def test_what_a_model_refuses_is_said_and_remembered(tmp_path: Path) -> None:
    class Refusing(ScriptedClient):
        refused = ("temperature",)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mesa_llm_city.llm.engine.open_client", Refusing)
        backend = llm(Model(), store=tmp_path / "a.sqlite")
        with pytest.warns(UserWarning, match="tiny refuses temperature: temperature is left out"):
            run(votes(1), backend=backend, person=1)
        backend.close()
    again = llm(Model(), store=tmp_path / "a.sqlite")
    run(votes(1), backend=again, person=1)
    assert again.refused == {"tiny": ("temperature",)}
    assert again.specs[""].refused == ("temperature",)
