"""The model of return migration: households, policies, common random numbers, pictures."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

import mesa
import numpy as np
import pytest
from mesa_llm_city.models.return_migration import demo as demonstration
from mesa_llm_city.models.return_migration.model import ReturnMigration
from mesa_llm_city.models.return_migration.pictures import _paired, draw_country, draw_sweep
from mesa_llm_city.models.return_migration.places import SIDE_KM, invented_map
from mesa_llm_city.models.return_migration.sweep import main, sweep

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.flows.calibration import FlowCalibration
from mesa_llm_city.migration.models.push_pull import PushPullRule
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.migration.survey.table import SurveyTable
from mesa_llm_city.parameters import CityParameters


def country(**options: object) -> ReturnMigration:
    """Return a small country at its end."""
    model = ReturnMigration(**{"persons": 120, "years": 6, "rng": 7, **options})
    while model.running:
        model.step()
    return model


class Constant:
    """A model that gives everybody the same probability."""

    def __init__(self, p: float) -> None:
        self.p = p

    def predict_proba(self, table: SurveyTable) -> Float:
        return np.tile([1.0 - self.p, self.p], (len(table), 1))


class TestFlows:
    def test_the_horizons_are_solved_for_an_observed_rate(self) -> None:
        model = ReturnMigration(persons=200, rng=7, yearly_rate=0.03)
        calibration = model.decision.calibration
        assert calibration is not None
        decided = model._decide()
        away = [not one.is_home for one in model.migrants if one.decides]
        # Places differ from their mean, and so does the rate a little.
        assert decided.hazard[np.array(away)].mean() == pytest.approx(0.03, abs=0.004)

    @pytest.mark.slow
    def test_without_a_policy_a_stationary_population_keeps_its_share_for_40_years(self) -> None:
        runs = [
            country(persons=600, years=40, rng=rng, yearly_rate=0.03, stationary=True)
            for rng in (1, 2, 3, 4)
        ]
        shares = np.array([run.history()["home_share"] for run in runs]).mean(axis=0)
        start = np.mean([np.mean([one.was_home for one in run.migrants]) for run in runs])
        assert np.abs(shares - start).max() / start < 0.1

    def test_a_calibration_beside_a_saved_model_is_used(self, tmp_path: Path) -> None:
        PushPullRule().save(tmp_path)
        FlowCalibration(years_at_risk=50.0, years_at_home=20.0).save(tmp_path)
        model = ReturnMigration(tmp_path, persons=20, rng=1)
        assert model.decision.calibration is not None
        assert model.decision.calibration.years_at_risk == 50.0


class TestRun:
    def test_equal_seeds_give_equal_runs_and_different_seeds_do_not(self) -> None:
        assert country().digest() == country().digest()
        assert country().digest() != country(rng=8).digest()

    def test_a_pickled_model_continues_in_the_same_way(self) -> None:
        model = ReturnMigration(persons=80, years=4, rng=3)
        model.step()
        copied = pickle.loads(pickle.dumps(model))
        for one in (model, copied):
            one.step()
        assert copied.digest() == model.digest()

    def test_parameters_can_be_varied_by_their_dotted_names(self) -> None:
        rows = mesa.batch_run(
            ReturnMigration,
            {
                "persons": 60,
                "years": 2,
                "rng": 3,
                "migration.decision.years_at_risk": [1.0, 40.0],
            },
            number_processes=1,
            display_progress=False,
        )
        home = {row["migration.decision.years_at_risk"]: row["home_share"] for row in rows}
        assert home[1.0] > home[40.0]
        with pytest.raises(ConfigError, match="takes no argument 'person'"):
            ReturnMigration(person=3)

    def test_a_run_ends_after_its_years_and_reports_each(self) -> None:
        history = country().history()
        assert history["year"].tolist() == [1, 2, 3, 4, 5, 6]
        assert history["home_share"].between(0.0, 1.0).all()

    def test_tables_and_map_agree_on_where_people_live(self) -> None:
        model = country()
        moves, history = model.moves(), model.history()
        assert len(moves) == history["returned"].sum() + history["left"].sum() > 0
        last = moves.groupby("person")["destination"].last()
        for one in model.migrants:
            assert one.place == last.get(one.person, one.place)
            assert one in one.cell.agents
            assert one.is_home or one.cell is one.city
        start = np.mean([one.was_home for one in model.migrants])
        net = (history["returned"].sum() - history["left"].sum()) / 120
        assert model.home_share == pytest.approx(start + net)

    def test_every_move_has_a_reason(self) -> None:
        moves = country().moves()
        assert moves["reason"].str.contains("places").all()
        assert moves["hazard"].between(0.0, 1.0, inclusive="neither").all()

    def test_agents_are_collected_every_year(self) -> None:
        places = country().datacollector.get_agent_vars_dataframe()["place"]
        assert len(places) == 120 * 6
        assert set(places.str.split().str[0]) == {"city", "village"}


class TestPeople:
    def test_members_of_a_household_always_live_together(self) -> None:
        model = ReturnMigration(persons=150, years=5, rng=2)
        while model.running:
            model.step()
            homes = {one.household: one.is_home for one in model.migrants}
            assert all(one.is_home == homes[one.household] for one in model.migrants)

    def test_a_household_starts_where_most_of_its_members_were_interviewed(self) -> None:
        rows = synthetic_survey(100, seed=1)
        model = ReturnMigration(survey=rows, rng=1)
        assert rows.group is not None
        for household in np.unique(rows.group):
            members = np.flatnonzero(rows.group == household)
            most = rows.target[members].mean() > 0.5
            assert all(model.migrants[row].is_home == most for row in members.tolist())

    def test_everybody_is_a_year_older_after_a_year(self) -> None:
        model = ReturnMigration(persons=30, rng=1)
        before = [one.profile["age"] for one in model.migrants]
        model.step()
        assert [one.profile["age"] for one in model.migrants] == [age + 1 for age in before]

    def test_retired_people_do_not_decide_but_move_with_their_household(self) -> None:
        rows = synthetic_survey(40, seed=1)
        group = np.repeat(np.arange(20), 2)
        frame = rows.frame.assign(age=[70.0, 30.0] * 20)
        away = np.zeros(40, dtype=np.int8)
        survey = SurveyTable(frame=frame, target=away, group=group, schema=rows.schema)
        model = ReturnMigration(Constant(1.0), survey=survey, rng=1)
        for _ in range(5):
            model.step()
        assert model.home_share == 1.0
        old = SurveyTable(
            frame=frame.assign(age=70.0), target=away, group=group, schema=rows.schema
        )
        alone = ReturnMigration(Constant(1.0), survey=old, rng=1)
        alone.step()
        assert alone.home_share == 0.0

    def test_wages_change_with_the_place(self) -> None:
        model = ReturnMigration(persons=30, rng=1)
        one = next(agent for agent in model.migrants if not agent.is_home)
        one.profile["wage"] = 1000.0
        one.move_on()
        assert one.is_home
        assert one.profile["wage"] == pytest.approx(1000.0 * one.village.wage / one.city.wage)

    def test_people_without_labels_start_in_the_city(self) -> None:
        rows = synthetic_survey(50, seed=1)
        survey = SurveyTable.from_frame(rows.frame, rows.schema, labelled=False)
        model = ReturnMigration(survey=survey, rng=1)
        assert model.home_share == 0.0
        assert model.decision.model.parameters == PushPullRule().parameters


class TestPolicy:
    def test_a_policy_has_no_effect_before_its_year(self) -> None:
        late = country(rural_subsidy=9000.0, hukou_reform=1.0, policy_year=7)
        assert late.digest() == country().digest()

    def test_a_subsidy_increases_returns_and_has_a_cost(self) -> None:
        plain, paid = country(persons=400), country(persons=400, rural_subsidy=12_000.0)
        assert paid.home_share > plain.home_share
        at_home = sum(one.is_home for one in paid.migrants)
        assert paid.history()["subsidy_paid"].iloc[-1] == 12_000.0 * at_home
        assert paid.income_ratio > plain.income_ratio

    def test_a_reform_gives_urban_hukou_and_reduces_returns(self) -> None:
        plain, open_to_all = country(persons=400), country(persons=400, hukou_reform=1.0)
        assert open_to_all.home_share < plain.home_share
        first = open_to_all.history()["barred_share"].iloc[0]
        assert first == 0.0 < plain.history()["barred_share"].iloc[0]

    def test_a_policy_does_not_change_wages(self) -> None:
        plain, paid = country(), country(rural_subsidy=12_000.0)
        assert [one.wage for one in plain.villages] == [one.wage for one in paid.villages]

    @pytest.mark.parametrize(
        ("options", "match"),
        [
            ({"rural_subsidy": -1.0}, "rural_subsidy must be at least 0"),
            ({"hukou_reform": 1.5}, "hukou_reform must be a share"),
            ({"persons": 0}, "persons must be at least 1"),
            ({"cities": 0}, "cities must be at least 1"),
        ],
    )
    def test_options_outside_their_range_are_an_error(
        self, options: dict[str, float], match: str
    ) -> None:
        with pytest.raises(ConfigError, match=match):
            ReturnMigration(**options)

    def test_a_subsidy_has_no_effect_if_the_weight_of_income_is_0(self) -> None:
        parameters = CityParameters().with_("migration.push_pull.income", 0.0)
        runs = [country(rural_subsidy=money, parameters=parameters) for money in (0.0, 12_000.0)]
        assert runs[0].digest() == runs[1].digest()

    def test_more_years_at_risk_mean_fewer_moves_a_year(self) -> None:
        parameters = CityParameters().with_("migration.decision.years_at_risk", 100.0)
        slow = country(persons=400, parameters=parameters)
        assert slow.history()["returned"].sum() < country(persons=400).history()["returned"].sum()


class TestModels:
    def test_any_model_may_decide(self) -> None:
        sure = country(decision=Constant(0.999999))
        assert sure.home_share == 1.0
        assert sure.moves()["reason"].str.startswith("by Constant").all()

    def test_a_folder_without_a_model_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(DataError, match="has no model"):
            ReturnMigration(tmp_path, persons=10)

    @pytest.mark.slow
    def test_a_trained_model_decides(self, tmp_path: Path) -> None:
        pytest.importorskip("sklearn")
        measures = demonstration.trained(tmp_path / "model", rows=400)
        assert "AUC" in measures
        runs = [country(decision=tmp_path / "model") for _ in range(2)]
        assert runs[0].digest() == runs[1].digest() != country().digest()
        assert runs[0].moves()["reason"].str.startswith("by tabular").all()


class TestMap:
    def test_places_have_different_numbers_and_are_on_the_map(self) -> None:
        cities, villages = invented_map(4, 30, seed=1)
        assert [one.number for one in (*cities, *villages)] == list(range(34))
        where = np.array([one.where_km for one in (*cities, *villages)])
        assert (where > 0.0).all()
        assert (where < SIDE_KM).all()
        assert min(c.wage for c in cities) > max(v.wage for v in villages)

    def test_one_more_village_does_not_move_the_others(self) -> None:
        few, many = (invented_map(3, count, seed=1)[1] for count in (5, 6))
        assert [one.where_km for one in few] == [one.where_km for one in many[:5]]


class TestSweep:
    def test_every_policy_is_run_with_every_seed(self) -> None:
        rows = sweep([0.0, 12_000.0], [0.0, 1.0], [1, 2], persons=60, years=3)
        assert rows[["rural_subsidy", "hukou_reform", "rng"]].drop_duplicates().shape == (8, 3)
        assert rows["year"].eq(3).all()
        alone = country(persons=60, years=3, rng=2, rural_subsidy=12_000.0)
        (same,) = rows.query("rural_subsidy == 12000 and hukou_reform == 0 and rng == 2")[
            "home_share"
        ]
        assert same == alone.home_share

    def test_an_ensemble_of_models_runs_every_policy_and_is_compared_model_by_model(
        self, tmp_path: Path
    ) -> None:
        models = [Constant(0.2), Constant(0.8)]
        rows = sweep([0.0, 20_000.0], [0.0], [1, 2], models=models, persons=60, years=3)
        assert rows[["rural_subsidy", "rng", "model"]].drop_duplicates().shape == (8, 3)
        shares = rows.groupby("model")["home_share"].mean()
        assert shares[0] < shares[1]
        assert _paired(rows).query("rural_subsidy == 0")["effect"].eq(0.0).all()
        assert _paired(rows)["effect"].ge(0.0).all()
        draw_sweep(rows, tmp_path / "sweep.png")
        with pytest.raises(ConfigError, match="must be folders of saved models"):
            sweep(models=models, processes=2)

    @pytest.mark.slow
    def test_the_number_of_processes_does_not_change_results(self) -> None:
        alone, together = (
            sweep([0.0], [0.0, 0.5], [1], processes=n, persons=20, years=2) for n in (1, 2)
        )
        assert together.equals(alone)

    @pytest.mark.slow
    def test_pictures_are_drawn(self, tmp_path: Path) -> None:
        rows = sweep([0.0, 12_000.0], [0.0, 1.0], [1], persons=40, years=2)
        draw_sweep(rows, tmp_path / "sweep.png")
        draw_country(country(persons=40), tmp_path / "country.png", title="A title")
        draw_country(ReturnMigration(persons=5, years=1, rng=1), tmp_path / "start.png")
        for path in tmp_path.iterdir():
            assert path.read_bytes().startswith(b"\x89PNG")

    def test_the_program_writes_table_and_picture(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        rows = sweep([0.0], [0.0, 1.0], [1], persons=20, years=1)
        monkeypatch.setattr("mesa_llm_city.models.return_migration.sweep.sweep", lambda: rows)
        main(tmp_path / "out")
        assert sorted(one.name for one in (tmp_path / "out").iterdir()) == [
            "sweep.csv",
            "sweep.png",
        ]
        assert "home_share" in capsys.readouterr().out


class TestDemo:
    @pytest.mark.slow
    def test_it_trains_compares_and_draws(self, tmp_path: Path) -> None:
        pytest.importorskip("sklearn")
        report = demonstration.demo(tmp_path, persons=60, years=3)
        assert all(policy in report for policy in demonstration.POLICIES)
        made = {"country.png", "model", "moves.csv", "policies.csv", "sweep.csv", "sweep.png"}
        assert {one.name for one in tmp_path.iterdir()} == made

    def test_a_missing_scikit_learn_is_reported(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.setattr("mesa_llm_city.migration.models.libraries.find_spec", lambda _: None)
        monkeypatch.setattr(sys, "argv", ["demo", str(tmp_path)])
        assert demonstration.main() == 2
        assert "this model needs sklearn; pip install" in capsys.readouterr().err
