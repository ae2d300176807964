"""A city that is lived some days a year, and the villages its people come from and return to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mesa_llm_city.models.city_and_village import sweep as sweeping
from mesa_llm_city.models.city_and_village.model import MAPPING, CityAndVillage
from mesa_llm_city.models.city_and_village.people import backgrounds_of
from mesa_llm_city.models.city_and_village.sweep import main, sweep
from mesa_llm_city.models.return_migration.places import invented_map

from mesa_llm_city import City, Population
from mesa_llm_city.core.asking import run
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.models.tabular import TabularModel
from mesa_llm_city.migration.personas import PersonaMapping
from mesa_llm_city.migration.survey.shipped import chfs
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.migration.survey.table import SurveyTable
from mesa_llm_city.parameters import CityParameters

CITY = City.synthetic(rng=1, places=300)
LEAN = ("social", "memory", "needs", "perception", "goals", "mood", "beliefs", "return")
FAST = CityParameters().with_("migration.decision", {"years_at_risk": 3.0, "years_at_home": 5.0})


def made(**options: Any) -> CityAndVillage:  # noqa: ANN401 - options of the model
    given = {"persons": 24, "years": 3, "days_per_year": 1, "rng": 7, "without": LEAN, **options}
    return CityAndVillage(CITY, **{"parameters": FAST, **given})


def lived(**options: Any) -> CityAndVillage:  # noqa: ANN401 - options of the model
    """Return a run at its end; only who decides is simulated, no day is lived."""
    model = made(**options)
    for day in range(1, model.years + 1):
        model.begin_years()
        model.minute = day * 1440
        model.migrate()
    return model


def probabilities(model: CityAndVillage) -> dict[int, float]:
    """Return the probability of being home of each household in the city."""
    component = model.citizens[0].citizen.components.migration
    assert component is not None
    ids = sorted({agent.persona.household.id for agent in model.citizens})
    households = [model.migration.household(one) for one in ids]
    decided = run(component.decide_moves(households, seed=7, step=[0] * len(ids)))
    return {one.household: one.p for one in decided if one.members}


class Constant:
    """A model that gives everybody the same probability."""

    def __init__(self, p: float) -> None:
        self.p = p

    def predict_proba(self, table: SurveyTable) -> Float:
        return np.tile([1.0 - self.p, self.p], (len(table), 1))


def test_a_run_lives_its_days_and_ends_after_its_years() -> None:
    model = made(persons=12, years=2)
    while model.running:
        model.step()
    assert (model.minute, model.year) == (2 * 1440, 2)
    assert model.history()["year"].tolist() == [1, 2]
    # A whole day of everybody who lived in the city, and dates of two years.
    times = model.activities().query("end - start == end - start")
    assert {str(one) for one in times["start"].dt.year.unique()} <= {"2024", "2025"}
    assert model.in_city + model.in_villages == 12
    # What people do in the city does not bear on who moves.
    assert lived(persons=12, years=2).migration.moved == model.migration.moved


def test_people_are_those_of_the_survey_and_live_where_it_found_them() -> None:
    model = made()
    rows = synthetic_survey(24, seed=7)
    people = {one.id: one for one in model.population}
    people |= {one.id: one for away in model.migration.away for one in away.people}
    assert sorted(people) == list(range(24))
    assert [people[one].age for one in range(24)] == rows.frame["age"].tolist()
    assert rows.group is not None
    for number in np.unique(rows.group):
        members = np.flatnonzero(rows.group == number)
        at_home = rows.target[members].mean() > 0.5
        assert {one in model.residents.by_id for one in members.tolist()} == {not at_home}
        assert len({model.migration.backgrounds[one].hometown for one in members.tolist()}) == 1


def test_rows_of_the_people_are_those_of_the_survey_again() -> None:
    model, rows = made(), synthetic_survey(24, seed=7)
    model.begin_years()
    component = model.citizens[0].citizen.components.migration
    assert component is not None
    for agent in model.citizens:
        household = model.migration.household(agent.persona.household.id)
        row = [one.id for one in household.people].index(agent.person)
        found = component.rows(household).frame.iloc[row]
        told = rows.frame.iloc[agent.person].dropna()
        for name in told.index:
            assert found[name] == pytest.approx(told[name], rel=1e-9), name


def test_equal_seeds_give_equal_runs_and_a_subsidy_only_adds_to_who_is_home() -> None:
    plain, again, paid = lived(), lived(), lived(rural_subsidy=30_000.0)
    assert plain.migration.moved == again.migration.moved != []
    assert paid.in_villages > plain.in_villages
    assert paid.subsidy_paid == 30_000.0 * paid.in_villages


def test_a_reform_gives_the_hukou_of_the_city_and_makes_going_home_less_likely() -> None:
    plain, reformed = made(), made(hukou_reform=1.0)
    for model in (plain, reformed):
        model.begin_years()
    assert plain.barred_share > 0.3
    assert reformed.barred_share == 0.0
    before, after = probabilities(plain), probabilities(reformed)
    known = plain.migration.backgrounds
    for household, p in after.items():
        people = plain.migration.household(household).people
        barred = any(known[one.id].answers.get("hukou") == 1.0 for one in people)
        assert p < before[household] if barred else p == before[household]


def test_a_policy_changes_nothing_before_its_year() -> None:
    plain, late = lived(years=2), lived(years=2, rural_subsidy=30_000.0, policy_year=3)
    assert late.migration.moved == plain.migration.moved
    assert late.subsidy_paid == 0.0


def test_people_grow_older_in_the_city_and_in_the_villages() -> None:
    ages = {one.id: one.age for one in made().population}
    model = lived(decision=Constant(0.0))  # everybody comes, nobody leaves
    assert model.in_villages <= 3
    here = {agent.person: agent.age for agent in model.citizens}
    assert all(here[one] == age + 2 for one, age in ages.items())


@pytest.mark.slow
def test_a_saved_run_goes_on_to_the_same_moves(tmp_path: Path) -> None:
    model = made(persons=12, rural_subsidy=8000.0, hukou_reform=0.5)
    model.step()
    model.save(tmp_path / "saved")
    loaded = CityAndVillage.load(tmp_path / "saved", persons=12)
    for one in (model, loaded):
        while one.running:
            one.step()
    assert loaded.year == 3
    assert loaded.migration.moved == model.migration.moved
    assert loaded.digest() == model.digest()
    with pytest.raises(DataError, match="12 rows of a survey and 12 villages"):
        CityAndVillage.load(tmp_path / "saved", persons=13)


@pytest.mark.slow
def test_a_trained_model_decides_from_its_folder(tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    rows = synthetic_survey(200, seed=1)
    TabularModel("logistic_regression", seed=1).fit(rows).save(tmp_path)
    model = lived(decision=tmp_path)
    decisions = model.decisions()
    assert set(decisions["source"]) == {"tabular"}
    assert decisions["reason"].str.startswith("by tabular").any()


@pytest.mark.slow
def test_an_rms_agent_decides(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    from mesa_llm_city.migration.models.rms.agent import RMSAgent
    from tests.migration.models.rms.tiny import save_backbone

    rows = synthetic_survey(30, seed=1)
    backbone = save_backbone(tmp_path / "backbone")
    options: dict[str, Any] = {"depth": 2, "tabular_width": 16, "epochs": 1, "batch_rows": 16}
    agent = RMSAgent(backbone=str(backbone), **options).fit(rows, rows)
    model = lived(decision=agent, persons=12, reasons=False)
    assert set(model.decisions()["source"]) == {"rms"}


def test_people_of_any_city_come_from_a_village_and_have_a_hukou() -> None:
    people = Population.synthesize(60, city=CITY, rng=1)
    _, villages = invented_map(1, 5, seed=1)
    known = backgrounds_of(people, villages, seed=1, rural_share=0.5)
    hukou = [known[one.id].answers.get("hukou") == 1.0 for one in people]
    assert 0.3 < np.mean(hukou) < 0.7
    towns: dict[int, set[str]] = {}
    for one in people:
        towns.setdefault(one.household.id, set()).add(known[one.id].hometown)
    assert all(len(names) == 1 for names in towns.values())
    fewer = backgrounds_of(people[10:], villages, seed=1, rural_share=0.5)
    assert all(known[person] == one for person, one in fewer.items())


def test_the_mapping_fits_the_survey() -> None:
    mapping = PersonaMapping.read(MAPPING, chfs())
    assert {"age", "work", "wage", "total_income"} <= set(mapping.sources)


@pytest.mark.slow
def test_policies_and_decisions_are_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = {"city": CITY, "persons": 4, "years": 1, "villages": 3, "without": [LEAN]}
    rows = sweep([0.0, 8000.0], [0.0], [1], models=["rule", Constant(0.9)], **small)
    assert rows["model"].tolist() == [0, 1] * 2
    monkeypatch.setattr(sweeping, "sweep", lambda: rows)
    main(tmp_path)
    assert (tmp_path / "sweep.png").stat().st_size > 10_000


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"years": 0}, "years must be at least 1"),
        ({"rural_subsidy": -1.0}, "rural_subsidy must be at least 0"),
        ({"hukou_reform": 1.5}, "hukou_reform must be a share"),
    ],
)
def test_impossible_options_are_refused(options: dict[str, float], problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        made(**options)
