"""Futures: differences with intervals, shares, a picture and a folder."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city import CityModel, ConfigError
from mesa_llm_city.experiments import fork
from mesa_llm_city.experiments.futures.difference import paired_interval
from tests.experiments.futures.lives import NOON, at_noon, fall_ill, ill_or_not, leave


def test_the_interval_is_that_of_the_paired_t_test() -> None:
    # Differences 1, 2, 3 have mean 2, standard deviation 1, and t(0.975, 2) is 4.302653.
    low, high = paired_interval(np.array([[1.0, 5.0], [2.0, 5.0], [3.0, 5.0]]))
    assert low == pytest.approx([2 - 4.302653 / np.sqrt(3), 5.0], abs=1e-6)
    assert high == pytest.approx([2 + 4.302653 / np.sqrt(3), 5.0], abs=1e-6)


def test_one_replicate_has_no_interval() -> None:
    low, high = paired_interval(np.array([[1.0]]))
    assert np.isnan([low, high]).all()


def test_trips_by_hour_are_those_of_the_table_since_the_fork() -> None:
    futures = ill_or_not()
    rows = futures.difference("trips by hour")
    assert list(rows.columns) == ["control", "ill", "difference", "low", "high"]
    assert rows.index[0] == pd.Timestamp("2024-04-01 12:00")
    assert len(rows) == 24
    for name, models in futures.models.items():
        counts = [int((one.trips()["start"] >= "2024-04-01 12:00").sum()) for one in models]
        assert rows[name].sum() == pytest.approx(np.mean(counts))
    assert (rows["ill"] - rows["control"]).to_numpy() == pytest.approx(rows["difference"])
    assert (rows["low"] <= rows["difference"]).all()
    assert (rows["difference"] <= rows["high"]).all()


def test_minutes_by_purpose_fill_a_day() -> None:
    rows = ill_or_not().difference("minutes by purpose")
    assert rows["control"].sum() == pytest.approx(1440)
    assert rows["difference"].sum() == pytest.approx(0, abs=1e-9)
    assert rows["difference"]["rest"] > 0


def test_modes_and_kinds_of_place_add_up_to_trips_and_visits() -> None:
    futures = ill_or_not()
    trips = futures.difference("trips by hour")["control"].sum()
    assert futures.difference("modes")["control"].sum() == pytest.approx(trips)
    visits = [(one.visits()["start"] >= "2024-04-01 12:00").sum() for one in futures.models["ill"]]
    kinds = futures.difference("visits by kind")["ill"].sum()
    assert kinds == pytest.approx(np.mean(visits))


def test_a_reporter_is_compared_step_by_step() -> None:
    rows = ill_or_not().difference("doing_rest")
    assert len(rows) == 288
    assert rows.index[0] == pd.Timestamp("2024-04-01 12:05")
    last = [one.doing["rest"] for one in ill_or_not().models["control"]]
    assert rows["control"].iloc[-1] == pytest.approx(np.mean(last))


def test_a_function_of_the_model_is_a_measure() -> None:
    futures = ill_or_not()
    rows = futures.difference(lambda model: len(model.conversations()))
    counts = [[len(one.conversations()) for one in several] for several in futures.models.values()]
    assert rows.loc["value", "difference"] == pytest.approx(np.mean(counts[1]) - np.mean(counts[0]))
    by_kind = futures.difference(lambda model: {"people": len(model.citizens)})
    assert by_kind[["control", "low", "high"]].to_numpy().tolist() == [[10, 0, 0]]


def test_measures_that_there_are_not_are_refused_with_those_there_are() -> None:
    with pytest.raises(ConfigError, match=r"no measure 'tripz'; use one of trips by hour"):
        ill_or_not().difference("tripz")
    with pytest.raises(ConfigError, match="must return a number"):
        ill_or_not().difference(lambda _: "many")
    with pytest.raises(ConfigError, match="level must be between"):
        ill_or_not().difference("modes", level=95)


def test_the_share_touched_is_a_share_of_all_people() -> None:
    futures = ill_or_not()
    shares = [len(futures.touched(replicate=number)) / 10 for number in (1, 2)]
    told = futures.share_touched()
    assert told["share"] == pytest.approx(np.mean(shares))
    assert told["low"] <= told["share"] <= told["high"]


def test_of_several_futures_one_is_chosen() -> None:
    futures = fork(at_noon(), {"control": [], "ill": [fall_ill], "gone": leave}, seeds=1)
    with pytest.raises(ConfigError, match="say which by future=, one of 'ill', 'gone'"):
        futures.difference("modes")
    rows = futures.difference(_people, "gone", against="ill")
    assert rows[["ill", "gone", "difference"]].to_numpy().tolist() == [[10, 9, -1]]
    with pytest.raises(ConfigError, match="no future 'flood'"):
        futures.touched("flood")
    with pytest.raises(ConfigError, match="replicate must be a number from 1 to 1"):
        futures.touched("ill", replicate=2)


def _people(model: CityModel) -> int:
    return len(model.citizens)


def test_a_folder_holds_what_was_found_and_what_it_was_found_by(tmp_path: Path) -> None:
    futures = ill_or_not()
    folder = futures.to_folder(tmp_path / "fork")
    told = json.loads((folder / "manifest.json").read_text())
    assert told["changes"] == {"control": [], "ill": ["fall_ill"]}
    assert (told["forked_at_min"], told["seeds"][0], told["people"]) == (NOON, 7, 10)
    assert told["digests"]["ill"] == [one.digest() for one in futures.models["ill"]]
    assert told["digest_until_fork"] == at_noon().digest()
    trips = pd.read_parquet(folder / "trips.parquet")
    assert set(trips["future"]) == {"control", "ill"}
    assert set(trips["replicate"]) == {1, 2}
    touched = pd.read_csv(folder / "ill_touched.csv")
    assert len(touched[touched["replicate"] == 1]) == len(futures.touched())
    assert len(pd.read_csv(folder / "ill_minutes_by_purpose.csv")) > 5
    assert (folder / "ill.png").stat().st_size > 10_000
    with pytest.raises(ConfigError, match="exists"):
        futures.to_folder(folder)


def test_messages_and_interventions_are_kept_if_there_are_any(tmp_path: Path) -> None:
    news = {"kind": "tell", "text": "The market opens at ten", "channel": "phone"}
    folder = fork(at_noon(), {"control": [], "news": [news]}, seeds=1).to_folder(tmp_path / "fork")
    assert set(pd.read_parquet(folder / "messages.parquet")["future"]) == {"news"}
    assert len(pd.read_parquet(folder / "interventions.parquet")) == 1
    assert not (folder / "events.parquet").exists()


def test_the_picture_says_what_is_compared() -> None:
    figure = ill_or_not().plot()
    texts = [text.get_text() for text in figure.texts]
    assert texts[0] == "ill against control"
    assert "2 replicates" in texts[1]
    assert len(figure.axes) == 3


def test_futures_are_told_in_a_line() -> None:
    told = repr(ill_or_not())
    assert told == ("Futures(control, ill; 2 replicates, 2024-04-01 12:00 to 2024-04-02 12:00)")
