"""School, studies, work and retirement, and the birthdays that bring them."""

from __future__ import annotations

from dataclasses import replace
from numbers import Integral

import numpy as np

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Purpose
from mesa_llm_city.population import Occupation, Persona
from mesa_llm_city.population.categories import AGE_GROUPS, EMPLOYED, Education, age_group
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.simulation.demography.families import Families
from mesa_llm_city.simulation.demography.relocation import free_up, vacate
from mesa_llm_city.simulation.demography.remaking import with_hours, with_licence
from mesa_llm_city.simulation.demography.room import draw_work

__all__ = ["Careers"]

_LEARNERS = (Occupation.PUPIL, Occupation.STUDENT)
_DUTIES = (Purpose.WORK, Purpose.SCHOOL)


class Careers(Families):
    """Changes of occupation, work and school."""

    def change_job(self, agent: CityAgent, work: int | None = None) -> int | None:
        """Let an employed person work, or a learner learn, in another place.

        Who is there leaves at once; hours of work, sleep and meals are drawn anew.

        Parameters
        ----------
        agent : CityAgent
            The person.
        work : int, optional
            Place id; drawn as the synthesis does, where there is room, if not given.

        Returns
        -------
        int or None
            Place id; None if the city has no such place.

        Raises
        ------
        ConfigError
            If the person neither works nor learns.
        """
        self.check_here(agent)
        persona = agent.persona
        if not persona.is_employed and persona.occupation not in _LEARNERS:
            message = (
                f"person {agent.person} is {persona.occupation} and has no place of work or "
                "school to change; use change_occupation"
            )
            raise ConfigError(message)
        event = "school" if persona.occupation in _LEARNERS else "job"
        return self.change_occupation(agent, persona.occupation, work, event=event)

    def change_occupation(
        self,
        agent: CityAgent,
        occupation: Occupation | str,
        work: int | None = None,
        *,
        event: str = "occupation",
    ) -> int | None:
        """Let a person do something else: begin school, studies or work, or end them.

        Parameters
        ----------
        agent : CityAgent
            The person.
        occupation : Occupation or str
            What the person is from now on.
        work : int, optional
            Place id of work or school; drawn where there is room if not given.
        event : str, default "occupation"
            Name of the event in the table of events.

        Returns
        -------
        int or None
            Place id of work or school; None without any.

        Raises
        ------
        ConfigError
            If there is no such occupation.
        DataError
            If the person has left the model, or `work` is no place of the city.
        """
        self.check_here(agent)
        after = self._employed_as(agent, _occupation(occupation), work)
        self._leave_work(agent)
        details = f"{after.occupation}, at place {after.work}" if after.work is not None else ""
        self.change(agent, after, event, details or str(after.occupation))
        self.begin_ties([agent])
        self.tell([agent], _told(event, after), _kind(event, after))
        return after.work

    def retire(self, agent: CityAgent) -> None:
        """Let a person retire; see `change_occupation`."""
        self.change_occupation(agent, Occupation.RETIRED, event="retirement")

    def start_school(self, agent: CityAgent, school: int | None = None) -> int | None:
        """Let a child begin school, near home if `school` is not given; return its place id."""
        return self.change_occupation(agent, Occupation.PUPIL, school, event="school")

    def birthday(self, agent: CityAgent) -> None:
        """Let a person be a year older, and do what people do at that age.

        School begins and ends, studies end, the employed retire, at the ages of
        ``population.demography.working_life``; a licence may be had.
        """
        self.check_here(agent)
        model, before = self.model, agent.persona
        older = replace(before, age=before.age + 1)
        share = self.marginals.ownership["licence"]
        grown = with_licence(
            before, older, seed=model.run_seed, share=share, parameters=model.parameters
        )
        household = before.household.id
        outside = self.outside(household) or 0
        self.change(agent, grown, "birthday", str(grown.age))
        self.reshape(household, outside=outside)
        self._come_of_age(agent)

    def _come_of_age(self, agent: CityAgent) -> None:
        persona, ages = agent.persona, self.parameters.working_life
        job = persona.occupation
        if job is Occupation.INFANT and persona.age >= ages.school_age:
            self.start_school(agent)
        elif job is Occupation.PUPIL and persona.age >= ages.studies_age:
            self._schooled(agent, Education.SECONDARY)
            self.change_occupation(agent, self._next_occupation(persona, studies=True))
        elif job is Occupation.STUDENT and persona.age == ages.work_age:
            self._schooled(agent, Education.TERTIARY)
            self.change_occupation(agent, self._next_occupation(persona, studies=False))
        elif persona.is_employed and persona.age == ages.retirement_age:
            self.retire(agent)

    def _schooled(self, agent: CityAgent, education: Education) -> None:
        self.change(agent, replace(agent.persona, education=education))

    def _next_occupation(self, persona: Persona, *, studies: bool) -> Occupation:
        """Draw what a person does after school or studies, by the shares of the age group."""
        group = AGE_GROUPS[age_group(persona.age)].label
        left = () if studies else (Occupation.STUDENT,)
        jobs = [one for one in Occupation if one not in (*left, Occupation.PUPIL)]
        shares = np.array([self.marginals.occupation.get(f"{group} {job}", 0.0) for job in jobs])
        if not shares.any():
            return Occupation.UNEMPLOYED
        draw = float(self.rng(persona.id, "occupation").random())
        return jobs[int(np.searchsorted(np.cumsum(shares) / shares.sum(), draw, side="right"))]

    def _employed_as(self, agent: CityAgent, job: Occupation, work: int | None) -> Persona:
        model, before = self.model, agent.persona
        changed = replace(before, occupation=job)
        if work is None:
            draws, numbers = self.rng(before.id, "work"), model.parameters.population.commuting
            work = draw_work(changed, self.room(), draws, parameters=numbers, but=before.work)
        places = len(model.city.places)
        if work is not None and not (isinstance(work, Integral) and 0 <= work < places):
            message = f"work must be one of the city's {places} places, got {work!r:.80}"
            raise DataError(message)
        return with_hours(
            replace(changed, work=work),
            city=model.city,
            seed=self.seed_at(before.id, "hours"),
            marginals=self.marginals,
            parameters=model.parameters,
            income=(before.occupation in EMPLOYED) != (job in EMPLOYED) or job not in EMPLOYED,
        )

    def _leave_work(self, agent: CityAgent) -> None:
        persona = agent.persona
        if persona.work is not None and persona.work != persona.home:
            vacate(agent, persona.work, persona.home, takes_along=False)
        free_up(agent, _DUTIES)


def _occupation(name: Occupation | str) -> Occupation:
    try:
        return Occupation(name)
    except ValueError as error:
        message = f"there is no occupation {name!r}; they are {', '.join(Occupation)}"
        raise ConfigError(message) from error


def _told(event: str, persona: Persona) -> str:
    if event == "retirement":
        return "retired from work"
    if persona.occupation in _LEARNERS:
        return f"became {_ARTICLE[persona.occupation]} at a new school"
    return "began a new job" if persona.is_employed else f"became {persona.occupation}"


def _kind(event: str, persona: Persona) -> str:
    if event == "retirement":
        return event
    return "school" if persona.occupation in _LEARNERS else "work"


_ARTICLE = {Occupation.PUPIL: "a pupil", Occupation.STUDENT: "a student"}
