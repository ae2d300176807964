"""Weather tables are read whole, or refused with every reason."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from mesa_llm_city.city.environment import Environment
from mesa_llm_city.core.errors import ConfigError, DataError


def written(folder: Path, text: str) -> Path:
    (folder / "weather.csv").write_text("time,temperature_c,rain_mm_h\n" + text)
    return folder / "weather.csv"


def refusal(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        Environment.from_table(path)
    return str(caught.value)


def test_rows_hold_until_the_next(tmp_path: Path) -> None:
    path = written(tmp_path, "2024-04-01 00:00,9,0\n2024-04-01 01:00,8,0.5\n")
    world = Environment.from_table(path)
    assert world.weather_at(datetime.fromisoformat("2024-04-01 00:30")).temperature_c == 9.0
    assert world.weather_at(datetime.fromisoformat("2024-04-01 01:30")).is_wet


def test_rows_that_are_not_sorted_are_refused(tmp_path: Path) -> None:
    message = refusal(
        written(tmp_path, "2024-04-01 01:00,8,0\n2024-04-01 00:00,9,0\n2024-04-01 02:00,9,0\n")
    )
    assert "has 1 defect" in message
    assert "row 3, time: '2024-04-01 00:00' is earlier than a row above; sort them" in message
    # There is no option for this, since a gap in the weather would end the run.
    assert "bad_rows" not in message


def test_values_that_are_missing_are_refused(tmp_path: Path) -> None:
    message = refusal(written(tmp_path, "2024-04-01 00:00,nan,0\n2024-04-01 01:00,9,NaN\n"))
    assert "row 2, temperature_c: '' is no number" in message
    assert "row 3, rain_mm_h: '' is no number" in message


@pytest.mark.parametrize("cell", ["", "inf", "-inf", "warm", "1e999", "288.15", "9 C"])
def test_a_temperature_that_is_no_number_or_impossible_is_quoted(tmp_path: Path, cell: str) -> None:
    message = refusal(written(tmp_path, f"2024-04-01 00:00,{cell},0\n"))
    assert f"row 2, temperature_c: {cell!r} is no number from -90 to 60 degrees Celsius" in message


@pytest.mark.parametrize("cell", ["", "inf", "heavy", "-0.1", "1e6"])
def test_rain_that_is_no_number_or_impossible_is_quoted(tmp_path: Path, cell: str) -> None:
    message = refusal(written(tmp_path, f"2024-04-01 00:00,9,{cell}\n"))
    assert f"row 2, rain_mm_h: {cell!r} is no number from 0 to 500 mm/h" in message


def test_parquet_with_real_times_is_read(tmp_path: Path) -> None:
    times = pd.date_range("2024-04-01", periods=3, freq="h")
    frame = pd.DataFrame({"time": times, "temperature_c": [1.0, 2.0, 3.0], "rain_mm_h": 0.0})
    frame.to_parquet(tmp_path / "weather.parquet")
    world = Environment.from_table(tmp_path / "weather.parquet")
    assert world.weather_at(datetime.fromisoformat("2024-04-01 02:00")).temperature_c == 3.0


def test_every_defect_is_listed(tmp_path: Path) -> None:
    message = refusal(
        written(
            tmp_path,
            "2024-04-01 00:00,9,0\n2024-04-01 00:00,9,0\nnoon,9,0\n2024-04-01T00:00Z,9,0\n"
            "2024-04-01 01:00,hot,0\n2024-04-01 02:00,9,-1\n",
        )
    )
    for defect in (
        "row 3, time: '2024-04-01 00:00' stands in an earlier row",
        "row 4, time: 'noon' is no naive time",
        "row 5, time: '2024-04-01T00:00Z' is no naive time",
        "row 6, temperature_c",
        "row 7, rain_mm_h: '-1' is no number from 0",
    ):
        assert defect in message


def test_missing_columns_files_and_rows_are_named(tmp_path: Path) -> None:
    (tmp_path / "half.csv").write_text("time\n2024-04-01\n")
    assert "lacks temperature_c, rain_mm_h" in refusal(tmp_path / "half.csv")
    assert "there is no such file" in refusal(tmp_path / "none.csv")
    assert "has no rows" in refusal(written(tmp_path, ""))


def test_a_data_frame_is_a_table_too() -> None:
    times = pd.date_range("2024-04-01", periods=3, freq="h")
    frame = pd.DataFrame({"time": times, "temperature_c": [1.0, 2.0, 3.0], "rain_mm_h": 0.0})
    world = Environment.from_table(frame)
    assert world.weather_at(datetime.fromisoformat("2024-04-01 02:00")).temperature_c == 3.0
    with pytest.raises(DataError, match=r"the table of weather, row 3, time: .* earlier"):
        Environment.from_table(frame.iloc[::-1])
    with pytest.raises(ConfigError, match=r"the path of a file or a pandas\.DataFrame, got None"):
        Environment.from_table(None)  # type: ignore[arg-type]


def test_lines_above_the_header_are_one_defect(tmp_path: Path) -> None:
    path = tmp_path / "weather.csv"
    rows = "".join(f"2024-04-01 {hour:02d}:00,9,0\n" for hour in range(24))
    head = "latitude,longitude,elevation,zone\n52.5,13.4,38,CEST\n\n"
    path.write_text(f"{head}time,temperature_c,rain_mm_h\n{rows}")
    message = refusal(path)
    assert "line 4: the row has 3 cells, the header 4 (so in 25 of 26 rows)" in message
    assert "line 5" not in message


def test_wind_and_warnings_are_read_where_there_are_columns_for_them(tmp_path: Path) -> None:
    path = tmp_path / "storm.csv"
    path.write_text("time,temperature_c,rain_mm_h,wind_km_h,warning\n2024-04-01 00:00,9,0,80.5,3\n")
    found = Environment.from_table(path).weather_at(datetime.fromisoformat("2024-04-01 00:30"))
    assert (found.wind_km_h, found.warning) == (80.5, 3)
    without = Environment.from_table(written(tmp_path, "2024-04-01 00:00,9,0\n"))
    calm = without.weather_at(datetime.fromisoformat("2024-04-01 00:30"))
    assert (calm.wind_km_h, calm.warning) == (0.0, 0)


@pytest.mark.parametrize(("wind", "level"), [("-1", "0"), ("strong", "0"), ("9", "5")])
def test_wind_and_warnings_that_are_impossible_are_refused(
    tmp_path: Path, wind: str, level: str
) -> None:
    path = tmp_path / "storm.csv"
    path.write_text(
        f"time,temperature_c,rain_mm_h,wind_km_h,warning\n2024-04-01 00:00,9,0,{wind},{level}\n"
    )
    assert "row 2" in refusal(path)
