"""The form that forks a run, and what it tells of the runs there are."""

from __future__ import annotations

import pytest

pytest.importorskip("solara")

import solara

from mesa_llm_city import CityModel
from mesa_llm_city.ui.acting.forking import ForkForm
from mesa_llm_city.ui.page.forks import Forks, provide_forks
from tests.ui.shown import lived, show


def test_it_tells_where_each_run_is_and_which_one_is_compared() -> None:
    model = lived(2)
    forks = Forks(model)
    forks.fork()

    def form(model: CityModel) -> solara.Element:
        provide_forks(forks)
        return ForkForm(model, model.minute)

    page = show(model, form)
    assert "first run (shown): Monday 1 April 2024, 00:10" in page.texts()
    assert page.has_button("Compare")
    forks.compare("fork 1")
    assert "compared" in page.texts().splitlines()
    assert not page.has_button("Compare")
    model.step()
    page.redraw()
    assert "first run (shown): Monday 1 April 2024, 00:15" in page.texts()
    forks.close()
