"""The card of a finished run in a notebook."""

from __future__ import annotations

import pandas as pd
import pytest

pytest.importorskip("solara")

from mesa_llm_city.core.clock import Clock
from mesa_llm_city.ui.views.replay import Replay
from mesa_llm_city.ui.views.run_card import run_card
from tests.ui.shown import lived


def test_a_replay_shows_its_length_people_and_tables() -> None:
    card = Replay.of(lived(12, people=8))._repr_html_()
    assert "1 hours" in card
    assert "8 people" in card
    assert "activities" in card


def test_sources_of_decisions_are_counted() -> None:
    decisions = pd.DataFrame({"source": ["rule", "prompt", "rule"]})
    card = run_card("<run>", Clock(), 2880, 3, {"decisions": decisions})
    assert "rule 2, prompt 1" in card
    assert "2 days, " in card
    assert "&lt;run&gt;" in card
