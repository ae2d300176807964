"""A run from the command line that is given the file of a page's acts has the same digest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("solara")

from mesa_llm_city.experiments import RunOptions, run
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.acting.log import repeat_toml
from mesa_llm_city.ui.page.sources import Source


@pytest.mark.slow
@pytest.mark.usefixtures("empty_pictures")
def test_the_digest_is_the_same(tmp_path: Path) -> None:
    first = {"kind": "wake", "at": "day 1 05:00", "agents": {"share": 0.2}}
    options = RunOptions(citizens=12, seed=5, days=1, out=tmp_path / "run")
    model = Source(options=options.with_(interventions=[first])).make()
    assert isinstance(model, CityModel)
    while model.minute < 500:
        model.step()
    model.act(
        {"kind": "close", "zone": model.city.zones.names[0], "minutes": 240, "text": "flood"},
        {"kind": "tell", "text": "There is a flood.", "danger": 0.6, "topic": "flood"},
        {"kind": "set", "parameters": {"modes.bus.cost_per_trip": 0.0}, "minutes": 60},
        {"kind": "add", "households": 2, "zone": model.city.zones.names[1]},
        who="the page",
    )
    while model.running:
        model.step()
    file = tmp_path / "interventions.toml"
    file.write_text(repeat_toml(model), encoding="utf-8")
    folder = run(options.with_(interventions=[file]))
    told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert told["digest"] == model.digest()
    assert len(told["config"]["interventions"]) == 5
