"""A benchmark of a folder: it continues after a kill, and its rows can be computed again."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.llm import LLM, ClientSpec
from mesa_llm_city.migration.evaluation.benchmark import Asked, Benchmark, Computed
from mesa_llm_city.migration.evaluation.cell_store import CellStore, key_of
from mesa_llm_city.migration.evaluation.comparison import compare
from mesa_llm_city.migration.evaluation.paper import paper_plan
from mesa_llm_city.migration.evaluation.plan import Plan
from mesa_llm_city.migration.evaluation.user_groups import Band, UserGroups
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.migration.survey.table import SurveyTable

pytest.importorskip("sklearn")

ALL = synthetic_survey(240, seed=1)
SCHEMA = ALL.schema
ORDER = np.random.default_rng(0).permutation(len(ALL))
BASE = Plan(methods=("base_rate",), bootstrap=0)
LOGISTIC = replace(BASE, methods=("logistic_regression",), views=("impute",))


def written(table: SurveyTable, path: Path) -> None:
    table.frame.assign(returnee=table.target, hhid=table.group).to_csv(path, index=False)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    for at, name in enumerate(("one", "two")):
        rows = ORDER[120 * at : 120 * (at + 1)]
        written(ALL.take(rows[:80]), folder / f"train_{name}.csv.gz")
        written(ALL.take(rows[80:]), folder / f"val_{name}.csv")
    written(ALL, folder / "train_alone.csv")
    return folder


def killed_after(count: int, data: Path, out: Path) -> None:
    """Run a benchmark in another process, which is killed after some cells."""

    def kill(computed: Computed) -> None:
        if computed.done == count:
            os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if not child:
        try:
            Benchmark(data, SCHEMA, BASE, out=out).run(report=kill)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a second process")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_killed_benchmark_continues_where_it_was(data: Path, tmp_path: Path) -> None:
    killed_after(2, data, tmp_path)
    lines = (tmp_path / "cells.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["cell"] for line in lines] == [
        "one/base_rate/given/indicator",
        "one/base_rate/grouped/indicator",
    ]
    computed: list[Computed] = []
    resumed = Benchmark(data, SCHEMA, BASE, out=tmp_path)
    assert resumed.finished == 2
    report = resumed.run(report=computed.append)
    assert [one.record["cell"] for one in computed] == [
        "two/base_rate/given/indicator",
        "two/base_rate/grouped/indicator",
    ]
    whole = Benchmark(data, SCHEMA, BASE, out=tmp_path / "whole").run()
    for name, record in whole.records.items():
        assert {**report.records[name], "cpu_s": 0} == {**record, "cpu_s": 0}


def test_a_line_that_was_cut_off_is_computed_again(data: Path, tmp_path: Path) -> None:
    Benchmark(data, SCHEMA, BASE, out=tmp_path).run()
    path = tmp_path / "cells.jsonl"
    path.write_text(path.read_text(encoding="utf-8")[:-200], encoding="utf-8")
    again = Benchmark(data, SCHEMA, BASE, out=tmp_path)
    assert again.finished == 3
    assert len(again.run().records) == 4
    assert Benchmark(data, SCHEMA, BASE, out=tmp_path).finished == 4


def test_other_options_or_data_are_other_cells(data: Path, tmp_path: Path) -> None:
    Benchmark(data, SCHEMA, BASE, out=tmp_path).run()
    for other in (
        replace(BASE, seed=1),
        replace(BASE, bootstrap=2),
        replace(BASE, views=("impute",)),
    ):
        assert Benchmark(data, SCHEMA, other, out=tmp_path).finished == 0
    written(ALL.take(range(100)), tmp_path / "train_one.csv")
    (tmp_path / "val_one.csv").write_bytes((data / "val_one.csv").read_bytes())
    changed = Benchmark(tmp_path, SCHEMA, BASE, out=tmp_path)
    assert (changed.finished, len(changed.cells)) == (0, 2)


def test_a_cell_that_is_asked_for_is_computed_again_and_checked(data: Path, tmp_path: Path) -> None:
    made = Benchmark(data, SCHEMA, LOGISTIC, out=tmp_path, command="benchmark --seed 0")
    name = "two/logistic_regression/grouped/impute"
    seen: list[Computed] = []
    for _ in range(2):
        made.run(only=[name], report=seen.append)
    assert [one.as_before for one in seen] == [None, True]
    assert [one.done for one in seen] == [1, 1]
    assert seen[1].record["command"] == f"benchmark --seed 0 --only {name}"
    store = CellStore(tmp_path / "cells.jsonl")
    store.add({**seen[1].record, "auc": 0.123})
    made = Benchmark(data, SCHEMA, LOGISTIC, out=tmp_path, command="benchmark --seed 0")
    made.run(only=[name], report=seen.append)
    assert seen[-1].as_before is False
    with pytest.raises(ConfigError, match=r"there is no cell two/logistic; .*--list"):
        made.run(only=["two/logistic"])


def test_figures_are_those_of_a_comparison_in_memory(data: Path, tmp_path: Path) -> None:
    report = Benchmark(data, SCHEMA, LOGISTIC, out=tmp_path).run()
    rows = ORDER[:120]
    result = compare(
        ALL.take(rows[:80]),
        {"one": ALL.take(rows[80:])},
        methods=("logistic_regression",),
        views=("impute",),
        bootstrap=0,
    )
    for entry in result.entries:
        name = f"one/logistic_regression/{entry.evaluation.protocol}/impute"
        assert report.records[name]["auc"] == pytest.approx(entry.evaluation.metrics["auc"].value)


def test_a_model_is_trained_once_for_its_own_rows_and_the_others(
    data: Path, tmp_path: Path
) -> None:
    plan = replace(BASE, across=True, protocols=("given",))
    made = Benchmark(data, SCHEMA, plan, out=tmp_path)
    assert [(one.training.name, one.tested_on) for one in made.cells] == [
        ("one", "one"),
        ("one", "two"),
        ("two", "two"),
        ("two", "one"),
    ]
    records = made.run().records
    times = [one["cpu_s"] for one in records.values()]
    assert (times[0], times[2]) == (times[1], times[3])
    assert {one["training_rows"] for one in records.values()} == {80}
    sheet = made.report().sheets()[-1]
    assert [row[:2] for row in sheet.rows] == [
        ["one", "one"],
        ["two", "one"],
        ["one", "two"],
        ["two", "two"],
    ]


def test_groups_and_all_tables_are_in_the_report(data: Path, tmp_path: Path) -> None:
    groups = UserGroups(bands={"work": (), "age": (Band(16, 38), Band(39, 60))})
    plan = replace(LOGISTIC, groups=groups, show_groups=True, protocols=("given",))
    report = Benchmark(data, SCHEMA, plan, out=tmp_path).run()
    overall, people = report.sheets()
    assert (len(overall.rows), overall.heads[:3]) == (2, ["Data", "Method", "n"])
    assert overall.note == "Missing values: imputed. Protocol: given."
    assert people.rows[-1][:3] == ["two", "Logistic Regression", "Age: 39-60"]
    assert "## Groups of people" in report.to_markdown()
    assert report.to_latex().count(r"\begin{tabular}") == 2
    assert len(report.to_csv().splitlines()) == 3


def test_a_language_model_is_asked_for_the_method_prompt(data: Path, tmp_path: Path) -> None:
    no = '{"reason": "-", "answer": "No", "certainty": 8}'
    llm = LLM(ClientSpec(backend="scripted", model="-", script=lambda _: no))
    plan = paper_plan(methods=("prompt",), has_llm=True, bootstrap=0)
    with pytest.raises(ConfigError, match="prompt needs a language model to ask"):
        Benchmark(data, SCHEMA, plan, out=tmp_path)
    report = Benchmark(data, SCHEMA, plan, out=tmp_path, asked=Asked(backend=llm, name="-")).run()
    assert [one["auc"] for one in report.records.values()] == [0.5, 0.5]
    assert report.sheets()[0].note.startswith("Missing values: shown.")


def test_a_folder_without_a_pair_is_an_error(data: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"has no pair of files train_NAME\.csv and val_NAME"):
        Benchmark(tmp_path, SCHEMA, BASE, out=tmp_path)
    with pytest.raises(DataError, match=r"has no pair of files train_NAME\.csv and test_NAME"):
        Benchmark(data, SCHEMA, BASE, out=tmp_path, part="test")


def test_the_key_does_not_depend_on_the_order_of_facts() -> None:
    assert key_of({"a": 1, "b": [2]}) == key_of({"b": [2], "a": 1})
    assert key_of({"a": 1}) != key_of({"a": 2})
