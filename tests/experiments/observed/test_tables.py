"""Observed tables: spellings that are read, and what is said of those that cannot be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.experiments.observed import Observed
from mesa_llm_city.experiments.observed.counts import read_counts
from mesa_llm_city.experiments.observed.departures import DepartureCurve, read_departures
from mesa_llm_city.experiments.observed.modes import DistanceBand, read_modes
from mesa_llm_city.experiments.observed.popularity import read_popularity
from mesa_llm_city.experiments.observed.respondents import Respondents
from mesa_llm_city.experiments.observed.time_use import read_time_use
from mesa_llm_city.parameters import CityParameters


def _file(folder: Path, *lines: str, name: str = "table") -> Path:
    file = folder / f"{name}.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


class TestTimeUse:
    def test_a_table_as_the_american_survey_publishes_it(self, tmp_path: Path) -> None:
        rows = (
            "all diary days,female,75+,not_employed,personal_care,600,1,500",
            "all diary days,female,75+,not_employed,sleep,570,1,500",
            "all diary days,female,75+,not_employed,household_chores,240,.9,500",
            "all diary days,female,75+,not_employed,travel,60,.5,500",
        )
        head = "day,sex,age,employment,activity,mean_minutes_per_day,share_doing,n"
        found = read_time_use(_file(tmp_path, head, *rows))
        assert found.groups == ("sleep and care", "housework", "travel", "other")
        (cell,) = found.cells
        assert cell.respondents == Respondents("female", (75, 200), "none", "all", "all")
        assert str(cell.respondents) == "female, 75+, not employed"
        assert cell.minutes.tolist() == [600.0, 240.0, 60.0, 540.0]
        assert cell.weekend_share == pytest.approx(2 / 7)
        assert cell.n == 500
        assert "left out, being parts of others: sleep" in found.source.notes

    def test_a_table_as_european_surveys_publish_it(self, tmp_path: Path) -> None:
        rows = (
            "Women;30 to 44;weekdays;Sleep;8:44",
            "Women;30 to 44;weekdays;Eating;2:02",
            "Women;30 to 44;weekdays;Household and family care;13:14",
        )
        found = read_time_use(_file(tmp_path, "sex;age;day;activity;minutes", *rows))
        assert found.cells[0].minutes.tolist()[:2] == [524.0, 794.0]
        assert found.cells[0].respondents.ages == (30, 44)

    def test_groups_that_an_activity_mixes_are_compared_as_one(self, tmp_path: Path) -> None:
        rows = ("sleep+eating,700", "work,300", "leisure,440")
        found = read_time_use(_file(tmp_path, "activity,mean_min", *rows))
        assert found.groups[0] == "sleep and care + meals"
        assert found.column("meals") == found.column("sleep") == 0
        assert found.column("sports") == found.groups.index("other")

    def test_days_that_are_too_long_name_whom_they_are_about(self, tmp_path: Path) -> None:
        rows = ("15-24,sleep,600", "15-24,leisure,901", "25+,sleep,600", "25+,leisure,840")
        with pytest.raises(DataError, match="15-24: activities add up to 1,501 min"):
            read_time_use(_file(tmp_path, "age,activity,mean_min", *rows))

    def test_all_defects_are_listed_with_their_rows(self, tmp_path: Path) -> None:
        rows = ("men,15-24,slep,600", "boys,15-24,work,-5", "men,old,work,many")
        with pytest.raises(DataError) as caught:
            read_time_use(_file(tmp_path, "sex,age,activity,mean_min", *rows))
        told = str(caught.value)
        assert "row 2, activity: activity 'slep' is not known; did you mean 'sleep'?" in told
        assert "row 3, sex: 'boys' is not known; accepted are all, male, female" in told
        assert "row 3, mean_min: it must be from 0 to 1500" in told
        assert "row 4, age: it must be all, or like 25-34, 75+ or 30" in told
        assert "row 4, mean_min: it is no number" in told

    def test_a_missing_row_and_a_repeated_one_are_defects(self, tmp_path: Path) -> None:
        rows = ("men,sleep,600", "men,work,840", "men,work,10", "women,sleep,600")
        with pytest.raises(DataError) as caught:
            read_time_use(_file(tmp_path, "sex,activity,mean_min", *rows))
        assert "work is there twice for male" in str(caught.value)
        assert "female: there is no row for work" in str(caught.value)

    def test_a_purpose_of_ones_own_is_a_group(self, tmp_path: Path) -> None:
        file = _file(tmp_path, "activity,mean_min", "worship,60", "sleep,1380")
        with pytest.raises(DataError, match="'worship' is not known"):
            read_time_use(file)
        assert "worship" in read_time_use(file, also=["worship"]).groups


class TestOthers:
    def test_hours_that_are_not_there_have_no_departures(self, tmp_path: Path) -> None:
        rows = ("working day,8,car,30", "working day,17,car,10")
        found = read_departures(_file(tmp_path, "day,hr,mode,trips", *rows))
        curve = found.curves[DepartureCurve("weekday", "all", "car")]
        assert (curve[8], curve[17], curve.sum()) == (0.75, 0.25, 1.0)

    def test_departures_need_whole_hours(self, tmp_path: Path) -> None:
        with pytest.raises(DataError, match="a whole number from 0 to 23"):
            read_departures(_file(tmp_path, "hour,trips", "8.5,1"))

    def test_modes_of_surveys_are_those_of_the_run(self, tmp_path: Path) -> None:
        rows = ("on foot,0.5,", "Public transport,0.25,", "car,0.25,")
        known = ("walk", "car", "bus", "train")
        found = read_modes(_file(tmp_path, "mode,share,to_km", *rows), known)
        assert found.modes == ("walk", "bus+train", "car")
        assert found.column_of("bus") == found.column_of("train") == 1
        assert found.shares[DistanceBand()].tolist() == [0.5, 0.25, 0.25]

    def test_a_mode_cannot_be_there_alone_and_with_others(self, tmp_path: Path) -> None:
        rows = ("bus,0.5", "transit,0.5")
        with pytest.raises(DataError, match="mode bus is there alone and together with others"):
            read_modes(_file(tmp_path, "mode,share", *rows), ("bus", "train", "walk"))

    def test_a_share_in_per_cent_must_say_so(self, tmp_path: Path) -> None:
        with pytest.raises(DataError, match="it must be from 0 to 1"):
            read_modes(_file(tmp_path, "mode,share", "walk,60", "car,40"), ("walk", "car"))

    def test_places_need_an_id_or_a_position(self, tmp_path: Path) -> None:
        with pytest.raises(DataError, match="row 3, id: there is neither an id nor lon and lat"):
            read_popularity(_file(tmp_path, "id,n_users,lon", "a,5,", ",6,13.4"))

    def test_counts_have_hours_throughout_or_not_at_all(self, tmp_path: Path) -> None:
        head = "lon,lat,count,hour"
        with pytest.raises(DataError, match="it is blank, and filled in other rows"):
            read_counts(_file(tmp_path, head, "1,2,3,8", "1,2,3,"))
        found = read_counts(_file(tmp_path, head, "1,2,3,", "1,2,3,"))
        assert not found.is_hourly
        assert np.isnan(found.hour).all()


class TestFolder:
    def test_all_tables_are_read_and_their_checksums_kept(self, tmp_path: Path) -> None:
        _file(tmp_path, "hour,trips", "8,1", name="departures")
        _file(tmp_path, "mode,share", "walk,0.5", "car,0.5", name="modes")
        found = Observed.read(tmp_path, CityParameters())
        assert [one.file for one in found.sources] == ["departures.csv", "modes.csv"]
        assert all(len(one.sha256) == 64 for one in found.sources)
        assert found.time_use is None

    def test_defects_of_all_tables_are_in_one_message(self, tmp_path: Path) -> None:
        _file(tmp_path, "hour,trips", "25,1", name="departures")
        _file(tmp_path, "mood,share", "walk,0.5", name="modes")
        with pytest.raises(DataError) as caught:
            Observed.read(tmp_path, CityParameters())
        assert "departures.csv, row 2, hour: it must be from 0 to 23" in str(caught.value)
        assert "modes.csv: there is no column mode; did you mean" in str(caught.value)

    def test_a_folder_without_tables_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(
            ConfigError, match=r"none of the observed tables: there is no time_use\.csv"
        ):
            Observed.read(tmp_path, CityParameters())
        with pytest.raises(ConfigError, match="is no folder"):
            Observed.read(tmp_path / "nowhere", CityParameters())
