"""Tables: reading, and the list of all defects by row and column."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.outcome import Outcome
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.migration.survey.table import SurveyTable, read_survey
from tests.migration.schemas import binary_schema

SCHEMA = binary_schema(
    features=(
        Column(name="age", kind="number", label="Age"),
        Column(name="work", kind="category", label="Work", codes={0: "no", 1: "yes"}),
        Column(name="lived", kind="text", label="Lived in"),
    ),
    target="returnee",
    positive="returnee",
    group="hhid",
)
GOOD = """age,work,lived,hhid,remark,returnee
35.0,1.0,A > B,2013024385,x,0.0
41,,"B > A, then C",7.0,,1
.,0,,7,,1.0
"""


def _written(folder: Path, text: str) -> Path:
    path = folder / "rows.csv"
    path.write_text(text, encoding="utf-8")
    return path


def _defects(path: Path) -> tuple[str, ...]:
    with pytest.raises(DataError) as error:
        read_survey(path, SCHEMA)
    return error.value.defects


def test_a_valid_file_is_read(tmp_path: Path) -> None:
    table = read_survey(_written(tmp_path, GOOD), SCHEMA)
    assert list(table.frame.columns) == ["age", "work", "lived"]
    assert np.array_equal(table.frame["age"], [35.0, 41.0, np.nan], equal_nan=True)
    assert np.array_equal(table.frame["work"], [1.0, np.nan, 0.0], equal_nan=True)
    assert table.frame["lived"].iloc[1] == "B > A, then C"
    assert table.frame["lived"].isna().tolist() == [False, False, True]
    assert table.target.dtype == np.int8
    assert table.target.tolist() == [0, 1, 1]
    assert table.group is not None
    assert table.group.tolist() == [2013024385, 7, 7]


def test_a_compressed_file_gives_the_same_table(tmp_path: Path) -> None:
    packed = tmp_path / "rows.csv.gz"
    packed.write_bytes(gzip.compress(GOOD.encode()))
    plain = read_survey(_written(tmp_path, GOOD), SCHEMA)
    assert read_survey(packed, SCHEMA).frame.equals(plain.frame)


def test_all_defects_are_listed(tmp_path: Path) -> None:
    rows = "\n".join(f"30,{code},,1,0" for code in [9] * 13)
    text = f"age,work,lived,hhid,returnee\nold,1,,,\ninf,1.5,,1,2\n{rows}\n"
    defects = _defects(_written(tmp_path, text))
    assert "row 2, column age: 'old'; give a finite number, or leave it blank" in defects
    assert "row 3, column age: 'inf'" in defects
    assert "row 3, column work: '1.5'; accepted codes are 0, 1, or blank" in defects
    assert "column work: ... and 4 more rows" in defects
    assert (
        "row 2, column returnee: ''; every row needs a label; accepted are 0, 1; "
        'missing = [""] of the outcome leaves such rows out'
    ) in defects
    assert "row 3, column returnee: '2'; accepted are 0, 1" in defects
    assert "row 2, column hhid: ''; every row needs a household" in defects
    assert len(defects) == 2 + 10 + 1 + 2 + 1


def test_missing_and_repeated_columns_are_listed(tmp_path: Path) -> None:
    defects = _defects(_written(tmp_path, "age,lived,hhid\n1,a,1\n"))
    assert defects == ("column work is missing", "column returnee is missing")
    assert "column work is missing; did you mean 'works'?" in _defects(
        _written(tmp_path, "age,works,lived,hhid,returnee\n1,2,a,1,0\n")
    )
    (defect,) = _defects(_written(tmp_path, "age,age,lived,hhid\n1,2,a,1\n"))
    assert "there are 2 columns age, which differ" in defect


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("rows.txt", b"age\n1\n", "column work is missing"),
        ("empty.csv", b"", "is empty"),
        ("latin.csv", "age\nZürich\n".encode("latin-1"), "row 2, column age: 'Zürich'"),
        ("ragged.csv", b"age,work\n1,2\n1,2,3,4,5\n", "line 3: the row has 5 cells"),
        ("plain.csv.gz", b"age\n1\n", "is no gzip file"),
        ("cut.csv.gz", gzip.compress(GOOD.encode() * 50, mtime=0)[:-20], "damaged or cut gzip"),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error(
    tmp_path: Path, name: str, content: bytes, problem: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=problem):
        read_survey(tmp_path / name, SCHEMA)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere\.csv: there is no such file"):
        read_survey(tmp_path / "nowhere.csv", SCHEMA)


def test_rows_to_predict_need_neither_label_nor_household(tmp_path: Path) -> None:
    table = read_survey(_written(tmp_path, "age,work,lived\n30,1,\n"), SCHEMA, labelled=False)
    assert table.target.tolist() == [-1]
    assert table.group is None


def test_households_are_text_if_one_is_no_number(tmp_path: Path) -> None:
    text = "age,work,lived,hhid,returnee\n1,1,,007,0\n1,1,, b ,1\n"
    table = read_survey(_written(tmp_path, text), SCHEMA)
    assert table.group is not None
    assert table.group.tolist() == ["007", "b"]


def test_rows_are_taken_by_position_and_by_mask() -> None:
    table = synthetic_survey(20, seed=1)
    some, masked = table.take([4, 2]), table.take(np.arange(20) < 3)
    assert some.target.tolist() == table.target[[4, 2]].tolist()
    assert some.frame["age"].tolist() == table.frame["age"].iloc[[4, 2]].tolist()
    assert some.frame.index.tolist() == [0, 1]
    assert len(masked) == 3
    assert len(table.take([])) == 0


def test_a_written_table_is_read_back_the_same(tmp_path: Path) -> None:
    table = synthetic_survey(200, seed=3, trajectory=True)
    table.to_frame().to_csv(tmp_path / "rows.csv", index=False)
    again = read_survey(tmp_path / "rows.csv", table.schema)
    pd.testing.assert_frame_equal(again.frame, table.frame)
    assert np.array_equal(again.target, table.target)
    assert np.asarray(again.group).tolist() == np.asarray(table.group).tolist()


def test_a_frame_of_numbers_is_checked_like_a_file() -> None:
    frame = pd.DataFrame({"age": [30, 31], "work": [True, None], "lived": ["A", None]})
    table = SurveyTable.from_frame(frame, SCHEMA, labelled=False)
    assert table.frame["age"].tolist() == [30.0, 31.0]
    assert np.array_equal(table.frame["work"], [1.0, np.nan], equal_nan=True)
    with pytest.raises(DataError, match=r"the rows has 1 defect"):
        SurveyTable.from_frame(frame.drop(columns="age"), SCHEMA, labelled=False, source="the rows")


def test_different_lengths_are_an_error() -> None:
    table = synthetic_survey(5, seed=1)
    with pytest.raises(DataError, match="there are 4 labels for 5 rows"):
        SurveyTable(
            frame=table.frame, target=table.target[:4], group=table.group, schema=table.schema
        )
    with pytest.raises(DataError, match="column age is missing"):
        SurveyTable(
            frame=table.frame.drop(columns="age"),
            target=table.target,
            group=None,
            schema=table.schema,
        )


def test_rows_that_no_model_can_be_trained_on_are_an_error() -> None:
    table = synthetic_survey(50, seed=1)
    table.check_trainable()
    with pytest.raises(DataError, match="the label is 1 in all"):
        table.take(table.target == 1).check_trainable()
    with pytest.raises(DataError, match="there are no rows"):
        table.take([]).check_trainable()
    unlabelled = SurveyTable.from_frame(table.frame, table.schema, labelled=False)
    with pytest.raises(DataError, match="50 of 50 rows have no label"):
        unlabelled.check_trainable()
    frame = table.frame.assign(wage=np.nan)
    blank = SurveyTable(frame=frame, target=table.target, group=None, schema=table.schema)
    with pytest.raises(DataError, match="column wage is missing in every row"):
        blank.check_trainable()


NEW_KINDS = Schema(
    columns=(
        Column(name="health", kind="ordered", label="Health", codes={"bad": "bad", "good": "good"}),
        Column(
            name="job",
            kind="category",
            label="Job",
            codes={"farm": "farm", "other": "other"},
            other="other",
        ),
        Column(name="born", kind="date", label="Born"),
        Column(name="income", kind="number", label="Income", missing=(-9, "refused")),
        Column(name="later", kind="number", label="Later", after_outcome=True),
        Column(name="home", kind="group", label="Household"),
        Column(name="w", kind="weight", label="Weight"),
        Column(name="wave", kind="period", label="Wave"),
    ),
    outcome=Outcome(
        name="moved",
        positive="return",
        codes={"stay": "stays", "return": "returns", "onward": "moves on"},
        missing=("unknown",),
    ),
)
ROWS = """health,job,born,income,later,home,w,wave,moved
Good,farm,1970-01-11,-9,1,1,0.5,2015,stay
 bad,mine,1969-12-31,refused,2,1,2,2015,return
