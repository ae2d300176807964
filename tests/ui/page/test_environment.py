"""The environment of the server's process."""

from __future__ import annotations

import pytest

pytest.importorskip("solara")

from mesa_llm_city.ui.page.environment import environment


def test_a_server_that_others_reach_gives_memory_back_unless_it_is_asked_not_to() -> None:
    assert "PYTHONMALLOC" not in environment({})
    assert environment({}, has_visitors=True)["PYTHONMALLOC"] == "malloc"
    asked = environment({"PYTHONMALLOC": "pymalloc"}, has_visitors=True)
    assert asked["PYTHONMALLOC"] == "pymalloc"


def test_settings_of_solara_are_those_of_the_page_but_for_two() -> None:
    given = {"SOLARA_MODE": "development", "SOLARA_KERNEL_CULL_TIMEOUT": "9m", "HOME": "/here"}
    made = environment(given)
    assert made["SOLARA_MODE"] == "production"
    assert (made["SOLARA_KERNEL_CULL_TIMEOUT"], made["HOME"]) == ("9m", "/here")
