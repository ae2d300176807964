"""Sweeps: every combination with every seed, the same rows for any number of processes."""

from __future__ import annotations

import mesa
import pandas as pd
import pytest
from mesa_llm_city.models.town_day.model import TownDay

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments import sweep
from mesa_llm_city.llm import LLM, ClientSpec

GAMMA, DECAY = "mobility.gravity.gamma", "needs.social.decay_per_h"
OUTINGS = "mobility.free_time.outings_per_liking"


class Counter(mesa.Model):
    """A model of one number, without parameters of a city."""

    def __init__(self, start: int = 0, table: dict[str, int] | None = None, rng: int = 0) -> None:
        super().__init__(rng=rng)
        self.count = start + sum((table or {}).values())
        self.datacollector = mesa.DataCollector({"count": "count"})

    def step(self) -> None:
        self.count += int(self.rng.integers(1, 3))
        self.datacollector.collect(self)
        self.running = self.count < 1000


class TestRows:
    def test_there_is_one_for_each_combination_and_seed_with_the_seed_in_it(self) -> None:
        rows = sweep(Counter, {"start": [990, 995]}, seeds=[3, 1])
        assert list(rows.columns) == ["seed", "start", "count"]
        assert set(map(tuple, rows[["seed", "start"]].to_numpy().tolist())) == {
            (1, 990),
            (1, 995),
            (3, 990),
            (3, 995),
        }
        assert rows["count"].ge(1000).all()

    def test_seeds_are_seeds_on_both_lines_of_mesa(self) -> None:
        first, other = (sweep(Counter, {"start": 0}, seeds=[7, 8], max_steps=9) for _ in range(2))
        pd.testing.assert_frame_equal(first, other)
        model = Counter(rng=7)
        for _ in range(9):
            model.step()
        assert first["count"].iloc[0] == model.count

    def test_text_and_tables_are_one_value(self) -> None:
        rows = sweep(Counter, {"table": {"a": 1, "b": 2}}, seeds=[1], max_steps=1)
        assert len(rows) == 1


class TestRefused:
    @pytest.mark.parametrize(
        ("parameters", "told"),
        [
            ({"strat": 1}, "strat: Counter takes no such argument; did you mean start?"),
            ({"rng": [1, 2]}, "rng: give seeds as the argument `seeds`"),
            ({"start": []}, "start: has no values"),
            ({GAMMA: [1.0]}, f"{GAMMA}: Counter takes no such argument"),
        ],
    )
    def test_a_name_that_the_model_does_not_take(
        self, parameters: dict[str, object], told: str
    ) -> None:
        with pytest.raises(ConfigError) as caught:
            sweep(Counter, parameters, seeds=[1])
        assert told in str(caught.value)

    def test_wrong_parameters_are_reported_before_the_first_run(self) -> None:
        with pytest.raises(ConfigError) as caught:
            sweep(TownDay, {GAMMA: [1.0, 99.0], "mobility.gravity.gama": 1.0}, seeds=[1])
        assert "got 99.0; accepted is a number" in str(caught.value)
        assert "mobility.gravity.gama: there is no such parameter" in str(caught.value)

    @pytest.mark.parametrize("seeds", [[], [1, 1]])
    def test_seeds_that_are_missing_or_equal(self, seeds: list[int]) -> None:
        with pytest.raises(ConfigError, match="all different"):
            sweep(Counter, {}, seeds=seeds)


def _town_sweep(processes: int) -> pd.DataFrame:
    """Vary two parameters, and who decides, in a small town."""
    llm = LLM(ClientSpec(backend="scripted", model="made-up"), on_failure="rules")
    varied = {
        "citizens": 12,
        "places": 300,
        "llm": llm,
        OUTINGS: [0.2, 1.0],
        DECAY: [0.05, 0.2],
        "prompts": ["rules", "light"],
    }
    return sweep(TownDay, varied, seeds=[1, 2], processes=processes)


@pytest.mark.slow
@pytest.mark.usefixtures("lent_processes")
def test_two_processes_give_the_rows_of_one_over_parameters_and_prompts() -> None:
    serial, parallel = _town_sweep(1), _town_sweep(2)
    assert len(serial) == 16
    assert list(serial.columns[:4]) == ["seed", "citizens", "places", OUTINGS]
    assert set(serial[DECAY]) == {0.05, 0.2}
    assert set(serial["prompts"]) == {"rules", "light"}
    assert serial["minute"].eq(1440).all()
    assert serial.groupby("prompts")["llm_calls"].sum()["rules"] == 0
    pd.testing.assert_frame_equal(parallel, serial)
    by_rules = serial[serial["prompts"] == "rules"]
    reported = [name for name in by_rules if name not in {OUTINGS, DECAY}]
    for kept, varied in ((OUTINGS, DECAY), (DECAY, OUTINGS)):
        groups = by_rules.groupby(["seed", kept])[reported]
        assert any(len(rows.drop_duplicates()) > 1 for _, rows in groups), f"{varied} is not read"
