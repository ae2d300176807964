"""A step that fails is told, and the next one is a step like any other."""

from __future__ import annotations

from typing import Any, ClassVar

import mesa
import pytest

from mesa_llm_city.citizen.intention import Completed, Intention
from mesa_llm_city.core.errors import CityError
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.simulation.resumable_model import ResumableModel
from tests.town import small_town, townspeople


class Moody(ResumableModel):
    """Fails in the steps it is told to."""

    def __init__(self, failing: tuple[int, ...] = ()) -> None:
        self.failing = failing
        self.lived: list[int] = []
        super().__init__(rng=1)

    def step(self) -> None:
        """Live, or fail."""
        if self.steps in self.failing:
            message = f"step {self.steps} fails"
            raise RuntimeError(message)
        self.lived.append(self.steps)


class Startled(CityAgent):
    """Fails once, when many have acted already."""

    left = 0
    acted: ClassVar[list[tuple[int, int]]] = []

    def act(self, intention: Intention) -> Completed:
        """Act, but for one time."""
        Startled.left -= 1
        if Startled.left == 0:
            message = "startled"
            raise RuntimeError(message)
        Startled.acted.append((self.person, intention.minute))
        return super().act(intention)


def test_steps_go_on_after_failures_in_a_row() -> None:
    model = Moody(failing=(2, 3))
    for step in range(1, 6):
        if step in model.failing:
            with pytest.raises(RuntimeError, match=f"step {step} fails"):
                model.step()
        else:
            model.step()
    assert model.lived == [1, 4, 5]
    assert model.steps == 5


@pytest.mark.skipif(not hasattr(mesa.Model, "run_for"), reason="this line of Mesa has no run_for")
def test_what_fails_inside_run_for_is_raised_and_no_later_step_is_silent() -> None:
    model: Any = Moody(failing=(2,))
    with pytest.raises(RuntimeError, match="step 2 fails"):
        model.run_for(3)
    assert model.lived == [1]
    with pytest.raises(CityError, match="no step planned any more"):
        model.step()
    healthy: Any = Moody()
    healthy.run_for(2)
    healthy.step()
    assert healthy.lived == [1, 2, 3]


def test_an_interrupted_step_is_no_swallowed_interrupt() -> None:
    class Interrupted(ResumableModel):
        def step(self) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Interrupted(rng=1).step()


def test_where_it_failed_is_told() -> None:
    with pytest.raises(RuntimeError) as failed:
        Moody(failing=(1,)).step()
    assert failed.traceback[-1].name == "step"


def test_a_step_of_a_subclass_may_call_that_of_its_parent() -> None:
    class Twofold(Moody):
        def step(self) -> None:
            self.lived.append(0)
            super().step()

    model = Twofold()
    model.step()
    assert model.lived == [0, 1]


def test_a_city_whose_step_failed_lives_the_rest_of_it() -> None:
    Startled.left = 5
    Startled.acted.clear()
    model = CityModel(small_town(), townspeople(), rng=7, agent_class=Startled)
    with pytest.raises(RuntimeError, match="startled"):
        model.step()
    assert model.minute == 0
    model.step()
    assert model.minute == 5
    assert sum(model.doing.values()) == len(model.citizens)
    assert len(Startled.acted) == len(set(Startled.acted)) >= len(model.citizens)
    needs = model.records.needs.to_frame()
    assert len(needs) == len(model.citizens)
    assert not needs.duplicated(["person", "time"]).any()
