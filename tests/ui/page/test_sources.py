"""Sources: what a page shows, passed from one process to another, and made per session."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments import RunOptions, run
from mesa_llm_city.experiments.simulate import build_model
from mesa_llm_city.llm import LLM
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.charts.observations import observations
from mesa_llm_city.ui.page import sources
from mesa_llm_city.ui.page.sources import Source
from mesa_llm_city.ui.views.replay import Replay


def test_it_reads_what_it_writes(tmp_path: Path) -> None:
    table = tmp_path / "people.csv"
    table.touch()
    options = RunOptions(people=table, days=3, seed=9, without=("beliefs",))
    for source in (Source(options=options), Source(folder=tmp_path, against=tmp_path)):
        assert Source.from_json(source.to_json()) == source


def test_each_session_has_a_model_of_its_own() -> None:
    source = Source(options=RunOptions(citizens=15))
    one, other = source.make(), source.make()
    assert isinstance(one, CityModel)
    assert isinstance(other, CityModel)
    one.step()
    assert (one.minute, other.minute) == (5, 0)
    assert one.city is not other.city


def test_what_is_prepared_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(options=RunOptions(citizens=16))
    source.prepare()

    def read(_: RunOptions) -> None:
        message = "read again"
        raise AssertionError(message)

    monkeypatch.setattr("mesa_llm_city.ui.page.sources.read_city", read)
    for _ in range(2):
        assert isinstance(source.make(), CityModel)


def test_the_first_page_gets_the_model_that_is_prepared_and_others_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = Source(options=RunOptions(citizens=17))
    built = []

    def count(*given: Any) -> CityModel:  # noqa: ANN401 - handed on as it is
        built.append(given)
        return build_model(*given)

    monkeypatch.setattr(sources, "build_model", count)
    source.prepare()
    other = source.make(seed=8)
    first, second = source.make(), source.make()
    assert len(built) == 3
    assert len({id(other), id(first), id(second)}) == 3
    assert isinstance(first, CityModel)
    assert isinstance(second, CityModel)
    assert first.digest() == second.digest()


def test_a_run_with_interventions_is_prepared_too() -> None:
    closing = {"kind": "close", "zone": "Old Town", "start": "day 1 00:00"}
    source = Source(options=RunOptions(citizens=18, interventions=(closing,)))
    source.prepare()
    for _ in range(2):
        made = source.make()
        assert isinstance(made, CityModel)
        made.step()
        assert made.interventions()["kind"].tolist() == ["close"]


def test_preparing_what_cannot_be_leaves_the_error_to_the_page(tmp_path: Path) -> None:
    source = Source(folder=tmp_path / "nothing")
    source.prepare()
    with pytest.raises(OSError, match="nothing"):
        source.make()


def test_a_new_run_can_have_other_people_and_another_seed() -> None:
    model = Source(options=RunOptions(citizens=15, days=2)).make(citizens=20, seed=11)
    assert isinstance(model, CityModel)
    assert (len(model.citizens), model.run_seed) == (20, 11)


def test_impossible_changes_are_reported() -> None:
    with pytest.raises(ConfigError, match="citizens"):
        Source(options=RunOptions(citizens=15)).make(citizens=0)


@pytest.mark.slow
@pytest.mark.usefixtures("empty_pictures")
def test_replays_share_the_run_but_not_the_minute(tmp_path: Path) -> None:
    folder = run(RunOptions(citizens=10, out=tmp_path / "run"))
    one, other = (Source(folder=folder).make() for _ in range(2))
    assert isinstance(one, Replay)
    assert isinstance(other, Replay)
    one.step()
    assert (one.minute, other.minute) == (5, 0)
    assert one.history is other.history


def test_a_session_of_a_hosted_model_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_KEY", "secret-of-a-test")
    options = RunOptions(
        mind="prompt",
        llm="-",
        api_base="http://127.0.0.1:9/v1",
        price=(1.0, 1.0),
        key_env="A_KEY",
        citizens=12,
    )
    source = Source(options=options)
    model = source.make()
    assert isinstance(model, CityModel)
    assert isinstance(model.llm, LLM)
    assert model.llm.purse.budget.usd == options.confirm_above
    assert "secret-of-a-test" not in source.to_json()


def test_the_charts_of_a_source_show_what_was_observed(tmp_path: Path) -> None:
    (tmp_path / "departures.csv").write_text("hour,share\n8,2\n9,2\n", encoding="utf-8")
    city = Source(options=RunOptions(citizens=15), against=tmp_path).make()
    assert observations(city).departures["all"][8] == 0.5
    assert observations(city).departures_source == "departures.csv"
