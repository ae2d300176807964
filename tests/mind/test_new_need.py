"""A fifth need from a TOML file: people live two days with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mesa_llm_city import CityModel
from mesa_llm_city.core.asking import Question
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.parameters import CityParameters
from tests.mobility.scripted import Scripted
from tests.town import small_town, townspeople

ESTEEM = """
[needs.esteem]
decay_per_h = 0.03
threshold = 0.2
gains_per_h = { work = 0.1, social = 0.15 }
"""
URGENT = """
[needs.esteem]
decay_per_h = 0.12
threshold = 0.5
gains_per_h = { work = 0.2, social = 0.5 }
description = "being respected"
felt = "unappreciated"
interrupts = "free_time"
reaction = "social"
"""


def lived(parameters: CityParameters | None = None, **options: Any) -> CityModel:  # noqa: ANN401 - of CityModel
    model = CityModel(small_town(), townspeople(), rng=7, parameters=parameters, **options)
    model.run_days(2)
    return model


def hours(model: CityModel, purpose: str) -> float:
    done = model.activities()
    own = done[done["purpose"] == purpose]
    return float((own["end"] - own["start"]).dt.total_seconds().sum() / 3600.0)


def read(folder: Path, text: str) -> CityParameters:
    file = folder / "city.toml"
    file.write_text(text, encoding="utf-8")
    return CityParameters.read(file)


@pytest.fixture(scope="module")
def usual() -> CityModel:
    """Return two days with the built-in needs."""
    return lived()


@pytest.fixture(scope="module")
def with_esteem(tmp_path_factory: pytest.TempPathFactory) -> CityModel:
    """Return two days with esteem, which interrupts nothing."""
    return lived(read(tmp_path_factory.mktemp("esteem"), ESTEEM))


@pytest.mark.slow
def test_the_table_of_needs_has_a_column_for_it(with_esteem: CityModel) -> None:
    table = with_esteem.needs()
    assert list(table.columns[2:]) == ["hunger", "energy", "safety", "social", "esteem"]
    assert table["esteem"].between(0.0, 1.0).all()


def test_it_falls_by_its_rate_and_rises_at_work(with_esteem: CityModel) -> None:
    table = with_esteem.needs().set_index(["person", "time"])["esteem"]
    midnight = pd.Timestamp("2024-04-01")
    asleep = table.xs(midnight + pd.Timedelta(hours=3), level="time")
    assert asleep.to_numpy() == pytest.approx(1.0 - 3 * 0.03, abs=1e-6)
    work = with_esteem.activities().query("purpose == 'work'")
    changes: list[float] = []
    for person, start, end in work[["person", "start", "end"]].itertuples(index=False):
        during = table.loc[person].loc[start:end]
        changes += during[during < 1.0].diff().dropna().tolist()
    assert len(changes) > 5
    assert changes == pytest.approx([0.1 - 0.03] * len(changes), abs=1e-6)


@pytest.mark.slow
def test_people_spend_more_free_time_on_what_restores_it(
    usual: CityModel, with_esteem: CityModel
) -> None:
    assert hours(with_esteem, "social") > hours(usual, "social") + 1.0
    assert hours(with_esteem, "sleep") == pytest.approx(hours(usual, "sleep"), rel=0.02)


def test_it_interrupts_nothing_unless_its_row_says_so(with_esteem: CityModel) -> None:
    noticed = with_esteem.decisions().query("component == 'perception'")
    assert not noticed["reason"].str.startswith("esteem is low").any()


@pytest.mark.slow
def test_a_need_that_interrupts_free_time_ends_it_and_no_duty(tmp_path: Path) -> None:
    model = lived(read(tmp_path, URGENT))
    noticed = model.decisions().query("component == 'perception'")
    low = noticed[noticed["reason"].str.startswith("esteem is low")]
    left = low[low["choice"] == "satisfy"]
    assert len(left) > 10
    assert left["reason"].str.contains("and no social is planned|the next social is").all()
    duties = low[low["choice"] == "continue"]
    assert duties["reason"].str.endswith("is a duty").any()


@pytest.mark.slow
def test_it_is_in_the_prompts_about_needs_plans_and_reactions(tmp_path: Path) -> None:
    def script(question: Question) -> dict[str, Any]:
        if question.purpose == "needs":
            names = question.facts["needs"]
            assert isinstance(names, dict)
            return {"reason": "a dull day", "levels": dict.fromkeys(names, 6) | {"esteem": 4}}
        return {"reason": "so", "choice": 1, "minutes": 40}

    backend = Scripted(script)
    parameters = read(tmp_path, URGENT)
    model = lived(parameters, llm=backend, prompts={"needs", "react"})
    texts: dict[str, list[str]] = {"needs": [], "react": []}
    for question, worded in zip(backend.asked, backend.worded, strict=True):
        texts[question.purpose].append("\n".join(text for _, text in worded.messages))
    for told in texts.values():
        assert told
        assert all('"esteem": "being respected"' in text for text in told)
    assert any('"esteem has fallen low"' in text for text in texts["react"])
    assert any('"social now, then go on"' in text for text in texts["react"])
    judged = model.decisions().query("component == 'needs'")
    assert judged["choice"].str.endswith("esteem 0.4").all()
    someone = model.citizens[0].citizen
    assert list(someone.needs_at(model.minute))[-1] == "esteem"


@pytest.mark.parametrize("name", ["time", "person", "mood"])
def test_a_need_cannot_have_the_name_of_a_column_or_colouring(name: str) -> None:
    with pytest.raises(ConfigError, match=f"needs.{name}: is the name of something else already"):
        CityParameters(needs={name: {}})
