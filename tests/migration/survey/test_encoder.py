"""The encoder: fitted on training rows only, the same after JSON, with missing values shown."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.encoded_columns import TextColumn, signed_log
from mesa_llm_city.migration.survey.encoder import Encoder
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.migration.survey.table import SurveyTable
from tests.migration.schemas import binary_schema

AGE = Column(name="age", kind="number", label="Age")
WAGE = Column(name="wage", kind="number", label="Wage", money=True)
WORK = Column(name="work", kind="category", label="Work", codes={0: "no", 1: "yes"})
NOTE = Column(name="note", kind="text", label="Note")
SCHEMA = binary_schema(features=(AGE, WAGE, WORK, NOTE), target="y", positive="y", group="home")
NAN = float("nan")


def _table(
    *,
    age: list[float],
    wage: list[float] | None = None,
    work: list[float] | None = None,
    target: list[int] | None = None,
    group: list[object] | None = None,
) -> SurveyTable:
    count = len(age)
    frame = pd.DataFrame(
        {"age": age, "wage": wage or [0.0] * count, "work": work or [1.0] * count, "note": "x"}
    )
    return SurveyTable(
        frame=frame,
        target=np.array(target or [0, 1] * (count // 2), dtype=np.int8),
        group=None if group is None else np.array(group),
        schema=SCHEMA,
    )


def _column(encoder: Encoder, table: SurveyTable, name: str) -> NDArray[np.float32]:
    return encoder.transform(table)[:, encoder.names.index(name)]


def test_numbers_are_standardised_by_the_training_rows() -> None:
    encoder = Encoder().fit(_table(age=[20.0, 40.0]))
    assert _column(encoder, _table(age=[20.0, 50.0]), "age").tolist() == [-1.0, 2.0]


def test_money_is_encoded_by_its_signed_logarithm() -> None:
    wage = [-1e4, 0.0, 1e4, 1e8]
    seen = _column(Encoder().fit(_table(age=[1.0] * 4, wage=wage)), _table(age=[1.0] * 4), "wage")
    logged = signed_log(np.array(wage))
    assert seen[0] == pytest.approx(-logged.mean() / logged.std())


@given(st.floats(-1e12, 1e12))
def test_the_signed_logarithm_is_odd_and_increasing(value: float) -> None:
    one, other, more = signed_log(np.array([value, -value, value + abs(value) + 1.0]))
    assert one == -other
    assert more > one


def test_numbers_are_clipped_at_6_standard_deviations() -> None:
    encoder = Encoder().fit(_table(age=[20.0, 40.0]))
    assert _column(encoder, _table(age=[1e9, -1e9]), "age").tolist() == [6.0, -6.0]


def test_a_constant_column_is_encoded_as_0() -> None:
    table = _table(age=[30.0, 30.0])
    assert _column(Encoder().fit(table), table, "age").tolist() == [0.0, 0.0]


def test_missing_values_are_shown_or_imputed() -> None:
    train = _table(age=[20.0, 30.0, 70.0, NAN], work=[0.0, 1.0, 1.0, NAN])
    blank = _table(age=[NAN, 30.0], work=[NAN, 1.0])
    shown, filled = Encoder("indicator").fit(train), Encoder("impute").fit(train)
    assert shown.names == (
        *("age", "age: missing", "wage", "wage: missing"),
        *("work: no", "work: yes", "work: missing"),
    )
    assert filled.names == ("age", "wage", "work: no", "work: yes")
    assert shown.transform(blank)[:, [1, 4, 5, 6]].tolist() == [[1, 0, 0, 1], [0, 0, 1, 0]]
    assert np.array_equal(*filled.transform(blank))  # the median, the most frequent


def test_an_unknown_code_is_0_in_all_columns() -> None:
    encoder = Encoder("impute").fit(_table(age=[1.0, 2.0]))
    wider = replace(SCHEMA, columns=(AGE, WAGE, replace(WORK, codes={0: "", 1: "", 2: ""}), NOTE))
    table = replace(_table(age=[1.0, 2.0], work=[2.0, 1.0]), schema=wider)
    assert encoder.transform(table)[:, 2:].tolist() == [[0.0, 0.0], [0.0, 1.0]]


def test_encoding_does_not_change_the_encoder() -> None:
    train, test = synthetic_survey(300, seed=1), synthetic_survey(100, seed=2)
    encoder = Encoder(household_mean=True).fit(train)
    all_at_once = encoder.transform(test)
    one_by_one = [encoder.transform(test.take([row])) for row in range(100)]
    assert np.array_equal(all_at_once, np.concatenate(one_by_one))
    flipped = replace(test, target=(1 - test.target).astype(np.int8))
    assert np.array_equal(encoder.transform(flipped), all_at_once)


@pytest.mark.parametrize("missing", ["indicator", "impute"])
@pytest.mark.parametrize("household_mean", [False, True])
def test_an_encoder_restored_from_json_encodes_the_same(
    missing: str, *, household_mean: bool
) -> None:
    train, test = synthetic_survey(300, seed=1), synthetic_survey(100, seed=2)
    encoder = Encoder("indicator" if missing == "indicator" else "impute", household_mean)
    encoder.fit(train)
    again = Encoder.from_state(json.loads(json.dumps(encoder.state(), allow_nan=False)))
    assert again.names == encoder.names
    assert again.uses_household_labels is household_mean
    for encode in ("transform", "transform_training"):
        rows = train if encode == "transform_training" else test
        one, other = getattr(encoder, encode)(rows), getattr(again, encode)(rows)
        assert one.dtype == np.float32
        assert one.shape == (len(rows), len(encoder.names))
        assert np.isfinite(one).all()
        assert np.array_equal(one, other)


def test_the_household_mean_uses_other_members_only() -> None:
    train = _table(age=[1.0] * 4, target=[1, 1, 0, 0], group=[7, 7, 7, 8])
    encoder = Encoder(household_mean=True).fit(train)
    own, new = encoder.transform_training(train)[:, -2:], encoder.transform(train)[:, -2:]
    # (s + b) / (n + 1) - b with b = 1/2, of the others in training and of all of them.
    assert own[:, 0] == pytest.approx([0.0, 0.0, 1 / 3, 0.0])
    assert new[:, 0] == pytest.approx([0.125, 0.125, 0.125, -0.25])
    assert np.expm1(own[:, 1]) == pytest.approx([2, 2, 2, 0])


@pytest.mark.slow
@given(st.integers(0, 39))
def test_the_household_mean_never_uses_the_own_label(row: int) -> None:
    train = synthetic_survey(40, seed=5)
    flipped = train.target.copy()
    flipped[row] = 1 - flipped[row]
    seen = [
        Encoder(household_mean=True).fit(table).transform_training(table)[row, -2:]
        for table in (train, replace(train, target=flipped))
    ]
    # Only the base rate changes, by 1/40; the household mean is relative to it.
    assert np.abs(seen[0] - seen[1]).max() <= 1 / 40


def test_households_match_as_numbers_and_as_text() -> None:
    train = _table(age=[1.0, 2.0], target=[1, 0], group=[7, 8])
    texts = _table(age=[1.0, 2.0], target=[1, 0], group=["7", "9"])
    encoder = Encoder(household_mean=True).fit(train)
    columns = encoder.transform(texts)[:, -2:]
    assert columns[0, 0] > 0.0
    assert columns[1].tolist() == [0.0, 0.0]
    nobody = encoder.transform(replace(texts, group=None))[:, -2:]
    assert nobody.tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_training_rows_must_have_been_fitted_on() -> None:
    encoder = Encoder(household_mean=True).fit(_table(age=[1.0, 2.0], group=[7, 8]))
    with pytest.raises(DataError, match="such as of household 9, were not fitted on"):
        encoder.transform_training(_table(age=[1.0, 2.0], group=[7, 9]))


def test_without_household_mean_labels_are_not_used() -> None:
    train = synthetic_survey(100, seed=1)
    encoder = Encoder().fit(train)
    assert not encoder.uses_household_labels
    assert np.array_equal(encoder.transform_training(train), encoder.transform(train))


def test_an_encoder_must_be_fitted_and_restored_from_its_state() -> None:
    with pytest.raises(ConfigError, match="missing must be one of indicator, impute"):
        Encoder("mean")  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="the encoder is not fitted"):
        Encoder().transform(_table(age=[1.0, 2.0]))
    with pytest.raises(DataError, match="column age is missing in every row"):
        Encoder().fit(_table(age=[NAN, NAN]))
    with pytest.raises(DataError, match="the label is 1 in all 2 rows"):
        Encoder().fit(_table(age=[1.0, 2.0], target=[1, 1]))
    with pytest.raises(ConfigError, match="household_mean needs households"):
        Encoder(household_mean=True).fit(_table(age=[1.0, 2.0]))
    with pytest.raises(DataError, match="not that of an encoder"):
        Encoder.from_state({"missing": "impute"})


def test_a_table_without_a_feature_is_an_error() -> None:
    encoder = Encoder().fit(_table(age=[1.0, 2.0]))
    table = _table(age=[1.0, 2.0])
    fewer = replace(SCHEMA, columns=(AGE, WORK, NOTE))
    with pytest.raises(DataError, match="column wage is missing"):
        encoder.transform(replace(table, frame=table.frame.drop(columns="wage"), schema=fewer))


def test_words_are_counted_by_their_hash() -> None:
    column = TextColumn(name="note", bins=8)
    encoded = column.encode(np.array(["Farm, farm!", None, "mine farm"], dtype=object))
    assert encoded.shape == (3, 8)
    assert encoded[0].max() == pytest.approx(np.log(3.0))
    assert not encoded[1].any()
    assert encoded[2, int(encoded[0].argmax())] > 0.0


def test_ordered_codes_and_dates_are_numbers() -> None:
    health = Column(name="h", kind="ordered", label="Health", codes={"bad": "", "good": ""})
    born = Column(name="b", kind="date", label="Born")
    late = Column(name="z", kind="number", label="Later", after_outcome=True)
    schema = binary_schema(features=(health, born, late))
    frame = pd.DataFrame({"h": [0.0, 1.0], "b": [-10.0, 10.0], "z": [1.0, 2.0]})
    table = SurveyTable(frame=frame, target=np.array([0, 1], np.int8), group=None, schema=schema)
    encoder = Encoder("impute").fit(table)
    assert encoder.names == ("h", "b")
    assert encoder.transform(table).tolist() == [[-1.0, -1.0], [1.0, 1.0]]


def test_codes_of_few_rows_are_taken_as_one_and_told() -> None:
    job = Column(name="j", kind="category", label="Job", codes={1: "farm", 2: "mine", 3: "sea"})
    schema = binary_schema(features=(job,))
    values = np.array([1.0] * 40 + [2.0] * 5 + [3.0] * 5)
    table = SurveyTable(
        frame=pd.DataFrame({"j": values}),
        target=(np.arange(50) % 2).astype(np.int8),
        group=None,
        schema=schema,
    )
    encoder = Encoder("impute").fit(table)
    assert encoder.notes == (
        "j: 2 codes of fewer than 20 rows are taken as one: mine (5 rows), sea (5 rows)",
    )
    encoded = Encoder.from_state(json.loads(json.dumps(encoder.state()))).transform(table)
    assert np.array_equal(encoded[40], encoded[49])
    assert not np.array_equal(encoded[0], encoded[49])
