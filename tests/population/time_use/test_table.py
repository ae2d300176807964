"""Tables of time use: built-in ones, files that tell a part, and changes that keep 24 hours."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import TimeUseTable, time_use_table


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "mine.csv"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("name", ["neutral", "us"])
def test_the_minutes_of_every_cell_of_a_built_in_table_fill_a_day(name: str) -> None:
    table = TimeUseTable.builtin(name)
    assert np.allclose(table.mean_min.sum(axis=-1), 1440.0)
    assert ((table.share_doing >= 0.0) & (table.share_doing <= 1.0)).all()
    assert table.share_doing.shape == (2, len(table.ages), 3, 3, 3, 14)


def test_american_mothers_of_small_children_care_for_them_longer_than_fathers() -> None:
    us = TimeUseTable.builtin("us")
    here = {
        sex: us.cells(
            sex=sex,
            age="25-34",
            employment="full",
            youngest_child="0-5",
            day="weekday",
            activity="care_of_household",
        )
        for sex in ("female", "male")
    }
    minutes = {sex: us.mean_min[cell].item() for sex, cell in here.items()}
    assert minutes["female"] > 1.3 * minutes["male"] > 50.0


def test_the_spread_between_all_person_days_follows_from_share_and_spread_of_the_doers() -> None:
    table = TimeUseTable.builtin("neutral")
    cell = table.cells(sex="male", age="35-44", employment="none", youngest_child="none")
    cell &= table.cells(day="weekday", activity="shopping")
    share, mean, sd = (
        one[cell].item() for one in (table.share_doing, table.doers_min, table.doers_sd_min)
    )
    # E x^2 - (E x)^2 of a mixture with zeros.
    expected = np.sqrt(share * (sd**2 + mean**2) - (share * mean) ** 2)
    assert table.sd_min[cell].item() == pytest.approx(expected)


def test_a_row_that_tells_more_holds_and_the_base_fills_the_rest(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "sex,age,activity,share_doing,doers_min\n"
        "female,all,sport,0.5,60\n"
        ",,sport,0.25,60\n"
        "all,18-29,sport,0.4,60\n",
    )
    table, neutral = TimeUseTable.read(file), TimeUseTable.builtin("neutral")
    share = {
        who: set(table.share_doing[table.cells(sex=who[0], age=who[1], activity="sport")].tolist())
        for who in (("female", "35-44"), ("male", "35-44"), ("male", "25-29"))
    }
    assert share[("female", "35-44")] == {0.5}
    assert share[("male", "35-44")] == {0.25}
    assert share[("male", "25-29")] == {0.4}
    assert [one.label for one in table.ages][3:6] == ["18-19", "20-24", "25-29"]
    eating = {"age": "75+", "activity": "eating"}
    assert np.allclose(
        table.share_doing[table.cells(**eating)], neutral.share_doing[neutral.cells(**eating)]
    )
    assert np.allclose(table.mean_min.sum(axis=-1), 1440.0)


def test_a_bad_file_is_refused_with_all_its_defects(tmp_path: Path) -> None:
    file = written(
        tmp_path, "activity,age,share_doing\nsleeping,old,0.5\nsleep,25-34,1.5\neating,all,\n"
    )
    with pytest.raises(DataError) as caught:
        TimeUseTable.read(file)
    told = str(caught.value)
    assert "did you mean 'sleep'" in told
    assert "ages like 25-34" in told
    assert "from 0 to 1" in told


def test_a_column_that_no_table_has_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="column minutes is unknown"):
        TimeUseTable.read(written(tmp_path, "activity,minutes\nsleep,400\n"))


def test_an_update_is_cut_and_closed_to_24_hours() -> None:
    table = TimeUseTable.builtin("neutral")
    cell = table.cells(sex="male", age="35-44", employment="full", youngest_child="none")
    sport = cell & table.cells(day="saturday", activity="sport")
    more = table.updated(sport, share=1.2, doers_min=2.0 * table.doers_min[sport])
    assert more.share_doing[sport].item() == 1.0
    assert np.allclose(more.mean_min.sum(axis=-1), 1440.0)
    # Relative spread stays as it was.
    ratio = table.doers_sd_min[sport] / table.doers_min[sport]
    assert more.doers_sd_min[sport] / more.doers_min[sport] == pytest.approx(ratio)
    others = table.cells(sex="female")
    assert np.array_equal(more.doers_min[others], table.doers_min[others])


def test_a_written_table_is_read_again(tmp_path: Path) -> None:
    table = TimeUseTable.builtin("neutral")
    changed = table.updated(table.cells(activity="sport"), share=0.5)
    changed.write(tmp_path / "out.csv")
    again = TimeUseTable.read(tmp_path / "out.csv")
    assert np.allclose(again.mean_min, changed.mean_min, rtol=1e-3, atol=0.2)


def test_cells_that_do_not_exist_are_refused() -> None:
    table = TimeUseTable.builtin("neutral")
    with pytest.raises(ConfigError, match="there is no 'sleeping'"):
        table.cells(activity="sleeping")
    with pytest.raises(ConfigError, match="no dimension 'gender'"):
        table.cells(gender="female")
    with pytest.raises(ConfigError, match="no group lies within '36-40'"):
        table.cells(age="36-40")


def test_there_are_two_built_in_tables() -> None:
    with pytest.raises(ConfigError, match="did you mean 'us'"):
        TimeUseTable.builtin("usa")
    assert time_use_table("none") is None
    assert time_use_table("us") is time_use_table("us")


def test_a_file_starts_from_the_folder_of_the_parameters_that_name_it(tmp_path: Path) -> None:
    written(tmp_path, "activity,share_doing\nsport,0.5\n")
    parameters = tmp_path / "city.toml"
    parameters.write_text('[population.time_use]\ntable = "mine.csv"\n', encoding="utf-8")
    named = CityParameters.read(parameters).population.time_use.table
    assert Path(named) == tmp_path / "mine.csv"
    table = time_use_table(named)
    assert table is not None
    assert set(table.share_doing[table.cells(activity="sport")].tolist()) == {0.5}
