"""How far a step has come, as seen from inside it."""

from __future__ import annotations

from mesa_llm_city.citizen.intention import Completed, Intention
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.simulation.step_progress import StepProgress
from tests.town import small_town, townspeople

SEEN: list[float] = []


class Watcher(CityAgent):
    """Notes how far the step has come when it acts."""

    def act(self, intention: Intention) -> Completed:
        """Note, and act."""
        SEEN.append(self.model.step_progress)
        return super().act(intention)


def test_a_step_comes_from_nothing_to_all() -> None:
    model = CityModel(small_town(), townspeople(), rng=7, agent_class=Watcher)
    SEEN.clear()
    assert model.step_progress == 1.0
    model.step()
    first = SEEN[: len(model.citizens)]
    # All have thought before the first acts, so two of three parts are done.
    assert first[0] == (2 * len(first) + 1) / (3 * len(first))
    assert first == sorted(first)
    assert first[-1] == model.step_progress == 1.0


def test_shares_by_hand() -> None:
    progress = StepProgress()
    assert progress.share == 1.0
    progress.expect(4)
    assert progress.share == 0.0
    progress.begun, progress.thought, progress.acted = 4, 2, 0
    assert progress.share == 0.5
