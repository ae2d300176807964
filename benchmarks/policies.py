"""CPU of compiled minds: a census, compiling by a script, days by rules and by policy, a crowd.

Prints one JSON object. The language model is a script that answers at random, so that the seconds
are those of this package alone; calls and tokens are what a real model would be asked. CPU seconds
are user and system time of the process. ``crowd`` looks up and draws one decision for each of many
rows of columns at once.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from time import process_time
from typing import Any, TypeVar

import numpy as np

from mesa_llm_city import City, CityModel, Population
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.experiments.compiling import (
    Census,
    compare_policy,
    compile_policy,
    estimate_compile,
    plan_questions,
    take_census,
)
from mesa_llm_city.llm import LLM, ClientSpec
from mesa_llm_city.parameters import default_parameters
from mesa_llm_city.policies import Policy

T = TypeVar("T")

BY = {
    "plan": ["age_group", "employment", "day_kind", "weather"],
    "leisure": ["hour", "age_group", "need", "weather"],
    "place": ["purpose", "age_group", "hour"],
    "mode": ["distance", "car", "weather", "age_group"],
    "react": ["need", "duty", "hour"],
}


def main() -> None:
    """Measure, and print what was found."""
    options = _options()
    town = City.synthetic(rng=options.seed)
    people = Population.synthesize(options.citizens, city=town, rng=options.seed)

    def make(policies: Any) -> CityModel:  # noqa: ANN401 - policies, or what watches decisions
        return CityModel(town, people, rng=options.seed, policies=policies)

    by_rules = _days(make({}), options.days)
    censuses, census_s = _timed(
        lambda: take_census(make, BY, parameters=default_parameters(), days=options.days)
    )
    llm = LLM(ClientSpec(backend="scripted", model="scripted"))
    policies = {prompt: compile_policy(one, llm) for prompt, one in censuses.items()}
    by_policy = _days(make(policies), options.days)
    told = {
        "benchmark": "policies",
        "citizens": options.citizens,
        "days": options.days,
        "rules_cpu_s": round(by_rules, 3),
        "census_cpu_s": round(census_s, 3),
        "policy_cpu_s": round(by_policy, 3),
        "policies": {
            prompt: _about(policy, censuses[prompt]) for prompt, policy in policies.items()
        },
        "crowd": _crowd(policies["mode"], options.rows),
    }
    print(json.dumps(told, indent=2))


def _about(policy: Policy, census: Census) -> dict[str, Any]:
    """Return size, cost and likeness of a policy, compiled once more to measure it."""
    llm = LLM(ClientSpec(backend="scripted", model="scripted"))
    questions = plan_questions(census)
    cost, estimate_s = _timed(
        lambda: estimate_compile({policy.prompt: census}, {policy.prompt: questions}, llm)
    )
    _, compile_s = _timed(lambda: compile_policy(census, llm))
    found = compare_policy(policy, census, llm)
    card = policy.card
    return {
        "cells": card.cells,
        "possible": card.possible,
        "compiled": card.compiled,
        "calls": cost.calls,
        "prompt_tokens": [round(one) for one in cost.prompt_tokens],
        "coverage": round(card.coverage, 3),
        "estimate_cpu_s": round(estimate_s, 3),
        "compile_cpu_s": round(compile_s, 3),
        "rows": len(policy.cell),
        "agreement": {name: round(one.agreement, 3) for name, one in found.minds.items()},
        "entropy": {
            name: [round(bits, 3) for bits in one.variety] for name, one in found.minds.items()
        },
    }


def _crowd(policy: Policy, rows: int) -> dict[str, float | int]:
    """Return the time of one decision of many rows."""
    ids = np.arange(rows)
    columns = {
        "age": ids % 90,
        "distance_km": ids % 97 / 10.0,
        "has_car": ids % 2,
        "is_wet": ids % 3 == 0,
        "temperature_c": ids % 30,
    }
    possible = np.ones((rows, len(policy.answers)), dtype=np.bool_)
    cells, cells_s = _timed(lambda: policy.cells(columns))
    numbers, uniforms_s = _timed(lambda: uniforms(7, ids, "policy mode", 480, 1)[:, 0])
    _, draw_s = _timed(lambda: policy.draw(cells, numbers, possible))
    return {
        "rows": rows,
        "cells_us_a_row": round(1e6 * cells_s / rows, 3),
        "uniforms_us_a_row": round(1e6 * uniforms_s / rows, 3),
        "draw_us_a_row": round(1e6 * draw_s / rows, 3),
    }


def _days(model: CityModel, days: int) -> float:
    return _timed(lambda: model.run_days(days))[1]


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    began = process_time()
    found = work()
    return found, process_time() - began


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--citizens", type=int, default=200)
    parser.add_argument("--days", type=int, default=2)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args()


if __name__ == "__main__":
    main()
