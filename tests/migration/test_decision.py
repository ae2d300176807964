"""The decision: choices belong to persons, families move together, and known rows are not asked."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesa_llm_city.core.asking import run
from mesa_llm_city.core.component import Component
from mesa_llm_city.core.errors import ConfigError, DataError, LLMError
from mesa_llm_city.core.values import Float
from mesa_llm_city.llm import LLM, ClientSpec
from mesa_llm_city.llm.base import Request
from mesa_llm_city.migration.decision import (
    Decisions,
    MigrationConfig,
    MigrationDecision,
)
from mesa_llm_city.migration.evaluation.calibration import log_odds
from mesa_llm_city.migration.models.prediction_cache import PredictionCache, row_keys
from mesa_llm_city.migration.models.push_pull import PushPullRule, Surroundings, place_utility
from mesa_llm_city.migration.models.zero_shot import PromptModel
from mesa_llm_city.migration.survey.schema import chfs
from mesa_llm_city.migration.survey.table import SurveyTable
from mesa_llm_city.testing import check_component


def people(count: int, *, rng: int = 3, households: bool = True) -> SurveyTable:
    luck, schema = np.random.default_rng(rng), chfs()
    frame = pd.DataFrame(dict.fromkeys(schema.names, np.nan), index=range(count))
    frame["age"] = luck.integers(16, 61, count).astype(np.float64)
    frame["education"] = luck.choice([6.0, 9.0, 12.0], count)
    frame["hukou"] = luck.choice([0.0, 1.0, np.nan], count)
    frame["wage"] = luck.lognormal(10.0, 0.5, count)
    group = np.arange(count) // 2 if households else None
    return SurveyTable(
        frame=frame, target=np.full(count, -1, dtype=np.int8), group=group, schema=schema
    )


def places(count: int, *, subsidy: float = 0.0) -> Surroundings:
    one: Float = np.ones(count)
    return Surroundings(
        city_wage=48e3 * one,
        village_wage=24e3 * one,
        city_price=1.2 * one,
        subsidy=subsidy * one,
        distance_km=300.0 * one,
    )


class Counting:
    """The rule, counting how many rows it is asked about."""

    def __init__(self) -> None:
        self.rows: list[int] = []

    def predict_proba(self, table: SurveyTable) -> Float:
        self.rows.append(len(table))
        return PushPullRule().predict_proba(table)


class Says:
    """Answers whatever it was told to."""

    def __init__(self, answer: object) -> None:
        self.answer = np.asarray(answer, dtype=np.float64)

    def predict_proba(self, table: SurveyTable) -> Float:  # noqa: ARG002 - as of every model
        return self.answer


def told(decided: Decisions) -> list[list[object]]:
    """Return everything decided about each person, one row each."""
    columns = [np.asarray(one).tolist() for one in (*decided[:5], decided.reason)]
    return [list(row) for row in zip(*columns, strict=True)]


class TestInvariance:
    @settings(deadline=None, max_examples=25)
    @given(st.integers(1, 30), st.integers(0, 10**6), st.integers(0, 99))
    def test_neither_the_order_nor_who_else_is_asked_changes_a_choice(
        self, count: int, seed: int, rng: int
    ) -> None:
        table, ids = people(30), np.arange(100, 130)
        whole = told(MigrationDecision().decide(table, ids=ids, seed=seed, step=4))
        some = np.random.default_rng(rng).permutation(30)[:count]
        decided = MigrationDecision().decide(table.take(some), ids=ids[some], seed=seed, step=4)
        assert told(decided) == [whole[row] for row in some.tolist()]

    @settings(deadline=None, max_examples=25)
    @given(st.integers(0, 10**6), st.integers(0, 99))
    def test_nor_does_the_order_within_families(self, seed: int, rng: int) -> None:
        table, ids, around = people(30), np.arange(30), places(30)
        assert table.group is not None
        whole = MigrationDecision().decide(
            table, ids=ids, seed=seed, step=0, around=around, households=table.group
        )
        order = np.random.default_rng(rng).permutation(30)
        decided = MigrationDecision().decide(
            table.take(order),
            ids=ids[order],
            seed=seed,
            step=0,
            around=around,
            households=table.group[order],
        )
        assert told(decided) == [told(whole)[row] for row in order.tolist()]

    def test_nor_does_what_is_remembered(self) -> None:
        table, decision = people(40), MigrationDecision()
        first = decision.decide(table, ids=range(40), seed=7, step=0)
        again = decision.decide(table, ids=range(40), seed=7, step=0)
        assert told(first) == told(again)
        assert (decision.memo.asked, decision.memo.hits) == (80, 40)

    def test_seed_and_step_do(self) -> None:
        table = people(400)
        runs = [
            MigrationDecision().decide(table, ids=range(400), seed=seed, step=step).is_returning
            for seed, step in ((7, 0), (8, 0), (7, 1))
        ]
        assert not np.array_equal(runs[0], runs[1])
        assert not np.array_equal(runs[0], runs[2])


class TestRisk:
    def test_as_many_move_as_the_risk_says(self) -> None:
        table = people(3000)
        decided = MigrationDecision().decide(table, ids=range(3000), seed=1, step=0)
        spread = np.sqrt(np.mean(decided.hazard * (1.0 - decided.hazard)) / 3000)
        assert decided.is_returning.mean() == pytest.approx(decided.hazard.mean(), abs=3 * spread)

    def test_after_the_years_at_risk_the_share_back_is_that_of_the_survey(self) -> None:
        table, decision = people(2000), MigrationDecision()
        away, ids = np.ones(2000, dtype=np.bool_), np.arange(2000)
        for year in range(10):
            rows = np.flatnonzero(away)
            decided = decision.decide(table.take(rows), ids=ids[rows], seed=2, step=year)
            away[rows[decided.is_returning]] = False
        p = PushPullRule().predict_proba(table)[:, 1]
        assert 1.0 - away.mean() == pytest.approx(p.mean(), abs=0.03)

    def test_those_at_home_may_leave_and_those_away_may_return(self) -> None:
        is_home = np.arange(2000) % 2 == 0
        decided = MigrationDecision().decide(
            people(2000), ids=range(2000), seed=1, step=0, is_home=is_home
        )
        assert decided.is_leaving.any()
        assert decided.is_returning.any()
        assert not (decided.is_leaving & ~is_home).any()
        assert not (decided.is_returning & is_home).any()

    def test_those_who_would_return_are_those_who_stay_at_home(self) -> None:
        table, decision = people(50), MigrationDecision()
        away, home = (
            decision.decide(table, ids=range(50), seed=1, step=0, is_home=np.full(50, at_home))
            for at_home in (False, True)
        )
        assert np.array_equal(np.argsort(away.hazard), np.argsort(-home.hazard))


class TestPlaces:
    def test_at_reference_places_the_mind_is_believed_as_it_is(self) -> None:
        around = places(20)
        config = MigrationConfig(reference=float(place_utility(around)[0]))
        with_places, without = (
            MigrationDecision(config=config).decide(
                people(20), ids=range(20), seed=1, step=0, around=one
            )
            for one in (around, None)
        )
        assert with_places.p.tolist() == pytest.approx(without.p.tolist())

    def test_a_subsidy_moves_the_odds_of_any_mind_alike(self) -> None:
        table = people(20)
        for mind in (None, Says(np.tile([0.3, 0.7], (20, 1)))):
            poor, rich = (
                MigrationDecision(mind).decide(
                    table, ids=range(20), seed=1, step=0, around=places(20, subsidy=money)
                )
                for money in (0.0, 12e3)
            )
            shift = log_odds(rich.p) - log_odds(poor.p)
            assert shift.tolist() == pytest.approx([1.5 * np.log(1.5)] * 20)

    def test_whoever_moved_without_the_subsidy_moves_with_it(self) -> None:
        table = people(1000)
        poor, rich = (
            MigrationDecision().decide(
                table, ids=range(1000), seed=1, step=0, around=places(1000, subsidy=money)
            )
            for money in (0.0, 12e3)
        )
        assert not (poor.is_returning & ~rich.is_returning).any()
        assert rich.is_returning.sum() > poor.is_returning.sum()


class TestFamily:
    def test_a_household_agrees_and_moves_together(self) -> None:
        table = people(600)
        assert table.group is not None
        decided = MigrationDecision().decide(
            table, ids=range(600), seed=1, step=0, households=table.group
        )
        moves = decided.is_returning.reshape(-1, 2)
        assert moves.any()
        assert (moves[:, 0] == moves[:, 1]).all()
        assert (decided.p.reshape(-1, 2)[:, 0] == decided.p.reshape(-1, 2)[:, 1]).all()

    def test_a_household_torn_apart_is_refused(self) -> None:
        with pytest.raises(DataError, match="household 1 is partly at home, partly away"):
            MigrationDecision().decide(
                people(4),
                ids=range(4),
                seed=1,
                step=0,
                households=[0, 0, 1, 1],
                is_home=[True, True, True, False],
            )


class TestMinds:
    def test_movers_are_told_why_and_others_nothing(self) -> None:
        decided = MigrationDecision().decide(people(300), ids=range(300), seed=1, step=0)
        assert set(decided.minds) == {"rule"}
        for moves, reason in zip(decided.is_returning, decided.reason, strict=True):
            assert bool(reason) is bool(moves)
        (first, *_) = [reason for reason in decided.reason if reason]
        assert first.endswith(", places +0.00")

    def test_a_model_is_named_by_its_class_or_as_one_likes(self) -> None:
        decided = MigrationDecision(Says([[0.0, 1.0]])).decide(people(1), ids=[5], seed=1, step=0)
        assert (decided.minds, decided.reason) == (("Says",), ("by Says, places +0.00",))
        assert MigrationDecision(Says([[0.0, 1.0]]), mind="tabular").mind == "tabular"

    def test_a_language_model_is_asked_once_about_each_profile(self) -> None:
        asked = []

        def script(request: Request) -> str:
            asked.append(request)
            return json.dumps({"reason": "so it seems", "answer": "Yes", "certainty": 8})

        llm = LLM(ClientSpec(backend="scripted", model="-", script=script))
        table = people(6)
        decision = MigrationDecision(PromptModel(llm).fit(table))
        for step in range(3):
            decided = decision.decide(table, ids=range(6), seed=1, step=step)
        assert len(asked) == 6
        assert decided.p.tolist() == pytest.approx([0.9] * 6)
        assert set(decided.minds) == {"prompt"}

    def test_where_a_language_model_has_no_answer_the_rule_decides_and_is_named(self) -> None:
        table, silent = people(6), {1, 2}

        def script(_: Request) -> str:
            asked.append(len(asked))
            if asked[-1] in silent:
                message = "no answer"
                raise LLMError(message)
            return json.dumps({"reason": "so it seems", "answer": "Yes", "certainty": 10})

        asked: list[int] = []
        llm = LLM(ClientSpec(backend="scripted", model="-", script=script), on_failure="rules")
        decision = MigrationDecision(PromptModel(llm).fit(table))
        first, second = (decision.decide(table, ids=range(6), seed=1, step=step) for step in (0, 1))
        assert first.minds.count("rule") == 2
        ruled = np.array([mind == "rule" for mind in first.minds])
        rule = PushPullRule().predict_proba(table)[:, 1]
        assert np.array_equal(first.p[ruled], rule[ruled])
        assert set(second.minds) == {"prompt"}
        assert decision.memo.hits == 4

    @pytest.mark.parametrize(
        ("answer", "match"),
        [
            ([0.5, 0.5], "told shape"),
            ([[0.5, 0.5]], "told shape"),
            ([[0.5, 0.5], [0.0, np.nan]], "1 numbers outside"),
            ([[0.5, 0.5], [-0.5, 1.5]], "1 numbers outside"),
        ],
    )
    def test_what_is_no_probability_is_refused(self, answer: object, match: str) -> None:
        with pytest.raises(DataError, match=match):
            MigrationDecision(Says(answer)).decide(people(2), ids=[0, 1], seed=1, step=0)

    def test_nobody_decides_nothing(self) -> None:
        decided = MigrationDecision().decide(people(0), ids=[], seed=1, step=0)
        assert told(decided) == []


class TestInput:
    def test_all_that_does_not_fit_is_listed(self) -> None:
        with pytest.raises(DataError, match=r"(?s)3 defects.*ids.*households.*around has 2"):
            MigrationDecision().decide(
                people(3), ids=[1], households=[1, 2], seed=1, step=0, around=places(2)
            )

    def test_nobody_is_asked_twice(self) -> None:
        with pytest.raises(DataError, match="person 4 stands there twice"):
            MigrationDecision().decide(people(2), ids=[4, 4], seed=1, step=0)

    def test_addresses_are_not_negative(self) -> None:
        for seed, step in ((-1, 0), (1, -1)):
            with pytest.raises(ConfigError, match="must be in"):
                MigrationDecision().decide(people(1), ids=[0], seed=seed, step=step)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("years_at_risk", 0.5),
            ("years_at_home", float("nan")),
            ("reference", float("inf")),
            ("memo_rows", -1),
        ],
    )
    def test_options_outside_their_range_are_refused(self, name: str, value: float) -> None:
        with pytest.raises(ConfigError, match=f"{name} must be"):
            MigrationConfig(**{name: value})  # type: ignore[arg-type]


class TestMemo:
    def test_only_rows_that_have_changed_are_asked_about(self) -> None:
        mind, table = Counting(), people(20)
        decision = MigrationDecision(mind)
        decision.decide(table, ids=range(20), seed=1, step=0)
        older = table.frame.assign(age=table.frame["age"] + (np.arange(20) < 5))
        later = SurveyTable(
            frame=older, target=table.target, group=table.group, schema=table.schema
        )
        decision.decide(later, ids=range(20), seed=1, step=1)
        decision.decide(later, ids=range(20), seed=1, step=2)
        assert mind.rows == [20, 5]
        assert (decision.memo.asked, decision.memo.hits) == (60, 35)

    def test_twins_are_asked_about_once(self) -> None:
        mind, table = Counting(), people(3, households=False).take([0, 0, 1, 0])
        MigrationDecision(mind).decide(table, ids=range(4), seed=1, step=0)
        assert mind.rows == [2]

    def test_the_oldest_rows_are_forgotten_first(self) -> None:
        mind, table = Counting(), people(6)
        decision = MigrationDecision(mind, MigrationConfig(memo_rows=4))
        decision.decide(table, ids=range(6), seed=1, step=0)
        decision.decide(table.take([2, 3, 4, 5]), ids=range(4), seed=1, step=1)
        decision.decide(table.take([1, 2]), ids=range(2), seed=1, step=2)
        assert mind.rows == [6, 1]

    def test_without_room_nothing_is_remembered(self) -> None:
        mind, decision_rows = Counting(), people(5)
        decision = MigrationDecision(mind, MigrationConfig(memo_rows=0))
        for step in range(2):
            decision.decide(decision_rows, ids=range(5), seed=1, step=step)
        assert mind.rows == [5, 5]

    def test_keys_tell_apart_what_a_model_can_tell_apart(self) -> None:
        table = people(4, households=False).take([0, 0, 1, 2])
        one, same, *others = row_keys(table)
        assert one == same
        assert len({one, *others}) == 3
        frame = table.frame.assign(hukou=[0.0, -0.0, np.nan, 1.0], age=30.0, education=6.0)
        frame["wage"] = [1.0, 1.0, 1.0, 1.0]
        zero = SurveyTable(frame=frame, target=table.target, group=None, schema=table.schema)
        first, negative, missing, _ = row_keys(zero)
        assert first == negative != missing

    def test_notes_of_the_interview_are_left_out_and_words_and_households_count(self) -> None:
        schema = chfs(interview=True, trajectory=True)
        frame = pd.DataFrame(dict.fromkeys(schema.names, np.nan), index=range(3))
        frame["trajectory"] = ["Sichuan", "Sichuan", "Hunan"]
        frame["pline"] = [1.0, 2.0, 1.0]
        label = np.full(3, -1, dtype=np.int8)
        table = SurveyTable(frame=frame, target=label, group=None, schema=schema)
        one, two, other = row_keys(table)
        assert one == two != other
        apart = SurveyTable(frame=frame, target=label, group=np.array([1, 2, 1]), schema=schema)
        assert len(set(row_keys(apart))) == 3

    def test_a_foreign_state_is_refused(self) -> None:
        with pytest.raises(DataError, match="a memo has asked, hits and p"):
            PredictionCache(3).restore({"rows": 3})


class TestComponent:
    def test_it_keeps_the_promises_of_a_component(self) -> None:
        table = people(12)
        check_component(
            MigrationDecision,
            lambda decision, _: decision.assess(table),
            commit=lambda decision, assessed: decision.remember(assessed),
        )
        assert isinstance(MigrationDecision(), Component)

    def test_a_thought_remembers_nothing(self) -> None:
        decision = MigrationDecision()
        run(decision.assess(people(3)))
        assert decision.state() == MigrationDecision().state()

    def test_restored_it_goes_on_as_if_never_stopped(self) -> None:
        mind, table = Counting(), people(10)
        first, second = MigrationDecision(), MigrationDecision(mind)
        first.decide(table, ids=range(10), seed=1, step=0)
        second.restore(json.loads(json.dumps(first.state())))
        after = [one.decide(table, ids=range(10), seed=1, step=1) for one in (first, second)]
        assert mind.rows == []
        assert after[0].is_returning.tolist() == after[1].is_returning.tolist()
        assert first.state() == second.state()
