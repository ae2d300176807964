"""Person-periods and discrete-time hazard models."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.migration.flows.hazard_model import LINKS, HazardModel, fit_link
from mesa_llm_city.migration.flows.person_periods import person_periods
from mesa_llm_city.migration.models.loading import load_model
from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.table import SurveyTable
from tests.migration.schemas import binary_schema

COLUMNS = (
    Column(name="since", kind="number", label="Years since leaving"),
    Column(name="age", kind="number", label="Age"),
    Column(name="skilled", kind="category", label="Skilled", codes={0: "no", 1: "yes"}),
)


def persons(since: list[float], labels: list[int], **more: list[float]) -> SurveyTable:
    frame = pd.DataFrame({"since": since, "age": 30.0, "skilled": 0.0, **more})
    return SurveyTable(
        frame=frame,
        target=np.array(labels, dtype=np.int8),
        group=None,
        schema=binary_schema(features=COLUMNS),
    )


def simulated(count: int, *, link: str) -> SurveyTable:
    """Return persons observed for up to 8 years; the skilled have .8 more on the link's scale."""
    rng = np.random.default_rng(1)
    skilled = (rng.random(count) < 0.5).astype(np.float64)
    since, labels = np.full(count, 8.0), np.zeros(count, dtype=np.int8)
    for year in range(8, 0, -1):
        eta = -2.5 + 0.8 * skilled + 0.5 * (year > 4)
        event = rng.random(count) < LINKS[link].hazard(eta)
        since[event], labels[event] = float(year), 1
    return persons(since.tolist(), labels.tolist(), skilled=skilled.tolist())


class TestPersonPeriods:
    def test_a_person_has_a_row_for_each_period_and_the_outcome_in_the_last(self) -> None:
        rows = person_periods(persons([3.0, 2.0], [1, 0]), duration="since", age="age")
        assert rows.frame["since"].tolist() == [1.0, 2.0, 3.0, 1.0, 2.0]
        assert rows.target.tolist() == [0, 0, 1, 0, 0]
        assert rows.frame["age"].tolist() == [28.0, 29.0, 30.0, 29.0, 30.0]
        assert rows.schema.outcome.window == "flow"
        assert rows.schema.outcome.years == 1.0

    def test_rows_of_a_person_are_a_group(self) -> None:
        rows = person_periods(persons([2.0, 1.0], [1, 0]), duration="since")
        assert rows.group is not None
        assert rows.group.tolist() == [0, 0, 1]
        assert rows.schema.group == "person"

    def test_the_period_is_counted_back_and_may_be_an_input(self) -> None:
        table = persons([2.0, 1.0], [1, 0])
        wave = Column(name="wave", kind="period", label="Wave")
        schema = replace(table.schema, columns=(*table.schema.columns, wave))
        dated = replace(table, period=np.array([2017, 2019]), schema=schema)
        rows = person_periods(dated, duration="since", calendar="year")
        assert rows.period is not None
        assert rows.period.tolist() == [2016, 2017, 2019]
        assert rows.frame["year"].tolist() == [2016.0, 2017.0, 2019.0]
        assert "year" in {one.name for one in rows.schema.inputs}

    def test_unknown_labels_and_durations_are_listed(self) -> None:
        with pytest.raises(DataError, match=r"(?s)1 rows have no label.*1 rows have no since"):
            person_periods(persons([np.nan, 2.0], [1, -1]), duration="since")
        with pytest.raises(DataError, match="a since that is not positive"):
            person_periods(persons([0.0], [1]), duration="since")


class TestLink:
    @pytest.mark.parametrize("link", list(LINKS))
    def test_the_mean_risk_is_the_share_of_events(self, link: str) -> None:
        weights = fit_link(np.ones((1000, 1)), np.arange(1000) < 30, link)
        assert float(LINKS[link].hazard(weights)[0]) == pytest.approx(0.03, abs=1e-4)

    def test_values_of_the_links_worked_by_hand(self) -> None:
        # 1 - exp(-exp(log(log 2))) is a half, and so is the logit at 0.
        assert float(LINKS["cloglog"].hazard(np.log(np.log([2.0])))[0]) == pytest.approx(0.5)
        assert float(LINKS["logit"].hazard(np.zeros(1))[0]) == 0.5

    def test_weights_count_as_rows(self) -> None:
        weighted = fit_link(np.ones((2, 1)), [1, 0], "cloglog", weight=np.array([1.0, 3.0]))
        assert float(LINKS["cloglog"].hazard(weighted)[0]) == pytest.approx(0.25, abs=1e-3)


class TestHazardModel:
    @pytest.mark.parametrize("link", ["cloglog", "logit"])
    def test_effects_and_baseline_of_a_simulated_survey_are_found(
        self, link: str, tmp_path: Path
    ) -> None:
        pytest.importorskip("sklearn")
        rows = person_periods(simulated(1500, link=link), duration="since")
        model = HazardModel(duration="since", link=link).fit(rows)  # type: ignore[arg-type]
        asked = rows.take([0, 0, 0, 0])
        asked.frame["skilled"] = [0.0, 1.0, 0.0, 1.0]
        asked.frame["since"] = [2.0, 2.0, 7.0, 7.0]
        risk = model.predict_proba(asked)[:, 1]
        truth = LINKS[link].hazard(np.array([-2.5, -1.7, -2.0, -1.2]))
        assert risk.tolist() == pytest.approx(truth.tolist(), rel=0.2)
        assert model.training_rows is not None
        model.save(tmp_path)
        again = load_model(tmp_path)
        assert np.array_equal(again.predict_proba(asked), model.predict_proba(asked))

    def test_persons_that_were_not_expanded_are_refused(self) -> None:
        with pytest.raises(DataError, match="expand persons with person_periods first"):
            HazardModel(duration="since").fit(persons([1.0, 2.0], [0, 1]))

    def test_an_unknown_link_is_an_error(self) -> None:
        with pytest.raises(ConfigError, match="link must be one of cloglog, logit"):
            HazardModel(duration="since", link="probit")  # type: ignore[arg-type]
