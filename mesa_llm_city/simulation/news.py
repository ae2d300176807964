"""News: messages that are on their way to people, and how they pass from person to person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from mesa_llm_city.core.inverse_draws import exponential_of
from mesa_llm_city.core.message import Heard, Message
from mesa_llm_city.core.values import ReactionKind
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.simulation.residents import Residents
from mesa_llm_city.social import channel_of

if TYPE_CHECKING:
    # Agents pass messages on; only annotations close the circle.
    from mesa_llm_city.simulation.agent import CityAgent

__all__ = ["News"]

_FACE, _PHONE = "in_person", "phone"


class News:
    """The messages of a model: their numbers, and those that are on their way.

    What somebody says is heard once the five minutes in which it is said are over.

    Parameters
    ----------
    residents : Residents
        Those who live in the model.
    parameters : CityParameters
        ``social.messages``: who tells whom.
    find_refuge : callable
        Takes a person, a message of danger in some area, and a minute; finds a refuge for the
        household whose home lies in the area.

    Attributes
    ----------
    count : int
        Number of messages so far, without those passed on.
    parameters : CityParameters
        As given.
    """

    def __init__(
        self,
        residents: Residents,
        parameters: CityParameters,
        find_refuge: Callable[[CityAgent, Message, int], None],
    ) -> None:
        self._residents, self._find_refuge = residents, find_refuge
        self.parameters = parameters
        self.count = 0
        self._said: list[tuple[int, Message, int]] = []
        self._passed_on: dict[int, set[str]] = {}

    def tell(self, agents: Iterable[CityAgent], message: Message, *, at_min: int) -> int:
        """Let people hear a message from a minute on, and return how many are told.

        Who hears it when depends on the channel: at once, or each after a time of their own
        (``delay_min``).
        """
        listeners = list(agents)
        mean = channel_of(message.channel, self.parameters.social.messages).delay_min
        for agent in listeners:
            if mean <= 0.0:
                self._hear(agent, message, at_min)
                continue
            draws = agent.citizen.streams.at(f"delay of {message.id}", step=at_min)
            late = round(mean * float(exponential_of(draws.random())))
            self._said.append((at_min + late, message, agent.person))
        return len(listeners)

    def wake(self, agents: Iterable[CityAgent], *, at_min: int) -> None:
        """Have people think at a minute, and end their sleep."""
        for agent in agents:
            agent.citizen.wake(at_min=at_min)
            self._residents.reschedule(agent)

    def pass_on(self, agent: CityAgent, heard: Iterable[Heard], *, at_min: int) -> None:
        """Let a person tell others what has been heard, once for each topic.

        The household comes first, then those to whom the person has the closest ties
        (``social.messages.ties_told``); who is at the same place is told face to face, others
        are called.
        """
        numbers = self.parameters.social.messages
        for one in heard:
            message, passed_on = one.message, self._passed_on.setdefault(agent.person, set())
            fresh = f"{message.topic} {message.id} {one.response.kind}"
            if (
                not one.response.informs
                or message.passed >= numbers.most_passed
                or fresh in passed_on
            ):
                continue
            passed_on.add(fresh)
            leaves = at_min + one.response.minutes
            leaving = leaves if one.response.kind is ReactionKind.FLEE else None
            for other in self._listeners(agent, message, at_min):
                channel = _FACE if other.present_at == agent.present_at is not None else _PHONE
                passed = message.passed_on(agent.person, channel, minute=at_min, leaves_min=leaving)
                self._said.append((max(at_min, one.tells_min or at_min), passed, other.person))

    def say(self, message: Message, person: int, *, at_min: int) -> None:
        """Have somebody who lives in the model hear what is said, once the round is over."""
        self._said.append((at_min, message, person))

    def deliver(self, minute: int) -> None:
        """Let those hear whom messages reach before a minute."""
        if not self._said:
            return
        said = [one for one in self._said if one[0] < minute]
        self._said = [one for one in self._said if one[0] >= minute]
        for _, message, person in said:
            if (other := self._residents.by_id.get(person)) is not None:
                self._hear(other, message, minute)

    def state(self) -> dict[str, Any]:
        """Return numbers, what is being passed on, and who has told what, as plain values."""
        return {
            "count": self.count,
            "said": [[at, message.to_json(), person] for at, message, person in self._said],
            "told": [
                [person, sorted(topics)] for person, topics in sorted(self._passed_on.items())
            ],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self.count = int(state["count"])
        self._said = [
            (int(at), Message.from_json(one), int(person)) for at, one, person in state["said"]
        ]
        self._passed_on = {int(person): set(topics) for person, topics in state["told"]}

    def _hear(self, agent: CityAgent, message: Message, minute: int) -> None:
        if message.danger > 0.0 and not message.is_everywhere:
            self._find_refuge(agent, message, minute)
        agent.citizen.hear(message, at_min=minute)
        self._residents.reschedule(agent)

    def _listeners(self, agent: CityAgent, message: Message, minute: int) -> list[CityAgent]:
        """Return whom a person tells: the household, then the closest ties."""
        household = self._residents.household_of(agent)
        ties, most = agent.citizen.components.ties, self.parameters.social.messages.ties_told
        known: list[CityAgent] = []
        if ties is not None and most and len(others := ties.others):
            closeness = ties.belief(others, at_min=minute)
            order = sorted(range(len(others)), key=lambda row: (-closeness[row], others[row]))
            found = (self._residents.by_id.get(int(others[row])) for row in order)
            near = (one for one in found if one is not None and one not in household)
            known = [one for one, _ in zip(near, range(most), strict=False)]
        listeners = sorted(household, key=lambda one: one.person) + known
        return [one for one in listeners if one.person != message.sender]
