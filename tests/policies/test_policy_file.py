"""Policies as files: what is written is read, and what is spoilt is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.policies import card_file, policy_table, read_policy, write_policy
from tests.policies.policies import CARD, mode_policy


def test_a_policy_is_read_as_it_was_written(tmp_path: Path) -> None:
    policy, file = mode_policy(), tmp_path / "made" / "mode.parquet"
    write_policy(policy, file)
    again = read_policy(file)
    assert (again.prompt, again.dimensions, again.answers, again.card) == (
        policy.prompt,
        policy.dimensions,
        policy.answers,
        CARD,
    )
    for name in ("level", "cell", "given", "moments", "starts", "answer", "probability"):
        assert (getattr(again, name) == getattr(policy, name)).all()
    assert sorted(one.name for one in file.parent.iterdir()) == ["mode.json", "mode.parquet"]


def test_the_table_and_the_card_can_be_read_by_people(tmp_path: Path) -> None:
    file = tmp_path / "mode.parquet"
    write_policy(mode_policy(), file)
    first = pq.read_table(file).to_pylist()[0]
    assert (first["car"], first["distance"], first["answer"]) == ("no", "below 1 km", "car")
    last = pq.read_table(file).to_pylist()[-1]
    assert (last["car"], last["distance"], last["answer"]) == ("any", "any", "walk")
    card = json.loads(card_file(file).read_text(encoding="utf-8"))
    assert (card["prompt"], card["card"]["model"]) == ("mode", "scripted")
    assert "2 of 2 cells that occur (8 possible) by scripted" in str(CARD)


def test_a_file_that_is_missing_or_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"there is no policy .*mesa-llm-city compile"):
        read_policy(tmp_path / "none.parquet")
    (tmp_path / "text.parquet").write_text("no")
    with pytest.raises(DataError, match="is no Parquet file"):
        read_policy(tmp_path / "text.parquet")
    pq.write_table(pa.table({"a": [1]}), tmp_path / "other.parquet")
    with pytest.raises(DataError, match="it holds no policy"):
        read_policy(tmp_path / "other.parquet")


def test_a_policy_that_was_changed_by_hand_is_refused(tmp_path: Path) -> None:
    table = policy_table(mode_policy())
    at = table.column_names.index("probability")
    spoilt = table.set_column(at, "probability", pa.array(np.full(table.num_rows, 0.9)))
    pq.write_table(spoilt, tmp_path / "mode.parquet")
    with pytest.raises(DataError, match="the probabilities of a cell do not sum to 1"):
        read_policy(tmp_path / "mode.parquet")


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("answers", [1.5], "answers"),
        ("dimensions", [{"name": "car"}], "dimensions.0.axes: Field required"),
        ("card", {}, "card.model: Field required"),
        ("prompt", None, "prompt: Input should be a valid string"),
        ("answers", ["walk"], "the answers ['car', 'train'] are not in its list"),
    ],
)
def test_what_a_policy_says_of_itself_is_checked(
    tmp_path: Path, key: str, value: object, told: str
) -> None:
    table = policy_table(mode_policy())
    head = json.loads(table.schema.metadata[b"mesa_llm_city.policy"]) | {key: value}
    other = table.replace_schema_metadata({b"mesa_llm_city.policy": json.dumps(head).encode()})
    pq.write_table(other, tmp_path / "mode.parquet")
    with pytest.raises(DataError, match=re.escape(told)):
        read_policy(tmp_path / "mode.parquet")


def test_columns_of_another_kind_are_listed(tmp_path: Path) -> None:
    table = policy_table(mode_policy()).drop_columns(["cell"])
    at = table.column_names.index("given")
    table = table.set_column(at, "given", pa.nulls(table.num_rows))
    pq.write_table(table, tmp_path / "mode.parquet")
    with pytest.raises(DataError, match=r"(?s)'cell' is missing.*'given' must hold whole numbers"):
        read_policy(tmp_path / "mode.parquet")


def test_a_format_of_another_version_is_refused(tmp_path: Path) -> None:
    table = policy_table(mode_policy())
    head = json.loads(table.schema.metadata[b"mesa_llm_city.policy"]) | {"format": 99}
    other = table.replace_schema_metadata({b"mesa_llm_city.policy": json.dumps(head).encode()})
    pq.write_table(other, tmp_path / "mode.parquet")
    with pytest.raises(DataError, match="its format is 99, and this version reads 1"):
        read_policy(tmp_path / "mode.parquet")
