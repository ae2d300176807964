"""Plans by prompt: what is asked, that days still add up, and what happens without a reply."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mesa_llm_city.core.asking import run
from mesa_llm_city.core.clock import DAY_MIN, Clock, clock_time
from mesa_llm_city.core.errors import LLMReplyError, LLMUnavailableError, ThinkingError
from mesa_llm_city.core.streams import RandomStreams
from mesa_llm_city.core.values import Activity, DecisionSource, Purpose, Weather
from mesa_llm_city.mobility import Planned, Planner, PlanPrompt
from mesa_llm_city.mobility.plan_prompt import plan_reply
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import Prompted
from tests.mobility.new_kinds import with_new_kinds
from tests.mobility.people import clerk, nurse, pensioner, pupil
from tests.mobility.scripted import Scripted

MONDAY = 0
PURPOSES = CityParameters().plannable
FIXED = CityParameters().with_("population.time_use.table", "none")


def asking(parameters: CityParameters = FIXED) -> Prompted[Planner]:
    return Prompted(Planner(parameters), PlanPrompt(parameters))


def block(purpose: str, start: str, minutes: int, *, out: bool = False) -> dict[str, Any]:
    return {"purpose": purpose, "start": start, "minutes": minutes, "out": out}


def answering(*blocks: dict[str, Any]) -> Scripted:
    return Scripted(lambda _: {"reason": "as on most Mondays", "blocks": list(blocks)})


def plan_for(
    persona: Persona,
    backend: Scripted | None,
    *,
    planner: Planner | Prompted[Planner] | None = None,
    day: int = MONDAY,
    **told: Any,  # noqa: ANN401 - what plan_day may be told
) -> Planned:
    thought = (planner or asking()).plan_day(
        persona, day, clock=Clock(), streams=RandomStreams(7, persona.id), commute_min=25.0, **told
    )
    result: Planned = run(thought, backend=backend)
    return result


def found(planned: Planned, purpose: str) -> list[Activity]:
    return [one for one in planned.plan if one.purpose == purpose]


def unavailable(*, use_rules: bool) -> Scripted:
    error = LLMUnavailableError("nobody answered within 60 s\ntried 5 times")
    error.use_rules = use_rules
    return Scripted(lambda _: error)


class TestPlanDay:
    def test_blocks_are_fitted_around_what_is_settled(self) -> None:
        planned = plan_for(
            clerk(), answering(block("meal", "19:30", 60), block("sport", "20:30", 45))
        )
        (meal,), (sport,) = found(planned, Purpose.MEAL), found(planned, Purpose.SPORT)
        assert (meal.start_min, meal.end_min, meal.place) == (1170, 1230, clerk().home)
        assert (sport.start_min, sport.end_min, sport.place) == (1230, 1275, None)
        assert found(planned, Purpose.WORK)[0].end_min == 18 * 60
        assert (planned.source, planned.reason) == (DecisionSource.PROMPT, "as on most Mondays")

    def test_sleep_work_and_getting_up_are_those_of_the_rule(self) -> None:
        by_rule = plan_for(clerk(), None, planner=Planner(FIXED))
        planned = plan_for(clerk(), answering(block("care", "06:30", 30)))
        assert planned.plan[0].start_min == by_rule.plan[0].start_min
        assert found(planned, Purpose.SLEEP) == found(by_rule, Purpose.SLEEP)
        assert found(planned, Purpose.WORK)[0].start_min == 9 * 60 - 25

    def test_a_meal_may_interrupt_work_and_nothing_else_may(self) -> None:
        script = answering(block("meal", "12:30", 45), block("sport", "15:00", 60))
        planned = plan_for(clerk(), script)
        morning, afternoon = found(planned, Purpose.WORK)
        assert (morning.end_min, afternoon.start_min) == (12 * 60 + 30, 13 * 60 + 15)
        assert found(planned, Purpose.MEAL)[0].place == clerk().work
        assert planned.reason == "as on most Mondays (1 of 2 blocks left out)"

    @pytest.mark.parametrize(
        ("start", "out", "place"),
        [("12:30", True, None), ("19:00", True, None), ("19:00", False, 10)],
    )
    def test_meals_are_eaten_out_if_the_answer_says_so(
        self, start: str, *, out: bool, place: int | None
    ) -> None:
        planned = plan_for(clerk(), answering(block("meal", start, 45, out=out)))
        assert [one.place for one in found(planned, Purpose.MEAL)] == [place]

    @pytest.mark.parametrize("start", ["25:00", "12:60", "noon", "8", "", "-1:30", "9:3x"])
    def test_a_start_that_is_no_time_of_day_is_left_out(self, start: str) -> None:
        planned = plan_for(clerk(), answering(block("meal", start, 45), block("rest", "20:00", 30)))
        assert planned.reason.endswith("(1 of 2 blocks left out)")
        assert len(found(planned, Purpose.REST)) == 1

    def test_overlapping_blocks_move_up_to_an_hour_or_are_left_out(self) -> None:
        script = answering(*[block("leisure", "19:00", 60) for _ in range(4)])
        planned = plan_for(clerk(), script)
        # One as wished, one before it, one after it; the fourth finds no room near by.
        assert [one.start_min for one in found(planned, Purpose.LEISURE)] == [1080, 1140, 1200]
        assert planned.reason.endswith("(1 of 4 blocks left out)")

    def test_after_midnight_means_the_night_that_follows(self) -> None:
        planned = plan_for(nurse(), answering(block("meal", "02:00", 45)))
        (meal,) = found(planned, Purpose.MEAL)
        assert meal.start_min == DAY_MIN + 2 * 60
        assert meal.place == nurse().work

    def test_every_purpose_that_can_be_answered_is_planned(self) -> None:
        for purpose in PURPOSES:
            planned = plan_for(pensioner(), answering(block(purpose, "15:00", 45)))
            (one,) = found(planned, purpose)
            away = purpose not in {"care", "care_of_others", "housework", "rest", "meal"}
            assert one.place == (None if away else pensioner().home)

    @pytest.mark.slow
    @given(
        st.lists(
            st.builds(
                block,
                st.sampled_from(PURPOSES),
                st.integers(0, DAY_MIN - 1).map(clock_time),
                st.integers(5, 720),
                out=st.booleans(),
            ),
            min_size=1,
            max_size=16,
        ),
        st.sampled_from([clerk(), nurse(), pensioner(), pupil()]),
        st.integers(0, 30),
    )
    def test_whatever_is_answered_the_hours_add_up(
        self, blocks: list[dict[str, Any]], persona: Persona, day: int
    ) -> None:
        planned = plan_for(persona, answering(*blocks), day=day)
        by_rule = plan_for(persona, None, planner=Planner(FIXED), day=day)
        plan = planned.plan
        assert all(one.end_min == other.start_min for one, other in pairwise(plan))
        assert all(one.minutes > 0 for one in plan)
        assert (plan[0].start_min, plan[-1]) == (by_rule.plan[0].start_min, by_rule.plan[-1])

    def test_the_model_is_told_the_person_the_day_and_its_gaps(self) -> None:
        backend = answering(block("rest", "20:00", 30))
        plan_for(
            clerk(),
            backend,
            weather=Weather(temperature_c=8.6, rain_mm_h=1.0),
            needs={"hunger": 0.62},
            memories=["19:40 meal: stayed 55 min"],
        )
        (question,), (worded,) = backend.asked, backend.worded
        assert (question.purpose, question.reply) == ("plan", plan_reply(PURPOSES))
        assert question.facts["day"] == "Monday, 2024-04-01"
        assert question.facts["needs"] == {"hunger": 6}
        settled, free = question.facts["settled"], question.facts["free"]
        assert isinstance(settled, list)
        assert isinstance(free, list)
        assert [one["purpose"] for one in settled] == ["work", "sleep"]
        assert free[1]["start"] == "18:00"
        content = worded.messages[1][1]
        assert clerk().describe() in content
        assert "Outside it is 9 degrees Celsius and raining." in content
        assert '- "19:40 meal: stayed 55 min"' in content
        assert '- "08:35" to "18:00": "work"' in content

    def test_what_is_not_known_is_not_told(self) -> None:
        backend = answering(block("rest", "20:00", 30))
        plan_for(clerk(), backend)
        content = backend.worded[0].messages[1][1]
        assert "Outside" not in content
        assert "needs" not in content
        assert "remembers" not in content

    def test_a_holiday_is_told(self) -> None:
        backend = answering(block("rest", "20:00", 30))
        clock = Clock(holidays=frozenset({Clock().start}))
        thought = asking().plan_day(
            clerk(), MONDAY, clock=clock, streams=RandomStreams(7, 1), commute_min=25.0
        )
        run(thought, backend=backend)
        assert backend.asked[0].facts["day"] == "Monday, 2024-04-01, a holiday"

    def test_small_children_and_the_day_before_the_run_are_planned_by_rule(self) -> None:
        backend = answering(block("rest", "20:00", 30))
        assert plan_for(replace(pupil(), age=4), backend).source is DecisionSource.RULE
        assert plan_for(clerk(), backend, day=-1).source is DecisionSource.RULE
        assert backend.asked == []

    def test_the_reason_of_the_rule_lists_its_blocks(self) -> None:
        planned = plan_for(clerk(), None, planner=Planner(FIXED))
        assert planned.source is DecisionSource.RULE
        assert "08:35 work" in planned.reason


class TestWithoutReply:
    def test_rules_decide_as_they_would_have_anyway_if_the_run_says_so(self) -> None:
        planned = plan_for(clerk(), unavailable(use_rules=True))
        by_rule = plan_for(clerk(), None, planner=Planner(FIXED))
        assert planned == by_rule._replace(reason="rules after: nobody answered within 60 s")

    def test_otherwise_the_error_is_raised_and_names_the_person(self) -> None:
        with pytest.raises(LLMUnavailableError, match="nobody answered within 60 s"):
            plan_for(clerk(), unavailable(use_rules=False))

    def test_rules_replace_no_other_error(self) -> None:
        with pytest.raises(ThinkingError, match="no language model is set"):
            plan_for(clerk(), None)

    def test_an_unusable_reply_is_treated_alike(self) -> None:
        error = LLMReplyError("refused")
        error.use_rules = True
        assert plan_for(clerk(), Scripted(lambda _: error)).reason == "rules after: refused"


class TestNewPurposes:
    parameters = with_new_kinds()

    def plan(self, backend: Scripted, day: int = 6) -> Planned:
        return plan_for(pensioner(), backend, planner=asking(self.parameters), day=day)

    def test_they_are_planned_where_they_are_done(self) -> None:
        planned = self.plan(answering(block("worship", "10:00", 60), block("gaming", "15:00", 90)))
        (worship,), (gaming,) = found(planned, "worship"), found(planned, "gaming")
        assert (worship.minutes, worship.place) == (60, None)
        assert (gaming.minutes, gaming.place) == (90, pensioner().home)

    def test_the_model_is_told_what_they_are(self) -> None:
        backend = answering(block("worship", "10:00", 60))
        self.plan(backend)
        told = backend.worded[0].messages[0][1]
        worship = "a service in a place of worship; away from home; Su 09:00-12:00"
        assert f'"worship": "{worship}"' in told
        assert '"gaming": "computer games; at home"' in told
        assert '"rest", "care_of_others", "worship", "gaming"' in told

    def test_of_the_built_in_ones_care_of_others_alone_is_explained_like_them(self) -> None:
        backend = answering(block("rest", "20:00", 30))
        plan_for(clerk(), backend)
        told = backend.worded[0].messages[0][1].partition("Blocks can also be for:")[2]
        assert told.strip().startswith('- "care_of_others": "looking after children')
        assert told.count("\n- ") == 1

    def test_a_purpose_that_is_not_plannable_cannot_be_answered(self) -> None:
        never = CityParameters().with_("purposes.sport.plannable", value=False)
        with pytest.raises(ValidationError, match="purpose"):
            plan_for(
                clerk(), answering(block("sport", "19:00", 60)), planner=asking(never), day=MONDAY
            )

    def test_built_in_purposes_are_told_in_their_usual_order(self) -> None:
        assert PURPOSES == (
            "care",
            "meal",
            "housework",
            "shopping",
            "errand",
            "health",
            "leisure",
            "sport",
            "social",
            "rest",
            "care_of_others",
        )


def test_the_prompt_leaves_the_planner_as_it_was() -> None:
    planner = asking()
    before = planner.state()
    plan_for(clerk(), answering(block("rest", "20:00", 30)), planner=planner)
    assert planner.state() == before
