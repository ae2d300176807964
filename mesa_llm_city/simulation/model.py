"""A city as a Mesa model: citizens who perceive, think, act and meet when they are due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.citizen.components import ComponentOption
from mesa_llm_city.citizen.presets import Decider, check_policies, resolve_prompts
from mesa_llm_city.citizen.world import World
from mesa_llm_city.city import City
from mesa_llm_city.core.asking import Backend
from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN, Clock
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import OUTSIDE
from mesa_llm_city.parameters import CityParameters, with_keywords
from mesa_llm_city.population import Persona, Population
from mesa_llm_city.population.cultures import culture_of
from mesa_llm_city.population.outsiders.counts import Outsiders
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.simulation.collector import Collector
from mesa_llm_city.simulation.cost_estimate import CostEstimate, estimate_cost
from mesa_llm_city.simulation.crowd.model_crowd import ModelCrowd
from mesa_llm_city.simulation.demography.model_part import ModelDemography
from mesa_llm_city.simulation.economy.model_part import ModelEconomy, with_finances
from mesa_llm_city.simulation.economy.option import Economy
from mesa_llm_city.simulation.interventions.base import Intervention
from mesa_llm_city.simulation.interventions.model_part import ModelInterventions
from mesa_llm_city.simulation.interventions.schedule import Schedule
from mesa_llm_city.simulation.journal import write_needs
from mesa_llm_city.simulation.media.model_media import ModelMedia, habits_of
from mesa_llm_city.simulation.media.social_media import SocialMedia, with_reading
from mesa_llm_city.simulation.messages import ModelMessages
from mesa_llm_city.simulation.migration.model_migration import ModelMigration
from mesa_llm_city.simulation.mind_log import MINDS_EVERY_MIN, write_minds
from mesa_llm_city.simulation.news import News
from mesa_llm_city.simulation.notebook_card import card
from mesa_llm_city.simulation.outsiders import residents_of, with_outsiders
from mesa_llm_city.simulation.pause import Pause
from mesa_llm_city.simulation.people import population_of
from mesa_llm_city.simulation.records import HourlyAggregates, RecordOptions, Records
from mesa_llm_city.simulation.registration import Registration, Setup, check_people
from mesa_llm_city.simulation.reporters import LLMUse, default_reporters
from mesa_llm_city.simulation.residents import Residents
from mesa_llm_city.simulation.resumable_model import ResumableModel
from mesa_llm_city.simulation.rounds import Rounds, order_of
from mesa_llm_city.simulation.run_seed import run_seed
from mesa_llm_city.simulation.saving.model_saving import ModelSaving
from mesa_llm_city.simulation.saving.returning import Returning
from mesa_llm_city.simulation.surveys.model_surveys import ModelSurveys
from mesa_llm_city.simulation.surveys.surveys import Surveys
from mesa_llm_city.simulation.tables import ModelTables

if TYPE_CHECKING:
    from mesa_llm_city.simulation.crowd.crowd import Crowd
    from mesa_llm_city.simulation.people import PeopleOption

__all__ = ["CityModel"]

_MEETING_WINDOW_MIN = 5


class CityModel(
    ModelEconomy,
    ModelSurveys,
    ModelMedia,
    ModelCrowd,
    ModelTables,
    ModelDemography,
    ModelInterventions,
    ModelMessages,
    ModelMigration,
    ModelSaving,
    ResumableModel,
):
    """People living in a city, five minutes a step.

    In each step only those citizens take part who are due: they think at the same time, act
    in seeded order, and talk to each other. Agents of any other class live beside them, and
    their ``step`` is called once a step, as is that of a subclass of `CityAgent`. Agents may
    be added (``CityAgent(model, persona)``) and removed (``agent.remove()``) at any moment.

    Parameters
    ----------
    city : City, optional
        The map, also found as ``model.space``; a synthetic town by default.
    people : int, Population, iterable of Persona or pandas.DataFrame, default 500
        The people who live there. A number of people is synthesised; a DataFrame is read as
        a table of people (see ``docs/reference/people_table.md``).
    rng : int or numpy.random.Generator, optional
        Seed of everything, or a generator to draw one from; drawn at random by default,
        and kept as `run_seed`.
    seed : int, optional
        Another name of `rng`, as Mesa has it; give one of them.
    clock : Clock, optional
        Start date and length of a step.
    components : mapping of str to ComponentOption, optional
        Components that replace the defaults in everybody, by name, and components of your own.
    agent_class : type, default CityAgent
        Class of the citizens.
    llm : Backend, optional
        What answers the questions of thoughts, such as an `LLM`; by rules nothing is asked.
    prompts : iterable of str or str, optional
        What is asked about instead of being decided by rule: some of
        `citizen.presets.PROMPTS`, or of `citizen.presets.PRESETS` such as ``"full"``.
    without : iterable of str, optional
        What everybody goes without: some of `citizen.presets.ABLATIONS`.
    policies : mapping of str to Policy, optional
        What a policy compiled from a language model decides, at no call, by the prompt for which
        it stands: some of `citizen.presets.POLICIES`, none of `prompts`.
    outsiders : Outsiders, optional
        Who enters from outside, lives some hours in the city and leaves; by default as many
        as ``population.outsiders`` of the parameters says, none unless it is changed. They
        are left out by ``without=["outsiders"]``, and kept if `people` hold some already.
    parameters : CityParameters, optional
        Every number that shapes behaviour, and the kinds of activity, mode and need; those
        of the city by default.
    interventions : iterable of Intervention or mapping, optional
        What changes people or the world in the course of the run, as objects or as data (see
        ``docs/reference/interventions.md``).
    economy : Economy or bool, optional
        Wages, taxes, rents, shopping, fares and transfers; True stands for ``Economy()``. By
        default as the parameter ``economy.enabled`` says, which is none unless it is changed.
    media : SocialMedia, optional
        Social media that people read in their free time; none by default.
    crowd : Crowd, optional
        People who live as rows of columns beside the citizens, up to a million; none by default.
    records : RecordOptions, optional
        Whether rows of the tables are kept in memory, which is the default, or streamed to
        files, and of everybody or of a sample of the persons.
    model_reporters, agent_reporters : mapping, optional
        Reporters for `mesa.DataCollector`, besides the default ones.
    **kwargs
        Parameters by dotted name, as ``mesa.batch_run`` gives them:
        ``CityModel(**{"mobility.gravity.gamma": 1.5})``.

    Attributes
    ----------
    rounds_class : type, default Rounds
        Class of `rounds`; a subclass of the model may name another.
    minute : int
        Simulated minutes since midnight of the first day.
    step_end : int
        Minute at which the step under way ends; between steps, the next one.
    run_seed : int
        Seed of the run; once the model is reseeded, the seed of what is to come.
    population : sequence of Persona
        Those who lived there at first, and those who enter from outside.
    records : Records
        What has happened; rows of a crowd are appended to its tables.
    surveys : Surveys
        Surveys that were or will be held, and their answers.
    residents : Residents
        The citizens by id, place and minute at which they are due.
    news : News
        What is passed on from person to person.
    registration : Registration
        How people come to live here, and leave.
    rounds : Rounds
        How those who are due live.
    datacollector : mesa.DataCollector
        At each step, how many people are doing what.

    Raises
    ------
    ConfigError
        If an option is outside its range, or there are prompts but no language model.
    DataError
        If two people share an id, the home or work of a person is not in the city, a table
        of weather has no row for the first step, or interventions have defects, all of them
        listed.

    Examples
    --------
    >>> from mesa_llm_city import City, CityModel
    >>> model = CityModel(City.synthetic(rng=1, places=400), 20, rng=7)
    >>> model.step()
    >>> model.minute, model.doing["sleep"] > 0
    (5, True)
    """

    rounds_class: type[Rounds] = Rounds

    def __init__(
        self,
        city: City | None = None,
        people: PeopleOption = 500,
        *,
        rng: int | np.random.Generator | None = None,
        seed: int | None = None,
        clock: Clock | None = None,
        components: Mapping[str, ComponentOption] | None = None,
        agent_class: type[CityAgent] = CityAgent,
        llm: Backend | None = None,
        prompts: Iterable[str] | str = (),
        without: Iterable[str] = (),
        policies: Mapping[str, Decider] | None = None,
        outsiders: Outsiders | None = None,
        parameters: CityParameters | None = None,
        interventions: Iterable[Intervention | Mapping[str, object]] | None = None,
        economy: Economy | bool | None = None,
        media: SocialMedia | None = None,
        crowd: Crowd | None = None,
        records: RecordOptions | None = None,
        model_reporters: Mapping[str, Any] | None = None,
        agent_reporters: Mapping[str, Any] | None = None,
        # Mesa's page looks for this name to know that more arguments are taken.
        **kwargs: object,
    ) -> None:
        # What a subclass has set before belongs to it.
        given = frozenset(vars(self))
        self.prompts = resolve_prompts(prompts)
        self.without = tuple(without)
        self.policies = dict(policies or {})
        check_policies(self.policies, self.prompts)
        _check_llm(self.prompts, llm)
        self.run_seed = self.first_seed = run_seed(rng, seed)
        super().__init__(rng=self.run_seed)
        self.city = _city_of_culture(_city(city, self.run_seed, parameters, kwargs), people)
        self.city = self.city if media is None else with_reading(self.city)
        self.parameters = self.city.parameters
        self.city, self.population = self._everybody(people, outsiders)
        self.space = self.city
        self.clock = _clock(clock)
        self.minute = 0
        self.step_end = self.clock.step_min
        self.agent_class = agent_class
        self.records = self._make_records()
        self.residents = Residents()
        self.surveys = Surveys()
        self.news = News(self.residents, self.parameters, self.find_refuge)
        self.world = World(self.city, self.clock)
        self.rounds = self._make_rounds(llm)
        own = with_finances(economy, components, self.parameters)
        self.registration = self._make_registration({**habits_of(media), **own})
        self.world.check_weather(self.minute, self.step_end)
        check_people(self.population, len(self.city.places))
        self._settle(people)
        self.begin_migration()
        self._begin_economy(economy)
        self.begin_media(media)
        self.begin_crowd(crowd)
        self.datacollector = self._make_collector(model_reporters, agent_reporters)
        self.intervention_schedule = Schedule()
        self._begin_interventions(interventions)
        if records is not None:
            self.keep_records(records)
        # With what the class has, since some of it is worked out when it is first asked for.
        self.usual_attributes = frozenset({*vars(self), *dir(CityModel)}) - given

    def add(self, persona: Persona) -> CityAgent:
        """Let a person live here from now on, as an agent of the model's own class.

        Parameters
        ----------
        persona : Persona
            The person; home and work are places of the city, and nobody has the same id.

        Raises
        ------
        DataError
            If the person cannot live here.
        """
        return self.agent_class(self, persona)

    def step(self) -> None:
        """Let the minutes of a step pass, five by default."""
        self.step_end = end = self.minute + self.clock.step_min
        if self.intervention_schedule.has_conditions:
            self.intervention_schedule.look(self)
        if self.minute % HOUR_MIN < self.clock.step_min:
            write_needs(self.records, self.citizens, self.minute)
            if self._crowd is not None:
                self._crowd.write_needs(self.minute)
        if self.records.minds is not None and self.minute % MINDS_EVERY_MIN < self.clock.step_min:
            write_minds(self.records.minds, self.citizens, self.minute)
        self.live_economy()
        self.demography.live_step(self.minute, end)
        # People meet within five minutes, so that longer steps lead to the same life.
        for begin in range(self.minute, end, _MEETING_WINDOW_MIN):
            self.residents.now = begin
            if self.intervention_schedule.next_min <= begin:
                self.intervention_schedule.live(self, begin)
            self.rounds.live_until(min(begin + _MEETING_WINDOW_MIN, end))
            if self._crowd is not None:
                self._crowd.live_until(min(begin + _MEETING_WINDOW_MIN, end))
            self.news.deliver(min(begin + _MEETING_WINDOW_MIN, end))
            if self._media is not None:
                self._media.live(begin, min(begin + _MEETING_WINDOW_MIN, end))
        self.minute = self.residents.now = end
        self.migrate()
        self._step_others()
        self.surveys.hold_due(self)
        self.step_end = end + self.clock.step_min
        self.datacollector.collect(self)

    def run_days(self, days: int = 1) -> None:
        """Run whole days of 24 hours.

        Raises
        ------
        ConfigError
            If `days` is below 1.
        DataError
            If the table of weather ends before.
        """
        if days < 1:
            message = f"days must be at least 1, got {days}"
            raise ConfigError(message)
        self.world.check_weather(self.minute, self.minute + days * DAY_MIN)
        for _ in range(days * self.clock.steps_per_day):
            self.step()

    @property
    def citizens(self) -> list[CityAgent]:
        """Those who live here; read it, and add or remove agents by their own methods."""
        return self.residents.agents

    @property
    def doing(self) -> Counter[str]:
        """How many people are doing what, by purpose."""
        return self.residents.doing

    @property
    def llm(self) -> Backend | None:
        """What answers the questions of thoughts; None if rules decide everything."""
        return self.rounds.llm

    @llm.setter
    def llm(self, llm: Backend | None) -> None:
        self.rounds.llm = llm

    @property
    def llm_use(self) -> LLMUse:
        """What this model alone has asked of its language model."""
        return self.rounds.use

    @property
    def pause(self) -> Pause:
        """Where the model can be held up between two citizens."""
        return self.rounds.pause

    @property
    def step_progress(self) -> float:
        """How much is done of what those who are due in this step do, in [0, 1]."""
        return self.rounds.progress.share

    def people_at(self, place: int) -> list[CityAgent]:
        """Return the citizens at a place, in the order of their ids."""
        return self.residents.at(place)

    def cost_estimate(self, days: int = 1) -> CostEstimate:
        """Return how much days from now would ask, and at what price (see `estimate_cost`)."""
        return estimate_cost(self, days=days)

    def _repr_html_(self) -> str:
        """Return a small card for notebooks."""
        return card(self)

    def _everybody(
        self, people: PeopleOption, outsiders: Outsiders | None
    ) -> tuple[City, Sequence[Persona]]:
        """Return the city, with gates if outsiders enter, and all people."""
        if isinstance(people, Returning):
            return self.city, people
        known = population_of(
            people, city=self.city, seed=self.run_seed, parameters=self.parameters
        )
        residents = residents_of(known)
        if "outsiders" in self.without:
            return self.city, residents
        if len(residents) < len(known):
            return self.city, known
        city, everybody = with_outsiders(
            self.city, residents, outsiders, seed=self.run_seed, parameters=self.parameters
        )
        return city, known if len(everybody) == len(known) else everybody

    def _make_records(self) -> Records:
        aggregates = HourlyAggregates(
            self.city.zones.names,
            self.city.places.zone,
            self._watched(),
            tuple(self.parameters.modes),
        )
        return Records(tuple(self.parameters.needs), aggregates)

    def _make_rounds(self, llm: Backend | None) -> Rounds:
        return self.rounds_class(
            self.residents,
            self.records,
            self.world,
            seed=self.run_seed,
            gap_min=self.parameters.social.contact.gap_min,
            llm=llm,
        )

    def _make_registration(self, components: Mapping[str, ComponentOption] | None) -> Registration:
        return Registration(
            self._setup(components),
            world=self.world,
            residents=self.residents,
            records=self.records,
        )

    def _settle(self, people: PeopleOption) -> None:
        """Let all live here who are there at first, or who were there in a save."""
        if isinstance(people, Returning):
            people.settle(self)
            return
        for persona in self.population:
            self.agent_class(self, persona)
        self.registration.begin_ties()

    def _make_collector(
        self, of_model: Mapping[str, Any] | None, of_agents: Mapping[str, Any] | None
    ) -> Collector:
        reporters = default_reporters(
            self._watched(), llm=self.llm is not None, crowd=self.crowd_or_none is not None
        )
        return Collector(
            model_reporters={**reporters, **(of_model or {})},
            agent_reporters=dict(of_agents) if of_agents else None,
        )

    def _watched(self) -> tuple[str, ...]:
        """Return what people can be doing; being outside only where there are outsiders."""
        enter = any(one.outsider is not None for one in self.population)
        return (*self.parameters.purposes, OUTSIDE) if enter else tuple(self.parameters.purposes)

    def _setup(self, components: Mapping[str, ComponentOption] | None) -> Setup:
        return Setup(
            seed=self.run_seed,
            parameters=self.parameters,
            prompts=self.prompts,
            without=self.without,
            components=dict(components or {}),
            policies=self.policies,
        )

    def _step_others(self) -> None:
        """Step all agents but the citizens who only live, which they have done."""
        # In the order of their first agents, which a model that was saved and loaded has too.
        living = [(kind, agents) for kind, agents in self.agents_by_type.items() if len(agents)]
        for kind, agents in sorted(living, key=lambda one: next(iter(one[1])).unique_id):
            if not issubclass(kind, CityAgent):
                agents.shuffle_do("step")
            elif kind.step is not CityAgent.step:
                self._step_citizens([one for one in agents if isinstance(one, CityAgent)])

    def _step_citizens(self, agents: list[CityAgent]) -> None:
        for agent in order_of(agents, seed=self.rounds.seed, minute=self.minute):
            # One who stepped before may have removed this one.
            if not agent.is_removed:
                agent.step()


def _clock(given: object) -> Clock:
    if given is not None and not isinstance(given, Clock):
        message = f"clock must be a Clock, got {given!r}; write clock=Clock(start='2024-05-03')"
        raise ConfigError(message)
    return given or Clock()


def _city(
    given: City | None,
    seed: int,
    parameters: CityParameters | None,
    dotted: Mapping[str, object],
) -> City:
    """Return the city with the parameters of the model, those given by dotted name included."""
    if dotted:
        own = parameters if parameters is not None or given is None else given.parameters
        parameters = with_keywords(own, dotted)
    if given is None:
        return City.synthetic(rng=seed, parameters=parameters)
    return given if parameters is None else given.with_parameters(parameters)


def _city_of_culture(city: City, people: object) -> City:
    """Return the city with the parameters of the culture of the people, if they have one."""
    if not isinstance(people, Population) or people.culture is None:
        return city
    return city.with_parameters(culture_of(people.culture).applied(city.parameters))


def _check_llm(prompts: frozenset[str], llm: Backend | None) -> None:
    if prompts and llm is None:
        message = (
            f"prompts {', '.join(sorted(prompts))} ask a language model, but there is none; "
            "give llm=LLM(...), or leave the prompts out and have rules decide"
        )
        raise ConfigError(message)
