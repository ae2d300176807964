"""The migration decision: independent of order, common to households, cached by row."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256

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
from mesa_llm_city.migration.decision import Decisions, MigrationDecision
from mesa_llm_city.migration.evaluation.calibration import log_odds
from mesa_llm_city.migration.models.prediction_cache import PredictionCache, row_keys
from mesa_llm_city.migration.models.push_pull import PushPullRule
from mesa_llm_city.migration.models.surroundings import Surroundings, place_utility
from mesa_llm_city.migration.models.tree_arrays import Tree, join_trees
from mesa_llm_city.migration.models.zero_shot import PromptModel
from mesa_llm_city.migration.survey.shipped import chfs
from mesa_llm_city.migration.survey.table import SurveyTable
from mesa_llm_city.parameters import CityParameters, ParameterError
from mesa_llm_city.testing import check_component

DIGESTS = {
    40: ("d0593c3a2dc6cdd1", "7749eb4ddfdb9247"),
    3000: ("c8a4749c6aecc4ca", "7667347d4e6787eb"),
}


def people(count: int, *, rng: int = 3, households: bool = True) -> SurveyTable:
    draws, schema = np.random.default_rng(rng), chfs()
    frame = pd.DataFrame(dict.fromkeys(schema.names, np.nan), index=range(count))
    frame["age"] = draws.integers(16, 61, count).astype(np.float64)
    frame["education"] = draws.choice([6.0, 9.0, 12.0], count)
    frame["hukou"] = draws.choice([0.0, 1.0, np.nan], count)
    frame["wage"] = draws.lognormal(10.0, 0.5, count)
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
    """The rule, with the number of rows of each call."""

    def __init__(self) -> None:
        self.rows: list[int] = []

    def predict_proba(self, table: SurveyTable) -> Float:
        self.rows.append(len(table))
        return PushPullRule().predict_proba(table)


class Fixed:
    """A model that returns what it was given."""

    def __init__(self, answer: object) -> None:
        self.answer = np.asarray(answer, dtype=np.float64)

    def predict_proba(self, table: SurveyTable) -> Float:  # noqa: ARG002 - as of every model
        return self.answer


def rows_of(decided: Decisions) -> list[list[object]]:
    """Return everything decided about each person, one row for each."""
    columns = [np.asarray(one).tolist() for one in (*decided[:5], decided.reason)]
    return [list(row) for row in zip(*columns, strict=True)]


class Grown:
    """Thirty random trees of twenty leaves over age, education, hukou and wage."""

    def __init__(self) -> None:
        draws = np.random.default_rng(8)
        self.trees = join_trees([self._tree(draws) for _ in range(30)], start=-0.5)

    def _tree(self, draws: np.random.Generator) -> Tree:
        # Every inner node has a leaf on one side, so node 2 i + 1 or 2 i + 2 continues.
        inner, size = 19, 39
        at = 2 * np.arange(inner)
        left, right = np.full((2, size), -1)
        left[at], right[at] = at + 1, at + 2
        feature = draws.integers(0, 4, size)
        scale = np.array([60.0, 12.0, 1.0, 5e4])[feature]
        return Tree(
            feature=feature,
            threshold=scale * draws.random(size).round(3),
            left=left,
            right=right,
            is_leaf=left < 0,
            value=draws.normal(0.0, 0.5, size).round(3),
        )

    def predict_proba(self, table: SurveyTable) -> Float:
        rows = table.frame[["age", "education", "hukou", "wage"]].to_numpy(dtype=np.float64)
        p = self.trees.p(np.nan_to_num(rows, nan=-1.0))
        return np.column_stack([1.0 - p, p])


def digest(decided: Decisions) -> str:
    told = [decided.is_returning.tobytes(), decided.is_leaving.tobytes()]
    told += ["\n".join(decided.models + decided.reason).encode(), decided.p.round(9).tobytes()]
    return sha256(b"".join(told)).hexdigest()[:16]


@pytest.mark.parametrize("count", [40, 3000])
def test_decisions_stay_as_they_were(count: int) -> None:
    table, around = people(3000).take(range(count)), places(count, subsidy=6e3)
    rule = MigrationDecision().decide(
        table, ids=range(count), households=table.group, seed=7, step=2
    )
    trees = MigrationDecision(model=Grown(), name="trees")
    grown, again = (
        trees.decide(table, ids=range(count), around=around, seed=7, step=2) for _ in range(2)
    )
    assert digest(grown) == digest(again)
    assert (digest(rule), digest(grown)) == DIGESTS[count]


class TestInvariance:
    @settings(deadline=None, max_examples=25)
    @given(st.integers(1, 30), st.integers(0, 10**6), st.integers(0, 99))
    def test_order_and_other_persons_do_not_change_a_decision(
        self, count: int, seed: int, rng: int
    ) -> None:
        table, ids = people(30), np.arange(100, 130)
        whole = rows_of(MigrationDecision().decide(table, ids=ids, seed=seed, step=4))
        some = np.random.default_rng(rng).permutation(30)[:count]
        decided = MigrationDecision().decide(table.take(some), ids=ids[some], seed=seed, step=4)
        assert rows_of(decided) == [whole[row] for row in some.tolist()]

    @settings(deadline=None, max_examples=25)
    @given(st.integers(0, 10**6), st.integers(0, 99))
    def test_the_order_of_members_does_not_change_a_decision(self, seed: int, rng: int) -> None:
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
        assert rows_of(decided) == [rows_of(whole)[row] for row in order.tolist()]

    def test_cached_rows_do_not_change_a_decision(self) -> None:
        table, decision = people(40), MigrationDecision()
        first = decision.decide(table, ids=range(40), seed=7, step=0)
        again = decision.decide(table, ids=range(40), seed=7, step=0)
        assert rows_of(first) == rows_of(again)
        assert (decision.cache.asked, decision.cache.hits) == (80, 40)

    def test_seed_and_step_change_decisions(self) -> None:
        table = people(400)
        runs = [
            MigrationDecision().decide(table, ids=range(400), seed=seed, step=step).is_returning
            for seed, step in ((7, 0), (8, 0), (7, 1))
        ]
        assert not np.array_equal(runs[0], runs[1])
        assert not np.array_equal(runs[0], runs[2])


class TestRisk:
    def test_the_share_of_movers_is_the_mean_risk(self) -> None:
        table = people(3000)
        decided = MigrationDecision().decide(table, ids=range(3000), seed=1, step=0)
        spread = np.sqrt(np.mean(decided.hazard * (1.0 - decided.hazard)) / 3000)
        assert decided.is_returning.mean() == pytest.approx(decided.hazard.mean(), abs=3 * spread)

    def test_after_the_years_at_risk_the_share_of_returnees_is_that_of_the_survey(self) -> None:
        table, decision = people(2000), MigrationDecision()
        away, ids = np.ones(2000, dtype=np.bool_), np.arange(2000)
        for year in range(10):
            rows = np.flatnonzero(away)
            decided = decision.decide(table.take(rows), ids=ids[rows], seed=2, step=year)
            away[rows[decided.is_returning]] = False
        p = PushPullRule().predict_proba(table)[:, 1]
        assert 1.0 - away.mean() == pytest.approx(p.mean(), abs=0.03)

    def test_people_at_home_may_leave_and_people_away_may_return(self) -> None:
        is_home = np.arange(2000) % 2 == 0
        decided = MigrationDecision().decide(
            people(2000), ids=range(2000), seed=1, step=0, is_home=is_home
        )
        assert decided.is_leaving.any()
        assert decided.is_returning.any()
        assert not (decided.is_leaving & ~is_home).any()
        assert not (decided.is_returning & is_home).any()

    def test_a_person_likely_to_return_is_unlikely_to_leave(self) -> None:
        table, decision = people(50), MigrationDecision()
        away, home = (
            decision.decide(table, ids=range(50), seed=1, step=0, is_home=np.full(50, at_home))
            for at_home in (False, True)
        )
        assert np.array_equal(np.argsort(away.hazard), np.argsort(-home.hazard))


class TestPlaces:
    def test_at_the_reference_places_do_not_change_the_probability(self) -> None:
        around = places(20)
        reference = float(place_utility(around)[0])
        parameters = CityParameters().with_("migration.decision.reference", reference)
        with_places, without = (
            MigrationDecision(parameters).decide(
                people(20), ids=range(20), seed=1, step=0, around=one
            )
            for one in (around, None)
        )
        assert with_places.p.tolist() == pytest.approx(without.p.tolist())

    def test_places_of_the_survey_as_reference_leave_predictions_unchanged(self) -> None:
        table, around = people(20), places(20)
        plain = MigrationDecision().decide(table, ids=range(20), seed=1, step=0)
        decision = MigrationDecision().referenced(around)
        decided = decision.decide(table, ids=range(20), seed=1, step=0, around=around)
        assert decided.p.tolist() == pytest.approx(plain.p.tolist())

    def test_with_the_people_of_the_survey_their_mean_probability_is_unchanged(self) -> None:
        table = people(50)
        wages = np.linspace(10e3, 60e3, 50)
        around = replace(places(50), village_wage=wages)
        plain = MigrationDecision().decide(table, ids=range(50), seed=1, step=0)
        decision = MigrationDecision().referenced(around, table)
        decided = decision.decide(table, ids=range(50), seed=1, step=0, around=around)
        assert decided.p.mean() == pytest.approx(plain.p.mean(), abs=1e-9)
        assert decided.p[0] < plain.p[0]
        with pytest.raises(DataError, match="50 people, but places of 3"):
            MigrationDecision().referenced(places(3), table)

    def test_a_subsidy_shifts_the_odds_of_every_model_by_the_same_amount(self) -> None:
        table = people(20)
        for model in (None, Fixed(np.tile([0.3, 0.7], (20, 1)))):
            poor, rich = (
                MigrationDecision(model=model).decide(
                    table, ids=range(20), seed=1, step=0, around=places(20, subsidy=money)
                )
                for money in (0.0, 12e3)
            )
            shift = log_odds(rich.p) - log_odds(poor.p)
            assert shift.tolist() == pytest.approx([1.5 * np.log(1.5)] * 20)

    def test_everybody_who_returns_without_a_subsidy_returns_with_it(self) -> None:
        table = people(1000)
        poor, rich = (
            MigrationDecision().decide(
                table, ids=range(1000), seed=1, step=0, around=places(1000, subsidy=money)
            )
            for money in (0.0, 12e3)
        )
        assert not (poor.is_returning & ~rich.is_returning).any()
        assert rich.is_returning.sum() > poor.is_returning.sum()


def test_in_later_years_a_subsidy_leaves_nobody_away_who_would_be_back_without_it() -> None:
    table, decision = people(300), MigrationDecision()
    homes = []
    for subsidy in (0.0, 8e3):
        is_home, around = np.zeros(300, dtype=bool), places(300, subsidy=subsidy)
        for step in range(40):
            decided = decision.decide(
                table, ids=range(300), around=around, seed=7, step=step, is_home=is_home
            )
            is_home = (is_home | decided.is_returning) & ~decided.is_leaving
        homes.append(is_home)
    assert homes[1].sum() > homes[0].sum()
    assert not (homes[0] & ~homes[1]).any()


class TestHousehold:
    def test_members_of_a_household_decide_and_move_together(self) -> None:
        table = people(600)
        assert table.group is not None
        decided = MigrationDecision().decide(
            table, ids=range(600), seed=1, step=0, households=table.group
        )
        moves = decided.is_returning.reshape(-1, 2)
        assert moves.any()
        assert (moves[:, 0] == moves[:, 1]).all()
        assert (decided.p.reshape(-1, 2)[:, 0] == decided.p.reshape(-1, 2)[:, 1]).all()

    def test_a_household_that_lives_apart_is_an_error(self) -> None:
        with pytest.raises(DataError, match="household 1 is partly at home, partly away"):
            MigrationDecision().decide(
                people(4),
                ids=range(4),
                seed=1,
                step=0,
                households=[0, 0, 1, 1],
                is_home=[True, True, True, False],
            )


class TestModels:
    def test_only_movers_have_a_reason(self) -> None:
        decided = MigrationDecision().decide(people(300), ids=range(300), seed=1, step=0)
        assert set(decided.models) == {"rule"}
        for moves, reason in zip(decided.is_returning, decided.reason, strict=True):
            assert bool(reason) is bool(moves)
        (first, *_) = [reason for reason in decided.reason if reason]
        assert first.endswith(", places +0.00")

    def test_a_model_is_named_by_its_class_or_by_the_user(self) -> None:
        decided = MigrationDecision(model=Fixed([[0.0, 1.0]])).decide(
            people(1), ids=[5], seed=1, step=0
        )
        assert (decided.models, decided.reason) == (("Fixed",), ("by Fixed, places +0.00",))
        assert MigrationDecision(model=Fixed([[0.0, 1.0]]), name="tabular").name == "tabular"

    def test_a_language_model_is_asked_once_about_each_profile(self) -> None:
        asked = []

        def script(request: Request) -> str:
            asked.append(request)
            return json.dumps({"reason": "so it seems", "answer": "Yes", "certainty": 8})

        llm = LLM(ClientSpec(backend="scripted", model="-", script=script))
        table = people(6)
        decision = MigrationDecision(model=PromptModel(llm).fit(table))
        for step in range(3):
            decided = decision.decide(table, ids=range(6), seed=1, step=step)
        assert len(asked) == 6
        assert decided.p.tolist() == pytest.approx([0.9] * 6)
        assert set(decided.models) == {"prompt"}

    def test_without_an_answer_of_a_language_model_the_rule_decides_and_is_named(self) -> None:
        table, silent = people(6), {1, 2}

        def script(_: Request) -> str:
            asked.append(len(asked))
            if asked[-1] in silent:
                message = "no answer"
                raise LLMError(message)
            return json.dumps({"reason": "so it seems", "answer": "Yes", "certainty": 10})

        asked: list[int] = []
        llm = LLM(ClientSpec(backend="scripted", model="-", script=script), on_failure="rules")
        decision = MigrationDecision(model=PromptModel(llm).fit(table))
        first, second = (decision.decide(table, ids=range(6), seed=1, step=step) for step in (0, 1))
        assert first.models.count("rule") == 2
        ruled = np.array([name == "rule" for name in first.models])
        rule = PushPullRule().predict_proba(table)[:, 1]
        assert np.array_equal(first.p[ruled], rule[ruled])
        assert set(second.models) == {"prompt"}
        assert decision.cache.hits == 4

    @pytest.mark.parametrize(
        ("answer", "match"),
        [
            ([0.5, 0.5], "returned shape"),
            ([[0.5, 0.5]], "returned shape"),
            ([[0.5, 0.5], [0.0, np.nan]], "returned 1 numbers outside"),
            ([[0.5, 0.5], [-0.5, 1.5]], "returned 1 numbers outside"),
        ],
    )
    def test_what_is_no_probability_is_an_error(self, answer: object, match: str) -> None:
        with pytest.raises(DataError, match=match):
            MigrationDecision(model=Fixed(answer)).decide(people(2), ids=[0, 1], seed=1, step=0)

    def test_a_table_without_rows_gives_no_decisions(self) -> None:
        decided = MigrationDecision().decide(people(0), ids=[], seed=1, step=0)
        assert rows_of(decided) == []


class TestInput:
    def test_all_defects_of_the_input_are_listed(self) -> None:
        with pytest.raises(DataError, match=r"(?s)3 defects.*ids.*households.*around has 2"):
            MigrationDecision().decide(
                people(3), ids=[1], households=[1, 2], seed=1, step=0, around=places(2)
            )

    def test_an_id_that_occurs_twice_is_an_error(self) -> None:
        with pytest.raises(DataError, match="id 4 occurs more than once"):
            MigrationDecision().decide(people(2), ids=[4, 4], seed=1, step=0)

    def test_a_negative_seed_or_step_is_an_error(self) -> None:
        for seed, step in ((-1, 0), (1, -1)):
            with pytest.raises(ConfigError, match="must be in"):
                MigrationDecision().decide(people(1), ids=[0], seed=seed, step=step)

    @pytest.mark.parametrize(
        ("name", "value"),
        [("years_at_risk", 0.5), ("years_at_home", float("nan")), ("reference", float("inf"))],
    )
    def test_parameters_outside_their_range_are_an_error(self, name: str, value: float) -> None:
        with pytest.raises(ParameterError, match=f"migration.decision.{name}"):
            CityParameters().with_(f"migration.decision.{name}", value)

    def test_a_cache_of_negative_size_is_an_error(self) -> None:
        with pytest.raises(ConfigError, match="cache_rows must be at least 0, got -1"):
            MigrationDecision(cache_rows=-1)

    def test_parameters_reach_rule_risk_and_places(self) -> None:
        names = ("push_pull.intercept", "push_pull.income", "decision.years_at_risk")
        values = (0.5, 0.0, 1.0)
        parameters = CityParameters().with_(
            {f"migration.{name}": value for name, value in zip(names, values, strict=True)}
        )
        table, around = people(5, households=False), places(5, subsidy=5e3)
        plain = MigrationDecision().decide(table, ids=range(5), seed=1, step=0)
        decided = MigrationDecision(parameters).decide(
            table, ids=range(5), seed=1, step=0, around=around
        )
        # Log odds of 1.5 more by the rule; places add the distance only: .1 log(1 + 3).
        shift = log_odds(decided.p) - log_odds(plain.p)
        assert shift.tolist() == pytest.approx([1.5 + 0.1 * np.log(4.0)] * 5)
        assert decided.hazard.tolist() == pytest.approx(decided.p.tolist())


class TestCache:
    def test_the_model_is_asked_about_changed_rows_only(self) -> None:
        model, table = Counting(), people(20)
        decision = MigrationDecision(model=model)
        decision.decide(table, ids=range(20), seed=1, step=0)
        older = table.frame.assign(age=table.frame["age"] + (np.arange(20) < 5))
        later = SurveyTable(
            frame=older, target=table.target, group=table.group, schema=table.schema
        )
        decision.decide(later, ids=range(20), seed=1, step=1)
        decision.decide(later, ids=range(20), seed=1, step=2)
        assert model.rows == [20, 5]
        assert (decision.cache.asked, decision.cache.hits) == (60, 35)

    def test_the_model_is_asked_once_about_equal_rows(self) -> None:
        model, table = Counting(), people(3, households=False).take([0, 0, 1, 0])
        MigrationDecision(model=model).decide(table, ids=range(4), seed=1, step=0)
        assert model.rows == [2]

    def test_the_oldest_rows_are_removed_first(self) -> None:
        model, table = Counting(), people(6)
        decision = MigrationDecision(model=model, cache_rows=4)
        decision.decide(table, ids=range(6), seed=1, step=0)
        decision.decide(table.take([2, 3, 4, 5]), ids=range(4), seed=1, step=1)
        decision.decide(table.take([1, 2]), ids=range(2), seed=1, step=2)
        assert model.rows == [6, 1]

    def test_a_cache_of_size_0_keeps_nothing(self) -> None:
        model, decision_rows = Counting(), people(5)
        decision = MigrationDecision(model=model, cache_rows=0)
        for step in range(2):
            decision.decide(decision_rows, ids=range(5), seed=1, step=step)
        assert model.rows == [5, 5]

    def test_rows_that_a_model_can_distinguish_have_different_keys(self) -> None:
        table = people(4, households=False).take([0, 0, 1, 2])
        one, same, *others = row_keys(table)
        assert one == same
        assert len({one, *others}) == 3
        frame = table.frame.assign(hukou=[0.0, -0.0, np.nan, 1.0], age=30.0, education=6.0)
        frame["wage"] = [1.0, 1.0, 1.0, 1.0]
        zero = SurveyTable(frame=frame, target=table.target, group=None, schema=table.schema)
        first, negative, missing, _ = row_keys(zero)
        assert first == negative != missing

    def test_keys_depend_on_texts_and_households_but_not_on_identifiers(self) -> None:
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

    def test_a_state_of_another_kind_is_an_error(self) -> None:
        with pytest.raises(DataError, match="the state of a cache has asked, hits and p"):
            PredictionCache(3).restore({"rows": 3})


class TestComponent:
    def test_it_is_a_valid_component(self) -> None:
        table = people(12)
        check_component(
            MigrationDecision,
            lambda decision, _: decision.assess(table),
            commit=lambda decision, assessed: decision.remember(assessed),
        )
        assert isinstance(MigrationDecision(), Component)

    def test_assessing_does_not_change_the_cache(self) -> None:
        decision = MigrationDecision()
        run(decision.assess(people(3)))
        assert decision.state() == MigrationDecision().state()

    def test_a_restored_decision_continues_as_before(self) -> None:
        model, table = Counting(), people(10)
        first, second = MigrationDecision(), MigrationDecision(model=model)
        first.decide(table, ids=range(10), seed=1, step=0)
        second.restore(json.loads(json.dumps(first.state())))
        after = [one.decide(table, ids=range(10), seed=1, step=1) for one in (first, second)]
        assert model.rows == []
        assert after[0].is_returning.tolist() == after[1].is_returning.tolist()
        assert first.state() == second.state()
