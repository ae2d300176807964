"""The table of needs, and formulas for one person: equal to the broadcasting ones."""

from __future__ import annotations

import copy
import pickle

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.mind import decay, dominant, hours_to_threshold, pressing_hours
from mesa_llm_city.mind.need_table import decayed, next_to_fall, pressing_time, table_of
from mesa_llm_city.parameters import CityParameters

FIVE = CityParameters(needs={"esteem": {"decay_per_h": 0.03, "gains_per_h": {"work": 0.1}}})
LEVELS = st.tuples(*[st.floats(0.0, 1.0) | st.sampled_from([0.0, 0.2, 0.3, 1.0])] * 5)
LOSSES = st.tuples(
    *[st.floats(-2.0, 2.0, allow_subnormal=False) | st.sampled_from([0.0, 1e-13, -1e-13])] * 5
)
HOURS = st.floats(0.0, 48.0)


class TestTable:
    def test_losses_are_decay_less_gains_by_purpose(self) -> None:
        table = table_of(CityParameters().needs)
        assert table.names == ("hunger", "energy", "safety", "social")
        # A meal gives 3.5, 0.20, 0.05 and 0.25 an hour.
        expected = (0.15 - 3.5, 0.08 - 0.20, 0.05 - 0.05, 0.10 - 0.25)
        assert table.losses_per_h["meal"] == expected
        assert "travel" not in table.losses_per_h

    def test_a_further_need_comes_last_and_changes_no_other(self) -> None:
        usual, five = table_of(CityParameters().needs), table_of(FIVE.needs)
        assert five.names == (*usual.names, "esteem")
        assert five.losses_per_h["work"] == (*usual.losses_per_h["work"], 0.03 - 0.1)
        assert five.losses_per_h["meal"][-1] == 0.03
        assert five.order == (0, 2, 1, 3, 4)  # hunger, safety, energy, social, esteem

    def test_it_is_shared_by_all_who_have_the_same_parameters(self) -> None:
        table = table_of(FIVE.needs)
        assert table_of(FIVE.needs) is table
        assert copy.deepcopy(table) is table
        assert pickle.loads(pickle.dumps(table)).losses_per_h == table.losses_per_h

    def test_two_trees_never_share_a_table(self) -> None:
        for rate in np.linspace(0.01, 0.2, 100).tolist():
            tree = CityParameters().with_("needs.hunger.decay_per_h", rate)
            assert table_of(tree.needs).decay_per_h[0] == rate


class TestForOnePerson:
    """Results are equal to the last bit, so `==` and not `approx`."""

    table = table_of(FIVE.needs)

    @given(LEVELS, LOSSES, HOURS)
    def test_decayed_equals_decay(
        self, levels: tuple[float, ...], losses: tuple[float, ...], hours: float
    ) -> None:
        assert list(decayed(levels, losses, hours)) == decay(levels, losses, hours).tolist()

    @given(LEVELS)
    def test_the_order_gives_the_need_of_dominant(self, levels: tuple[float, ...]) -> None:
        thresholds = self.table.thresholds
        low = [row for row in self.table.order if levels[row] <= thresholds[row]]
        ranks = [one.priority for one in FIVE.needs.values()]
        assert int(dominant(levels, thresholds, priority=ranks)) == (low[0] if low else -1)

    @given(LEVELS, LOSSES)
    def test_next_to_fall_is_the_first_of_hours_to_threshold(
        self, levels: tuple[float, ...], losses: tuple[float, ...]
    ) -> None:
        hours = hours_to_threshold(levels, losses, self.table.thresholds)
        found = next_to_fall(levels, losses, self.table.thresholds)
        if np.isfinite(hours).any():
            assert found == (int(hours.argmin()), float(hours.min()))
        else:
            assert found is None

    @given(LEVELS, LOSSES, HOURS)
    def test_pressing_time_equals_pressing_hours(
        self, levels: tuple[float, ...], losses: tuple[float, ...], hours: float
    ) -> None:
        thresholds = self.table.thresholds
        expected = float(pressing_hours(levels, losses, thresholds, hours))
        assert pressing_time(levels, losses, thresholds, hours) == expected