good,forest,,300,3,2,1,2017,onward
bad,farm,2000-02-29,1,4,3,0,2017,unknown
"""


def test_each_kind_of_column_is_read_in_its_own_way(tmp_path: Path) -> None:
    table = read_survey(_written(tmp_path, ROWS), NEW_KINDS)
    assert table.frame["health"].tolist() == [1.0, 0.0, 1.0]
    assert table.frame["job"].tolist() == [0.0, 1.0, 1.0]
    assert np.array_equal(table.frame["born"], [10.0, -1.0, np.nan], equal_nan=True)
    assert np.array_equal(table.frame["income"], [np.nan, np.nan, 300.0], equal_nan=True)
    assert table.weight is not None
    assert table.weight.tolist() == [0.5, 2.0, 1.0]
    assert table.period is not None
    assert table.period.tolist() == [2015, 2015, 2017]
    assert table.outcome is not None
    assert table.outcome.tolist() == [0, 1, 2]
    assert table.target.tolist() == [0, 1, 0]


def test_what_was_changed_on_reading_is_told(tmp_path: Path) -> None:
    notes = read_survey(_written(tmp_path, ROWS), NEW_KINDS).notes
    assert notes == (
        "column job: 2 rows with the codes forest, mine are read as other",
        "1 row without moved is left out",
    )


def test_models_are_given_what_was_known_before_the_outcome() -> None:
    assert [one.name for one in NEW_KINDS.inputs] == ["health", "job", "born", "income"]


def test_texts_and_dates_are_written_as_they_were_read(tmp_path: Path) -> None:
    table = read_survey(_written(tmp_path, ROWS), NEW_KINDS)
    table.to_frame().to_csv(tmp_path / "again.csv", index=False)
    again = read_survey(tmp_path / "again.csv", NEW_KINDS)
    pd.testing.assert_frame_equal(again.frame, table.frame)
    assert np.array_equal(np.asarray(again.outcome), np.asarray(table.outcome))
    assert np.array_equal(np.asarray(again.weight), np.asarray(table.weight))


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        (("2,2015,return", ",2015,return"), "row 3, column w: ''; every row needs a weight"),
        (("2,2015,return", "-2,2015,return"), "a weight must be at least 0"),
        (("2,2015,return", "1e300,2015,return"), "a weight must be at most 1e+15"),
        (("1969-12-31", "31.12.69"), "row 3, column born: '31.12.69'; give a date such as"),
        (("stay", "fled"), "'fled'; accepted are stay, return, onward"),
        (("Good", "fine"), "'fine'; accepted codes are bad, good, or blank"),
    ],
)
def test_a_cell_of_another_kind_is_a_defect(
    cell: tuple[str, str], problem: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=re.escape(problem)):
        read_survey(_written(tmp_path, ROWS.replace(*cell)), NEW_KINDS)


@pytest.mark.parametrize("cell", [1, "1", 1.0, " 01", "1.0", True])
def test_a_code_is_the_same_however_it_is_written(cell: object) -> None:
    frame = pd.DataFrame({"age": [30], "work": [cell], "lived": ["A"]})
    assert SurveyTable.from_frame(frame, SCHEMA, labelled=False).frame["work"].tolist() == [1.0]
