"""Audits flag a row once, and reports raise everything at once or nothing."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.city.loading.audit import Audit, Report
from mesa_llm_city.core.errors import DataError


def test_a_cell_is_flagged_for_one_reason_and_a_row_for_each_of_its_cells() -> None:
    audit = Audit("a.csv", 2)
    audit.flag(np.array([True, False]), "lat", "is empty")
    audit.flag(np.array([True, True]), "lat", "is no number")
    audit.flag(np.array([True, False]), "lon", "is empty")
    assert audit.defects() == [
        "a.csv, row 2, lat: is empty",
        "a.csv, row 3, lat: is no number",
        "a.csv, row 2, lon: is empty",
    ]


def test_a_few_blank_rows_are_left_out_and_many_are_a_defect() -> None:
    few, many = Audit("a.csv", 40), Audit("a.csv", 40)
    few.leave_out(np.arange(40) < 2, "lon", "is empty")
    few.flag(np.arange(40) < 2, "lon", "is no number")
    many.leave_out(np.arange(40) < 3, "lon", "is empty")
    assert few.defects() == []
    assert few.notes() == ["a.csv: 2 rows left out: lon is empty"]
    assert few.good.sum() == 38
    assert len(many.defects()) == 3


def test_features_of_a_map_count_from_one() -> None:
    audit = Audit("a.gpkg", 1, first_row=1)
    audit.flag(np.array([True]), "geometry", lambda row: f"feature {row}")
    assert audit.defects() == ["a.gpkg, row 1, geometry: feature 0"]


def test_a_report_without_defects_is_silent() -> None:
    report = Report(drop_bad_rows=False)
    report.reading("a.csv")
    report.audit(Audit("a.csv", 3))
    report.close()


def test_a_report_says_what_to_do() -> None:
    report = Report(drop_bad_rows=False)
    report.reading("a.csv")
    audit = Audit("a.csv", 1)
    audit.flag(np.array([True]), "lat", "is empty")
    report.audit(audit)
    with pytest.raises(DataError, match="correct the rows named"):
        report.close()


def test_a_report_that_drops_rows_still_raises_for_whole_files() -> None:
    report = Report(drop_bad_rows=True)
    report.reading("a.csv")
    audit = Audit("a.csv", 1)
    audit.flag(np.array([True]), "lat", "is empty")
    report.audit(audit)
    report.close()
    assert report.notes == ("a.csv: 1 rows left out, such as row 2, lat: is empty",)
    report.add("a.csv: lacks a column")
    with pytest.raises(DataError, match="lacks a column"):
        report.close()
