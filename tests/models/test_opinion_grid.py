"""The smallest model that thinks in words: both forms, side by side, and against a script."""

from __future__ import annotations

import pickle
import sys
import warnings
from collections.abc import Sequence
from importlib import import_module

import pytest
from mesa_llm_city.models.opinion_grid.compare import compare
from mesa_llm_city.models.opinion_grid.model import OpinionGrid
from mesa_llm_city.models.opinion_grid.stance import Script, Stance

from mesa_llm_city.core.asking import Question
from mesa_llm_city.core.errors import CityError, LLMUnavailableError
from mesa_llm_city.prompts import PromptLibrary

APP = "mesa_llm_city.models.opinion_grid.app"


class Listener:
    """The script, with an ear for what it is asked."""

    def __init__(self) -> None:
        self.rounds: list[list[Question]] = []

    def answer_many(self, questions: Sequence[Question]) -> list[Stance]:
        self.rounds.append(list(questions))
        stances: list[Stance] = Script().answer_many(questions)
        return stances


def opinions(model: OpinionGrid) -> list[int]:
    return [agent.opinion for agent in model.agents]


class TestRun:
    @pytest.mark.parametrize("mind", ["rule", "prompt"])
    def test_it_runs_ten_steps_and_stops_after_its_rounds(self, mind: str) -> None:
        model = OpinionGrid(mind, size=5, rounds=10, rng=1)
        for _ in range(10):
            assert model.running
            model.step()
        assert not model.running
        assert len(model.datacollector.get_model_vars_dataframe()) == 10

    @pytest.mark.parametrize("mind", ["rule", "prompt"])
    def test_opinions_come_closer(self, mind: str) -> None:
        model = OpinionGrid(mind, rounds=20, rng=1)
        before = model.spread
        while model.running:
            model.step()
        assert model.spread < 0.5 * before
        assert all(0 <= one <= 10 for one in opinions(model))

    @pytest.mark.parametrize("mind", ["rule", "prompt"])
    def test_the_same_seed_makes_the_same_run(self, mind: str) -> None:
        runs = [OpinionGrid(mind, size=6, rng=5) for _ in range(2)]
        for model in runs:
            for _ in range(5):
                model.step()
        assert opinions(runs[0]) == opinions(runs[1])

    def test_both_minds_start_alike(self) -> None:
        assert opinions(OpinionGrid("rule", rng=3)) == opinions(OpinionGrid("prompt", rng=3))

    @pytest.mark.parametrize("mind", ["rule", "prompt"])
    def test_a_model_halfway_pickles_and_goes_on_alike(self, mind: str) -> None:
        model = OpinionGrid(mind, size=5, rng=2)
        model.step()
        copied = pickle.loads(pickle.dumps(model))
        for one in (model, copied):
            one.step()
        assert opinions(copied) == opinions(model)


class TestRule:
    def test_only_those_near_enough_are_listened_to(self) -> None:
        model = OpinionGrid(tolerance=3, rng=1)
        agent = next(iter(model.agents))
        agent.opinion = 4
        stance = agent.by_rule([1, 7, 8, 9])
        assert (stance.opinion, stance.reason) == (4, "mean with 2 of 4 neighbours")
        agent.opinion = 6
        assert agent.by_rule([8, 9, 9, 0]).opinion == 8

    def test_without_tolerance_nobody_moves(self) -> None:
        model = OpinionGrid(tolerance=0, size=5, rng=1)
        before = opinions(model)
        model.step()
        assert opinions(model) == before

    def test_it_asks_nothing_and_argues_nothing(self) -> None:
        listener = Listener()
        model = OpinionGrid("rule", size=4, rng=1, backend=listener)
        model.step()
        assert listener.rounds == []
        assert {agent.argument for agent in model.agents} == {""}


class TestPrompt:
    def test_all_ask_at_once_and_are_told_what_their_neighbours_said(self) -> None:
        listener = Listener()
        model = OpinionGrid("prompt", size=4, rng=1, backend=listener)
        model.step()
        model.step()
        assert [len(questions) for questions in listener.rounds] == [16, 16]
        heard = listener.rounds[1][0].facts["neighbours"]
        assert isinstance(heard, list)
        assert len(heard) == 8
        assert all(one["argument"] in {"I am for it.", "I am against it."} for one in heard)

    def test_the_question_needs_no_prompt_file(self) -> None:
        listener = Listener()
        OpinionGrid("prompt", size=4, rng=1, backend=listener).step()
        rendered = PromptLibrary().render(listener.rounds[0][0])
        assert rendered.name == "generic"
        assert OpinionGrid.topic in rendered.messages[1][1]
        assert '"opinion": whole number from 0 to 10' in rendered.messages[0][1]

    def test_a_failure_is_raised_and_changes_nobody(self) -> None:
        class Down:
            def answer_many(self, questions: Sequence[Question]) -> list[CityError]:
                return [LLMUnavailableError("nobody answered") for _ in questions]

        model = OpinionGrid("prompt", size=4, rng=1, backend=Down())
        before = opinions(model)
        with pytest.raises(LLMUnavailableError, match="nobody answered"):
            model.step()
        assert opinions(model) == before


class TestCompare:
    def test_each_seed_runs_once_by_each_mind(self) -> None:
        rows = compare(seeds=[1, 2], size=5, rounds=4)
        assert rows[["mind", "seed"]].to_numpy().tolist() == [
            ["prompt", 1],
            ["prompt", 2],
            ["rule", 1],
            ["rule", 2],
        ]
        assert rows["spread"].between(0.0, 5.0).all()

    @pytest.mark.slow
    def test_processes_make_no_difference(self) -> None:
        alone, together = (compare([1, 2], processes=n, size=5, rounds=4) for n in (1, 2))
        assert together.equals(alone)


class TestPage:
    @pytest.mark.slow
    def test_there_is_a_page_where_solara_is_installed(self) -> None:
        pytest.importorskip("solara")
        with warnings.catch_warnings():
            # Solara looks at Mesa's components as they are imported, and is not pleased.
            warnings.simplefilter("ignore")
            assert import_module(APP).page is not None

    def test_without_solara_there_is_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delitem(sys.modules, APP, raising=False)
        monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
        module = import_module(APP)
        assert module.page is None
        sys.modules.pop(APP)
