"""What a run asked of its language model, from finished and unfinished folders."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from mesa_llm_city import City, CityModel, Population
from mesa_llm_city.cli.results import calls_table
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.experiments import RunOptions
from mesa_llm_city.experiments.write import write_results
from mesa_llm_city.llm import Store, Totals
from mesa_llm_city.llm.base import Address, Completion, Message, Request
from mesa_llm_city.llm.store import Stored


def keep(folder: Path, *answers: tuple[Address, Completion], model: str = "openai/own") -> None:
    """Keep answers as a run does that is not finished."""
    folder.mkdir(parents=True)
    with Store(folder / "answers.sqlite") as store:
        for address, completion in answers:
            request = Request(model=model, messages=(Message("user", "?"),), address=address)
            store.put_many([Stored.of(request, completion)])


PLAN = Completion(text="x", prompt_tokens=100, cached_tokens=40, completion_tokens=7, cost_usd=0.25)
UNSIZED = Completion(text="x")


@pytest.mark.parametrize("given", ["run", "run.unfinished"])
def test_a_run_that_was_broken_off_tells_what_is_paid(tmp_path: Path, given: str) -> None:
    again = Address("1", 0, "plan", 0, 1)
    keep(
        tmp_path / "run.unfinished",
        (again._replace(attempt=0), PLAN),
        (again, PLAN),
        (Address("2", 60, "mode"), UNSIZED),
    )
    mode, plan, both = json.loads(calls_table(tmp_path / given, as_json=True))
    assert (mode["prompt of"], mode["calls"], mode["usd"]) == ("mode", 1, None)
    assert (plan["prompt of"], plan["calls"], plan["invalid"]) == ("plan", 2, 1)
    assert (plan["prompt"], plan["cached"], plan["answer"], plan["usd"]) == (200, 80, 14, 0.5)
    assert (both["calls"], both["prompt"], both["median_s"]) == (3, 200, None)
    assert calls_table(tmp_path / given).endswith("go on with --resume")


def test_a_listed_price_applies_to_answers_of_known_size(tmp_path: Path) -> None:
    sized = Completion(text="x", prompt_tokens=1_000_000, completion_tokens=0)
    keep(tmp_path / "run", (Address("1", 0, "plan"), sized), model="openai/gpt-4o-mini")
    if find_spec("litellm") is None:  # importing it takes seconds
        pytest.skip("litellm is not installed")
    assert json.loads(calls_table(tmp_path / "run", as_json=True))[-1]["usd"] == 0.15


def test_a_folder_without_answers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is no folder of a run"):
        calls_table(tmp_path)
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(DataError, match="it has no config, parameters"):
        calls_table(tmp_path)


def test_a_run_by_rules_and_a_lost_ledger_are_told_apart(tmp_path: Path) -> None:
    model = CityModel(City.synthetic(places=300), 5, rng=7)
    model.run_days(1)
    people = Population(tuple(model.population))
    folder = tmp_path / "run"
    folder.mkdir()
    write_results(folder, model, people, RunOptions(citizens=5, seed=7), cpu_s={})
    with pytest.raises(ConfigError, match="was a run by rules"):
        calls_table(folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["calls"] = dict.fromkeys(Totals._fields, 1)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(DataError, match=r"calls\.parquet is missing"):
        calls_table(folder)
