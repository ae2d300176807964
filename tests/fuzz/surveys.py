"""Rows of a survey, and models that were trained on them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.migration import (
    Schema,
    SurveyTable,
    TabularModel,
    chfs,
    load_model,
    read_survey,
    synthetic_survey,
)
from mesa_llm_city.migration.models.checkpoint import saved_schema
from tests.fuzz.spoiling import spoil_arrays, spoil_file, spoil_frame, spoil_json
from tests.fuzz.trial import Family

_OFF = 1e-9


@cache
def _rows(count: int, seed: int) -> SurveyTable:
    return synthetic_survey(count, seed=seed)


def _make_survey(home: Path) -> None:
    _rows(40, 1).to_frame().to_csv(home / "rows.csv", index=False)
    (home / "schema.json").write_text(json.dumps(chfs().to_json()), encoding="utf-8")


def _spoil_survey(home: Path, random: Random) -> str:
    kind = random.randrange(4)
    if kind == 0:
        spoil_file(home / "rows.csv", random)
    elif kind == 1:
        path = home / "schema.json"
        content = spoil_json(json.loads(path.read_text(encoding="utf-8")), random)
        path.write_text(json.dumps(content), encoding="utf-8")
        if random.random() < 0.3:
            spoil_file(path, random)
    else:
        frame = spoil_frame(_rows(40, 1).to_frame(), random)
        data = frame.to_csv(index=False).encode("utf-8", "replace")
        (home / "rows.csv").write_bytes(data)
    return ("file", "schema", "cells", "cells")[kind]


def _use_survey(home: Path) -> Iterable[str]:
    from mesa_llm_city.migration.survey.shipped import read_schema

    schema = read_schema(home / "schema.json")
    table = read_survey(home / "rows.csv", schema)
    if not set(np.unique(table.target)) <= {0, 1}:
        yield f"labels {np.unique(table.target)}"
    for spec in table.schema.of_kind("number"):
        values = table.frame[spec.name].to_numpy(dtype=float)
        if np.isinf(values).any() or (np.abs(values[~np.isnan(values)]) > 1e15).any():
            yield f"{spec.name} beyond all measure"
    if schema == chfs():
        age = table.frame["age"]
        if not (age.isna() | age.between(0, 130)).all():
            yield f"ages from {age.min()} to {age.max()}"
    table.check_trainable()
    p = TabularModel("base_rate").fit(table).predict_proba(table)
    yield from _doubts(p)


def _make_tabular(home: Path) -> None:
    _tabular().save(home)


@cache
def _tabular() -> TabularModel:
    return TabularModel("logistic_regression").fit(_rows(300, 1), _rows(120, 2))


@cache
def _tabular_p() -> Float:
    return _tabular().predict_proba(_rows(20, 3))


def _spoil_tabular(home: Path, random: Random) -> str:
    config, arrays = home / "config.json", home / "model.npz"
    kind = random.randrange(4)
    if kind == 0:
        spoil_file(random.choice([config, arrays]), random)
    elif kind == 1:
        _spoil_record(config, random)
    elif kind == 2:
        (random.choice([config, arrays])).unlink()
    else:
        with np.load(arrays) as found:
            spoilt = spoil_arrays(dict(found), random)
        np.savez(arrays, **spoilt)  # type: ignore[arg-type]
        _sign(config, {"model.npz": arrays})
    return ("file", "record", "missing", "arrays")[kind]


def _use_tabular(home: Path) -> Iterable[str]:
    schema = saved_schema(home)
    is_signed = _is_signed(home / "config.json")
    if schema != (chfs() if is_signed else _without_ranges(chfs())):
        yield "a schema that was not saved"
    p = load_model(home).predict_proba(_rows(20, 3))
    yield from _doubts(p, _tabular_p() if is_signed else None)


def _spoil_record(config: Path, random: Random) -> None:
    record = json.loads(config.read_text(encoding="utf-8"))
    if random.random() < 0.5:
        record = _earlier(record)  # a value that was changed is then not noticed
    record = spoil_json(record, random)
    config.write_text(json.dumps(record), encoding="utf-8")


def _earlier(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record as an earlier version saved it: without a sum and without ranges."""
    schema = record.get("schema") or record["reader"]["schema"]
    for column in schema["columns"]:
        column.pop("least", None)
        column.pop("most", None)
    return {**{name: one for name, one in record.items() if name != "sha256"}, "format": 1}


def _without_ranges(schema: Schema) -> Schema:
    columns = (replace(one, least=None, most=None) for one in schema.columns)
    return replace(schema, columns=tuple(columns))


def _is_signed(config: Path) -> bool:
    return "sha256" in json.loads(config.read_text(encoding="utf-8-sig"))


def _sign(config: Path, files: dict[str, Path]) -> None:
    """Write the checksums of changed files into a record of an earlier version."""
    record = json.loads(config.read_text(encoding="utf-8"))
    record["files"] |= {name: sha256(file.read_bytes()).hexdigest() for name, file in files.items()}
    config.write_text(json.dumps(_earlier(record)), encoding="utf-8")


def _doubts(p: Float, expected: Float | None = None) -> Iterable[str]:
    if not (np.isfinite(p).all() and (p >= 0.0).all() and (p <= 1.0).all()):
        yield "probabilities that are none"
    elif expected is not None and not np.allclose(p, expected, atol=_OFF):
        yield "other probabilities"


def _make_rms(home: Path) -> None:
    from mesa_llm_city.migration.models.rms.agent import RMSAgent
    from tests.migration.models.rms.tiny import save_backbone, survey

    backbone = save_backbone(home / "backbone")
    agent = RMSAgent(backbone=str(backbone), epochs=1, queries=1, depth=1)
    agent.fit(survey(32), survey(16, seed=2)).save(home / "model")
    np.save(home / "expected.npy", agent.predict_proba(survey(6, seed=3)))


def _spoil_rms(home: Path, random: Random) -> str:
    from safetensors.numpy import load_file, save_file

    config = home / "model" / "config.json"
    adapter = "adapter/adapter_model.safetensors"
    name = random.choice(["model.safetensors", adapter])
    weights = home / "model" / name
    kind = random.randrange(5)
    if kind == 0:
        spoil_file(random.choice([config, weights]), random)
    elif kind == 1:
        _spoil_record(config, random)
    elif kind == 2:
        spoil_file(home / "backbone" / random.choice(["config.json", "tokenizer.json"]), random)
    elif kind == 3:
        spoil_file(home / "backbone" / "model.safetensors", random)
    else:
        spoilt: dict[str, Any] = spoil_arrays(dict(load_file(weights)), random)
        fitting = {key: one for key, one in spoilt.items() if one.dtype.kind in "fib"}
        save_file(fitting, weights)
        _sign(config, {name: weights})
    return ("file", "record", "files of the backbone", "weights of the backbone", "weights")[kind]


def _use_rms(home: Path) -> Iterable[str]:
    from mesa_llm_city.migration.models.rms.agent import RMSAgent
    from tests.migration.models.rms.tiny import survey

    expected = np.load(home / "expected.npy")
    agent = RMSAgent.load(home / "model", backbone=home / "backbone")
    p = agent.predict_proba(survey(6, seed=3))
    yield from _doubts(p, expected if _is_signed(home / "model" / "config.json") else None)


SURVEYS = Family(name="surveys", make=_make_survey, spoil=_spoil_survey, use=_use_survey)
TABULAR = Family(name="tabular", make=_make_tabular, spoil=_spoil_tabular, use=_use_tabular)
RMS = Family(name="rms", make=_make_rms, spoil=_spoil_rms, use=_use_rms)
