"""A policy on the people of any survey."""

from __future__ import annotations

from pathlib import Path

import mesa
import numpy as np
import pytest
from mesa_llm_city.models.survey_policy.model import SurveyPolicy

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.survey.schema_text import schema_toml
from tests.migration.small_survey import MEMBERS, members

TABLE = members(300)


def lived(**options: object) -> SurveyPolicy:
    """Return a run at its end."""
    model = SurveyPolicy(TABLE, **{"years": 5, "rng": 7, **options})
    while model.running:
        model.step()
    return model


def test_equal_seeds_give_equal_runs_and_different_seeds_do_not() -> None:
    assert lived().digest() == lived().digest()
    assert lived().digest() != lived(rng=8).digest()


def test_the_share_follows_from_who_gains_and_who_loses() -> None:
    model = lived()
    history = model.history()
    start = np.count_nonzero(TABLE.target)
    change = int(history["gained"].sum() - history["lost"].sum())
    assert np.count_nonzero(model.has_outcome) == start + change
    assert model.share == pytest.approx(np.average(model.has_outcome, weights=TABLE.weight))


def test_a_policy_raises_the_share_and_changes_nothing_before_it_begins() -> None:
    without, later = lived(), lived(levers="pay*3; sector=public", policy_year=3)
    assert without.history()["share"].tolist()[:2] == later.history()["share"].tolist()[:2]
    assert later.share > without.share
    assert later.history()["reached_share"].tolist() == [0.0, 0.0, 1.0, 1.0, 1.0]


def test_a_policy_that_reaches_nobody_has_no_effect() -> None:
    assert lived(levers="pay*3", reach=0.0).share == lived().share


def test_people_age_up_to_no_further_than_the_table_tells() -> None:
    model = lived()
    assert (model.table.frame["age"] - TABLE.frame["age"]).tolist() == [5.0] * 300
    assert lived(ageing=None).table.frame["age"].tolist() == TABLE.frame["age"].tolist()


def test_agents_tell_the_state_of_their_row() -> None:
    model = lived(levers="pay*3", reach=0.5)
    assert [one.has_outcome for one in model.agents] == model.has_outcome.tolist()
    assert 0.3 < np.mean([one.is_reached for one in model.agents]) < 0.7


def test_policies_and_parameters_can_be_swept() -> None:
    options = {
        "survey": [TABLE],
        "years": 3,
        "levers": ["", "pay*3"],
        "migration.decision.years_at_risk": [5.0, 20.0],
    }
    rows = mesa.batch_run(SurveyPolicy, options, display_progress=False)
    assert len({row["share"] for row in rows}) == 4


def test_a_survey_is_read_from_its_file_and_schema(tmp_path: Path) -> None:
    TABLE.to_frame().to_csv(tmp_path / "rows.csv", index=False)
    (tmp_path / "schema.toml").write_text(schema_toml(MEMBERS), encoding="utf-8")
    model = SurveyPolicy(tmp_path / "rows.csv", schema=tmp_path / "schema.toml", rng=7, years=5)
    while model.running:
        model.step()
    assert model.digest() == lived().digest()
    with pytest.raises(ConfigError, match="give schema, its description"):
        SurveyPolicy(tmp_path / "rows.csv")


@pytest.mark.parametrize(
    ("options", "problem"),
    [({"reach": 1.5}, "reach must be a share"), ({"years": 0}, "years must be at least 1")],
)
def test_options_out_of_range_are_errors(options: dict[str, object], problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        lived(**options)


def test_people_can_be_drawn_by_the_weights_of_the_survey() -> None:
    one, same = lived(persons=900), lived(persons=900, levers="pay*3", policy_year=9)
    assert 900 <= len(one.table) < 910
    assert one.table.weight is None
    assert one.digest() == same.digest()
    start = lived(persons=5000, years=1)
    rows = start.table.target == 1
    assert rows.mean() == pytest.approx(np.average(TABLE.target, weights=TABLE.weight), abs=0.05)
