"""People talk with those who think alike, with those who think otherwise, or with anybody."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from mesa_llm_city.models.polarisation.arguing import argue
from mesa_llm_city.models.polarisation.observed import Observed, messages_table, people_table
from mesa_llm_city.models.polarisation.talk import (
    ARMS,
    PERSUADER,
    TALKS,
    Heard,
    from_friends,
    from_persuaders,
)
from mesa_llm_city.models.polarisation.ties import friends_graph
from mesa_llm_city.models.polarisation.words import TOPICS, said_by_friend, said_by_persuader

from mesa_llm_city.core.asking import Backend
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.option_checks import OptionChecks
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.simulation.society import SocietyModel
from mesa_llm_city.social.audience import Audience
from mesa_llm_city.social.media import FollowerGraph
from mesa_llm_city.social.post import Post
from mesa_llm_city.social.stance import Stance
from mesa_llm_city.social.stance_prompt import StancePrompt

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Polarisation"]

_STEPS_A_DAY = 3
_LEAST_PEOPLE = 4


class Polarisation(Observed, SocietyModel):  # type: ignore[misc]  # models are checked one by one
    """A topic that divides people, over some days of talk; the README tells the options.

    A step takes eight hours, in which everybody hears at most one message.

    Examples
    --------
    >>> alike, different = (Polarisation(arm=arm, rng=7) for arm in ("alike", "different"))
    >>> alike.run_to_end()
    >>> different.run_to_end()
    >>> alike.extremity > different.extremity
    True
    """

    PROMPTS: ClassVar[tuple[str, ...]] = ("consider", "argue")
    STEP_MIN: ClassVar[int] = 480
    REPORTED: ClassVar[tuple[str, ...]] = (
        *("mean", "variance", "bimodality", "esteban_ray", "extremity", "assortativity"),
        *("more", "less", "opposed", "unchanged", "hearing"),
    )
    STATE: ClassVar[tuple[str, ...]] = ("audience", "heard", "last_heard")
    SHARED: ClassVar[tuple[str, ...]] = ("graph", "first", "sides")
    LEVERS: ClassVar[tuple[str, ...]] = ("arm", "talk", "persuader")

    def __init__(
        self,
        people: int = 100,
        days: int = 3,
        arm: str = "control",
        talk: str = "persuaders",
        graph: str | Path | FollowerGraph = "random",
        *,
        ties: int = 6,
        start: float = 0.4,
        persuader: float = 0.9,
        flipped: bool = False,
        rng: int | np.random.Generator | None = None,
        seed: int | None = None,
        llm: Backend | None = None,
        prompts: Iterable[str] | str = (),
        parameters: CityParameters | None = None,
        **keywords: object,
    ) -> None:
        _check(people=people, days=days, ties=ties, start=start, flipped=flipped)
        super().__init__(
            length=_STEPS_A_DAY * days,
            rng=rng,
            seed=seed,
            llm=llm,
            prompts=prompts,
            parameters=parameters,
            keywords=keywords,
        )
        self.people, self.topic = people, TOPICS[bool(flipped)]
        self.arm, self.talk, self.persuader = arm, talk, persuader
        self.sides = self._sides_at_first(people) * (-1 if flipped else 1)
        self.first: Float = start * self.sides.astype(np.float64)
        self.graph = friends_graph(graph, self.sides, ties=ties, seed=self.first_seed)
        self.audience = self._people_at_first()
        self.heard: list[tuple[int, Heard, Float]] = []
        self.last_heard: dict[int, str] = {}

    # Levers.

    @property
    def arm(self) -> str:
        """Whom people hear, one of `talk.ARMS`."""
        return self._arm

    @arm.setter
    def arm(self, arm: str) -> None:
        self._arm = _one_of("arm", arm, ARMS)

    @property
    def talk(self) -> str:
        """Who talks to them in the arms alike and different, one of `talk.TALKS`."""
        return self._talk

    @talk.setter
    def talk(self, talk: str) -> None:
        self._talk = _one_of("talk", talk, TALKS)

    @property
    def persuader(self) -> float:
        """Distance of what persuaders say from the middle."""
        return self._persuader

    @persuader.setter
    def persuader(self, persuader: float) -> None:
        checks = OptionChecks()
        checks.number("persuader", persuader, most=1.0)
        checks.finish()
        self._persuader = persuader

    # A step.

    def live(self) -> None:
        """Let everybody hear a message, and think about it at the same time."""
        heard = self._said()
        if self.prompts:
            self._consider(heard)
        else:
            self._discuss(heard)
        self.heard.append((self.minute, heard, self.stances[heard.people]))

    def _said(self) -> Heard:
        if self.arm != "control" and self.talk == "persuaders":
            return from_persuaders(self.sides, self.arm, self.persuader)
        friend = self.uniforms("friend", self.people)[:, 0]
        return from_friends(self.graph, self.stances, self.arm, friend)

    def _discuss(self, heard: Heard) -> None:
        """Change stances by rule, for all rows at once."""
        noise = self.uniforms("noise", heard.people)[:, 0]
        self.audience.discuss(
            heard.people, self.topic, heard.stances[:, np.newaxis], uniforms=noise
        )
        self.decided["rule"] += len(heard.people)

    def _consider(self, heard: Heard) -> None:
        """Change stances as each person's thought says."""
        people, texts = heard.people.tolist(), self._texts(heard)
        thoughts = [
            self.prompted("consider", self.opinion_of(person), StancePrompt()).consider(
                self._post(row, heard, texts[row]),
                at_min=self.minute,
                author=_author(int(heard.speakers[row])),
                rng=self.stream("noise", person),
            )
            for row, person in enumerate(people)
        ]
        for person, one in zip(people, self.decide(people, thoughts), strict=True):
            self.audience.stances[person, 0] = np.clip(one.stance, -1.0, 1.0)
            self.audience.certainties[person, 0] = np.clip(one.certainty, 0.0, 1.0)
        self.last_heard.update(zip(people, texts, strict=True))

    def opinion_of(self, person: int) -> Stance:
        """Return the stance of a person as a component that can be used alone."""
        opinion = Stance(self.parameters)
        columns = (self.audience.stances, self.audience.certainties, self.audience.anchors)
        opinion.restore({"held": {self.topic: [float(one[person, 0]) for one in columns]}})
        return opinion

    def _texts(self, heard: Heard) -> list[str]:
        """Return what is said to each person."""
        turn, friends = self.minute // self.STEP_MIN, self._said_by(heard.speakers)
        return [
            said_by_persuader(stance, self.topic, turn)
            if speaker == PERSUADER
            else friends[speaker]
            for speaker, stance in zip(heard.speakers.tolist(), heard.stances.tolist(), strict=True)
        ]

    def _said_by(self, speakers: Int) -> dict[int, str]:
        """Return what friends say, by speaker; who speaks to several says the same to all."""
        friends = np.unique(speakers[speakers != PERSUADER]).tolist()
        stances = dict(zip(friends, self.stances[friends].tolist(), strict=True))
        if not self.asks("argue"):
            numbers = self.parameters.social.stance
            return {one: said_by_friend(stance, numbers) for one, stance in stances.items()}
        sure = self.audience.certainties[:, 0]
        thoughts = [
            argue(self.topic, stance, float(sure[one]), self.last_heard.get(one, ""))
            for one, stance in stances.items()
        ]
        said = self.decide(friends, thoughts)
        return {one: argument.text for one, argument in zip(friends, said, strict=True)}

    def _post(self, row: int, heard: Heard, text: str) -> Post:
        # A post has a number of its own in the run, so that it differs from all others.
        return Post(
            id=self.minute // self.STEP_MIN * self.people + row,
            author=int(heard.speakers[row]),
            minute=self.minute,
            topic=self.topic,
            stance=float(heard.stances[row]),
            text=text,
        )

    @property
    def stances(self) -> Float:
        """Stance of each person, from -1 (against) to 1 (in favour)."""
        return self.audience.stance(self.topic)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return ``people`` (a row each) and ``messages`` (a row for each that was heard)."""
        return {
            "people": people_table(self),
            "messages": messages_table(self.heard),
        }

    def renew(self) -> None:
        """Take over changed parameters."""
        state = self.audience.state()
        self.audience = Audience(self.people, [self.topic], self.parameters)
        self.audience.restore(state)

    def _sides_at_first(self, people: int) -> Int:
        """Put half of the people on each side, by chance; one more in favour if they are odd."""
        order = np.argsort(self.traits("side", people)[:, 0], kind="stable")
        sides = np.empty(people, np.int64)
        sides[order] = np.where(np.arange(people) % 2 == 0, 1, -1)
        return sides

    def _people_at_first(self) -> Audience:
        audience = Audience(self.people, [self.topic], self.parameters)
        audience.begin(self.topic, self.first)
        return audience


def _author(speaker: int) -> str:
    return "somebody from a campaign" if speaker == PERSUADER else "a friend"


def _one_of(name: str, value: str, known: tuple[str, ...]) -> str:
    checks = OptionChecks()
    checks.one_of(name, value, known)
    checks.finish()
    return value


def _check(*, people: int, days: int, ties: int, start: float, flipped: bool) -> None:
    checks = OptionChecks()
    checks.whole("people", people, least=_LEAST_PEOPLE)
    checks.whole("days", days)
    checks.whole("ties", ties)
    checks.number("start", start, most=1.0)
    checks.switch("flipped", flipped)
    checks.finish()
    if start == 0.0:
        message = f"start must be in (0, 1], got {start:g}; it is a distance from the middle"
        raise ConfigError(message)
