"""Policies as files: a table in Parquet that carries its card, and the card beside it in JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import BaseModel, ValidationError

from mesa_llm_city.core.errors import CityError, DataError
from mesa_llm_city.core.text_files import is_file
from mesa_llm_city.policies.card import PolicyCard
from mesa_llm_city.policies.dimension import Dimension
from mesa_llm_city.policies.policy import Policy

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["card_file", "policy_of", "policy_table", "read_policy", "write_policy"]

_KEY, _FORMAT = b"mesa_llm_city.policy", 1
_WHOLE = ("level", "cell", "given", "moments")
_DROPPED = "any"


def write_policy(policy: Policy, file: str | Path) -> None:
    """Write a policy to a Parquet file, and its card as JSON beside it.

    Each row of the table is an answer in a cell: the bands of the cell in words (``any`` where
    the dimension is dropped), the answer and its probability, and how often the cell was
    answered and occurs. What is there before is replaced once all is written.

    Parameters
    ----------
    policy : Policy
        The policy.
    file : str or Path
        Such as ``policies/mode.parquet``; its folder is made.

    Raises
    ------
    DataError
        If it cannot be written.
    """
    import pyarrow.parquet as pq

    path, card = Path(file), card_file(file)
    text = json.dumps(_head(policy), indent=1, ensure_ascii=False)
    new, new_card = (one.with_name(f"{one.name}.new") for one in (path, card))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(policy_table(policy), new, compression="zstd")
        new_card.write_text(f"{text}\n", encoding="utf-8")
        new.replace(path)
        new_card.replace(card)
    except OSError as error:
        message = f"the policy cannot be written to {path}: {error.strerror or error}"
        raise DataError(message) from error


def card_file(file: str | Path) -> Path:
    """Return where the card of a policy lies, by the path of its table.

    Examples
    --------
    >>> card_file("policies/mode.parquet").as_posix()
    'policies/mode.json'
    """
    return Path(file).with_suffix(".json")


def read_policy(file: str | Path) -> Policy:
    """Read a policy that `write_policy` has written.

    Parameters
    ----------
    file : str or Path
        The Parquet file; the card beside it is for readers, and may be missing.

    Raises
    ------
    DataError
        If there is no such file, or it holds no policy; all that does not fit is listed.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = Path(file)
    if not is_file(path):
        message = f"there is no policy {path}; make one with: mesa-llm-city compile"
        raise DataError(message)
    try:
        table = pq.read_table(path, partitioning=None)
    except (OSError, ValueError, pa.ArrowException) as error:
        message = f"{path} is no Parquet file ({f'{error} '.splitlines()[0]}); give a policy"
        raise DataError(message) from error
    try:
        return policy_of(table)
    except CityError as error:
        message = f"{path}: {error.message}"
        raise DataError(message) from error
    except UnicodeDecodeError as error:
        message = f"{path} holds text that is not UTF-8 ({error.reason}); compile it again"
        raise DataError(message) from error


def policy_table(policy: Policy) -> pa.Table:
    """Return a policy as a table of Arrow, with all there is to know of it (see `write_policy`)."""
    import pyarrow as pa

    entries = np.diff(policy.starts)
    columns: dict[str, Any] = {name: np.repeat(getattr(policy, name), entries) for name in _WHOLE}
    for name, labels in _words(policy).items():
        columns[name] = pa.array(np.repeat(labels, entries)).dictionary_encode()
    columns["answer"] = pa.array([policy.answers[one] for one in policy.answer.tolist()])
    columns["probability"] = policy.probability
    table = pa.table(columns)
    return table.replace_schema_metadata({_KEY: json.dumps(_head(policy)).encode()})


def policy_of(table: pa.Table) -> Policy:
    """Return the policy that a table of `policy_table` holds.

    Raises
    ------
    DataError
        If it holds none.
    """
    head = _head_of(table)
    _check_columns(table)
    unknown = set(table["answer"].to_pylist()) - set(head.answers)
    if unknown:
        message = f"the answers {sorted(unknown)[:3]} are not in its list; compile it again"
        raise DataError(message)
    return _of_parts(table, head)


def _check_columns(table: pa.Table) -> None:
    import pyarrow as pa

    kinds = {
        **dict.fromkeys(_WHOLE, (pa.types.is_integer, "whole numbers")),
        "answer": (pa.types.is_string, "texts"),
        "probability": (pa.types.is_floating, "numbers"),
    }
    defects = []
    for name, (is_kind, words) in kinds.items():
        if name not in table.column_names:
            defects.append(f"the column {name!r} is missing")
        elif not is_kind(table[name].type) or table[name].null_count:
            defects.append(f"the column {name!r} must hold {words}, none missing")
    if defects:
        source = "the table of the policy"
        raise DataError.listing(source, defects, advice="compile it again")


def _of_parts(table: pa.Table, head: _Head) -> Policy:
    whole = {name: table[name].to_numpy().astype(np.int64) for name in _WHOLE}
    codes = {answer: code for code, answer in enumerate(head.answers)}
    first = np.ones(table.num_rows, dtype=np.bool_)
    for one in (whole["level"], whole["cell"]):
        first[1:] &= one[1:] == one[:-1]
    first[1:] = ~first[1:]
    starts = np.append(np.flatnonzero(first), table.num_rows)
    return Policy(
        prompt=head.prompt,
        dimensions=head.dimensions,
        answers=head.answers,
        starts=starts.astype(np.int64),
        answer=np.array([codes[one] for one in table["answer"].to_pylist()], dtype=np.int64),
        probability=table["probability"].to_numpy().astype(np.float64),
        card=head.card,
        **{name: values[starts[:-1]] for name, values in whole.items()},
    )


class _Head(BaseModel):
    """What a policy says of itself beside its table."""

    prompt: str
    dimensions: tuple[Dimension, ...]
    answers: tuple[str, ...]
    card: PolicyCard


def _head_of(table: pa.Table) -> _Head:
    metadata = table.schema.metadata or {}
    try:
        head = json.loads(metadata.get(_KEY, b""))
    except ValueError:
        head = None
    if not isinstance(head, dict):
        message = "it holds no policy; give a file that mesa-llm-city compile has written"
        raise DataError(message)
    if head.get("format") != _FORMAT:
        message = (
            f"its format is {head.get('format')!r}, and this version reads {_FORMAT}; "
            "compile it again, or use the version of the package that made it"
        )
        raise DataError(message)
    try:
        return _Head.model_validate(head)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(one) for one in first["loc"])
        message = f"what it says of itself is spoilt: {where}: {first['msg']}; compile it again"
        raise DataError(message) from error


def _head(policy: Policy) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        "prompt": policy.prompt,
        "dimensions": [one.to_json() for one in policy.dimensions],
        "answers": list(policy.answers),
        "card": policy.card.to_json(),
    }


def _words(policy: Policy) -> dict[str, Any]:
    """Return the band of each row in each dimension, in words."""
    dropped, words = 0, dict[str, Any]()
    left = policy.cell.copy()
    last = len(policy.dimensions) - 1
    for dropped, one in enumerate(reversed(policy.dimensions)):
        kept = policy.level <= dropped
        labels = np.array([*one.labels, _DROPPED])
        words[policy.dimensions[last - dropped].name] = labels[
            np.where(kept, left % one.size, one.size)
        ]
        left = np.where(kept, left // one.size, left)
    return {one.name: words[one.name] for one in policy.dimensions}
