"""Objects that the runs of a worker share."""

from __future__ import annotations

from pathlib import Path

import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments import sweep
from mesa_llm_city.experiments.sweeping.preparation import Preparations
from mesa_llm_city.llm import LLM, Budget, ClientSpec
from tests.experiments.sweeping.models_to_sweep import Counter, Noted, Voters


class TestObjects:
    def test_one_is_made_once_for_all_runs(self, tmp_path: Path) -> None:
        town = Noted(tmp_path / "made")
        rows = sweep(Counter, {"start": [1, 2]}, seeds=[1, 2], prepare={"town": town})
        assert rows["town"].eq("town").all()
        assert len(town.processes()) == 1

    def test_one_may_take_others_whatever_their_order_and_is_made_anew_with_them(self) -> None:
        made = Preparations(
            {"people": lambda town, seed: [*town, seed], "town": lambda places=3: ["town", places]}
        )
        first = made.of({"fare": 1}, seed=7)
        assert first == {"town": ["town", 3], "people": ["town", 3, 7]}
        assert made.of({"fare": 2}, seed=7)["people"] is first["people"]
        other = made.of({"fare": 2, "places": 4}, seed=7)
        assert other["people"] == ["town", 4, 7]
        assert made.of({"fare": 2}, seed=8)["town"] is first["town"]

    def test_numbers_of_different_types_are_different_values(self) -> None:
        made = Preparations({"town": lambda places: [places]})
        towns = [made.of({"places": places}, seed=1)["town"] for places in (1, 1.0, True, "1")]
        assert [str(town) for town in towns] == ["[1]", "[1.0]", "[True]", "['1']"]

    def test_those_used_long_ago_are_dropped(self) -> None:
        counts: list[int] = []

        def make(places: int) -> None:
            counts.append(places)

        made = Preparations({"town": make})
        for places in (1, 2, 3, 4, 1, 5, 1, 2):
            made.of({"places": places}, seed=1)
        assert counts == [1, 2, 3, 4, 5, 2]


class TestRefused:
    @pytest.mark.parametrize(
        ("prepare", "told"),
        [
            ({"twn": list}, "twn: Counter takes no such argument; did you mean town?"),
            ({"start": list}, "start: is given and prepared as well"),
            ({"town": ["a"]}, "prepare: town must be a function, got ['a']"),
            ({"town": lambda city: city}, "prepare: town takes city, which is no other"),
            (
                {"town": lambda mark: mark, "mark": lambda town: town},
                "prepare: town needs itself, through what it takes",
            ),
        ],
    )
    def test_functions_that_cannot_be_called(self, prepare: dict[str, object], told: str) -> None:
        with pytest.raises(ConfigError) as caught:
            sweep(Counter, {"start": 1}, seeds=[1], prepare=prepare)  # type: ignore[arg-type]
        assert told in str(caught.value)

    def test_a_language_model_with_a_budget_that_each_worker_would_have(self) -> None:
        def make() -> LLM:
            return LLM(ClientSpec(backend="scripted", model="-"), budget=Budget(calls=3))

        rows = sweep(Voters, {"people": 1}, seeds=[1], prepare={"llm": make})
        assert "give it as a parameter, {'llm': LLM(...)}" in rows["error"].iloc[0]
