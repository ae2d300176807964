"""The rounds of a step: those who are due perceive, think, act, and then meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mesa_llm_city.citizen.intention import Intention
from mesa_llm_city.citizen.world import World
from mesa_llm_city.core.asking import Backend, Thought, run_all
from mesa_llm_city.core.errors import CityError
from mesa_llm_city.core.streams import uniform, uniforms
from mesa_llm_city.core.values import DecisionSource, Observation, ReactionKind
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.simulation.crowd.crowd_company import CrowdCompany, Everybody
from mesa_llm_city.simulation.crowd.row_person import RowPerson
from mesa_llm_city.simulation.encounters import Meeting, answers, converse, exchange_views, meetings
from mesa_llm_city.simulation.journal import write_answer, write_conversation
from mesa_llm_city.simulation.pause import Pause
from mesa_llm_city.simulation.records import Records
from mesa_llm_city.simulation.reporters import LLMUse
from mesa_llm_city.simulation.residents import Residents
from mesa_llm_city.simulation.step_progress import StepProgress

__all__ = ["Rounds", "order_of"]

_FEW = 50  # fewer draw faster one by one than all together; the numbers are the same


class Rounds:
    """Lets citizens live until a minute.

    All who are due perceive and think at the same time, act one after another in seeded
    order, and those who wish to talk meet. Subclass it and override one of these phases to
    change it for everybody; name the subclass as `CityModel.rounds_class`.

    Parameters
    ----------
    residents : Residents
        Those who live in the model.
    records : Records
        Where conversations and answers are written down.
    world : World
        The city and the names of its people.
    seed : int
        Seed of the order of acting.
    gap_min : int
        Least time from one contact of a person to the next, in minutes.
    llm : Backend, optional
        What answers the questions of thoughts.

    Attributes
    ----------
    llm : Backend or None
        As given.
    seed, gap_min : int
        As given.
    use : LLMUse
        What these rounds have asked of it.
    pause : Pause
        Where the model can be held up between two citizens.
    progress : StepProgress
        How far the people have come who are due.
    """

    def __init__(
        self,
        residents: Residents,
        records: Records,
        world: World,
        *,
        seed: int,
        gap_min: int,
        llm: Backend | None,
    ) -> None:
        self._residents, self._records, self._world = residents, records, world
        self.gap_min, self.seed = gap_min, seed
        self.llm = llm
        self.company: CrowdCompany | None = None
        self.use = LLMUse()
        self.pause = Pause()
        self.progress = StepProgress()

    def live_until(self, end: int) -> None:
        """Let all citizens live until just before minute `end`, and then meet."""
        intended: dict[CityAgent, Intention] = {}
        while due := self._residents.due_before(end):
            self.progress.expect(len(due))
            intentions = self.think(due, self.perceive(due))
            self.act(due, intentions)
            intended |= zip(due, intentions, strict=True)
        self.meet(intended, at_min=end - 1)

    def live_alone(self, agent: CityAgent, end: int) -> None:
        """Let one citizen live until just before minute `end`; nobody else is touched."""
        while not agent.is_removed and agent.citizen.now.next_due < end:
            self.act([agent], self.think([agent], self.perceive([agent])))

    def perceive(self, due: Sequence[CityAgent]) -> list[Observation]:
        """Return what each of `due` sees at the minute at which it is due."""
        for agent in due:
            agent.has_changed = False
        return [agent.observe(agent.citizen.now.next_due) for agent in due]

    def think(self, due: Sequence[CityAgent], seen: Sequence[Observation]) -> list[Intention]:
        """Return what each of `due` intends, given what it has `seen`; nothing changes yet."""
        thoughts = [
            Thought(self._decided(agent, one), person=agent.person, minute=one.minute)
            for agent, one in zip(due, seen, strict=True)
        ]
        with self.use.counted(self.llm):
            return run_all(thoughts, backend=self.llm)

    async def _decided(self, agent: CityAgent, seen: Observation) -> Intention:
        """Return what a citizen intends, and count it (a thought)."""
        self.progress.begun += 1
        intention = await agent.decide(seen)
        self.progress.thought += 1
        return intention

    def act(self, due: Sequence[CityAgent], intentions: Sequence[Intention]) -> None:
        """Let all of `due` act, one after another in seeded order (see `order_of`).

        Left out are those whom somebody has removed who acted before, and those whose lives
        were changed: they think anew, as they are due still.
        """
        meant = dict(zip(due, intentions, strict=True))
        for agent in order_of(due, seed=self.seed, minute=self._residents.now):
            self.pause.wait()
            self.progress.acted += 1
            if not agent.is_removed and not agent.has_changed:
                agent.act(meant[agent])
                _check_moved_on(agent, meant[agent])

    def meet(self, intended: Mapping[CityAgent, Intention], *, at_min: int) -> None:
        """Let those who wish to talk find each other and talk, and both remember it."""
        still = {agent: one for agent, one in intended.items() if not agent.is_removed}
        everybody: Mapping[int, CityAgent] = self._residents.by_id
        if self.company is not None:
            everybody = Everybody(everybody, self.company)
        met = meetings(still, everybody, minute=at_min, gap_min=self.gap_min)
        if not met:
            return
        silent = self._unanswered(met)
        talking = [one for one in met if one not in silent]
        with self.use.counted(self.llm):
            talks = converse(talking, backend=self.llm)
        for one, talk in talks:
            first, second = one.first.citizen, one.second.citizen
            first.learn_from_talk(talk.first, second.persona, talk.topic, at_min=at_min)
            second.learn_from_talk(talk.second, first.persona, talk.topic, at_min=at_min)
            exchange_views(one, at_min=at_min)
            write_conversation(self._records, one, talk, self._world.names)
            if isinstance(one.second, RowPerson):
                one.second.keep()

    def _unanswered(self, met: Sequence[Meeting]) -> list[Meeting]:
        """Return the meetings that do not come about, since a message stays unanswered."""
        silent = []
        with self.use.counted(self.llm):
            replies = answers(met, backend=self.llm)
        for one, reaction in replies:
            if reaction.source is DecisionSource.PROMPT:
                write_answer(self._records, one, reaction)
            if reaction.kind is not ReactionKind.REPLY:
                silent.append(one)
        return silent


def order_of(agents: Sequence[CityAgent], *, seed: int, minute: int) -> list[CityAgent]:
    """Return citizens in random order, in which two stand the same way whoever else is there.

    Each draws its own number from its own stream, so that one more citizen who is due, as in
    another future of the same past, exchanges no two others.

    Parameters
    ----------
    agents : sequence of CityAgent
        Those to order.
    seed : int
        Seed of the run.
    minute : int
        When.
    """
    if len(agents) < 2:
        return list(agents)
    persons = [agent.person for agent in agents]
    drawn = (
        [uniform(seed, person, "order", minute) for person in persons]
        if len(persons) < _FEW
        else uniforms(seed, persons, "order", minute, 1)[:, 0].tolist()
    )
    # An id decides between equal numbers, and no two citizens have the same.
    keys = dict(zip(agents, zip(drawn, persons, strict=True), strict=True))
    return sorted(agents, key=keys.__getitem__)


def _check_moved_on(agent: CityAgent, intention: Intention) -> None:
    """Raise an error if a citizen has acted and is due at the same minute still."""
    if not agent.is_removed and agent.citizen.now.next_due <= intention.minute:
        message = (
            f"{type(agent).__name__}.act left the citizen due at the minute at which it acted; "
            "call super().act(intention) in it"
        )
        raise CityError(message, person=agent.person, minute=intention.minute)
