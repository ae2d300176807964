"""A rumour and a true story spread over a graph, are felt, believed and corrected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from mesa_llm_city.models.rumour.asking import CORRECTED, PROMPTS, ask_reactions, ask_sharing
from mesa_llm_city.models.rumour.course import COURSE, aware_of, count_shared, noted, trees
from mesa_llm_city.models.rumour.fitted import parameters_like
from mesa_llm_city.models.rumour.flow import ATTITUDE_SPREAD, DRAWS, MessageFlow, Messages
from mesa_llm_city.models.rumour.graphs import MADE_UP, graph_of
from mesa_llm_city.models.rumour.items import NEWS, RUMOUR, Item, correction_minutes, minutes_of
from numpy.typing import NDArray

from mesa_llm_city.core.asking import Backend
from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.option_checks import OptionChecks
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.diffusion.cascades import Cascades, shapes
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.simulation.society import SocietyModel
from mesa_llm_city.simulation.steps_cost import StepsCost, estimate_steps
from mesa_llm_city.social.event_passes import distinct_passes
from mesa_llm_city.social.media.follower_graph import FollowerGraph

if TYPE_CHECKING:
    import pandas as pd

Bool = NDArray[np.bool_]

__all__ = ["CORRECTED_TO", "Rumour"]

CORRECTED_TO = ("everybody", "aware", "followers")
"""Whom a correction reaches: everybody, those who have heard of the story, or the followers of
the broadcasters."""


class Rumour(SocietyModel):
    """People over a graph hear, feel, believe and pass on items (options: see README).

    Parameters
    ----------
    graph : str, Path or FollowerGraph, default "made-up"
        ``"made-up"``, ``"town"`` for the ties of a made-up town, or a file of edges.
    people : int, optional
        Number of people; 2000, or as many as a file has.
    days : int, default 7
        Days after which the run ends.
    corrections : {"none", "early", "late", "often"}, default "none"
        When the false items are officially corrected.
    correction_at : str, int or sequence of them, optional
        Further times of corrections, such as ``"1 12:00"`` for noon of the first day.
    correction_to : {"everybody", "aware", "followers"}, default "everybody"
        Whom a correction reaches.
    label_at : str, int or sequence of them, optional
        When the platform puts a label on the false items.
    sharing : {"rumour", "other", "default"}, default "rumour"
        Numbers of ``social.sharing``: as fitted to rumours or to other posts of Weibo, or the
        defaults of the parameters. What is given by `parameters` or by dotted name goes first.
    attitude_spread : float, default 0.4
        Standard deviation of people's stances at first.
    items : sequence of Item, optional
        The stories; one false and one true by default.
    notes_course : bool, default True
        Whether the course of each hour is noted (see `course`), which takes time with many items.
    asked_a_day : int, default 1
        About how many messages of an item a person is asked in a day, if a language model is; of
        the others it is by rule what a person makes of them.
    rng, seed, llm, prompts, parameters
        As for `SocietyModel`.

    Raises
    ------
    ConfigError
        If an option is outside its range.

    Examples
    --------
    >>> model = Rumour(people=300, days=2, rng=7)
    >>> model.run_to_end()
    >>> 0.0 < model.aware < 1.0, sorted(set(model.course()["item"]))
    (True, ['news', 'rumour'])
    """

    PROMPTS: ClassVar[tuple[str, ...]] = PROMPTS
    STEP_MIN: ClassVar[int] = HOUR_MIN
    REPORTED: ClassVar[tuple[str, ...]] = (
        *("aware", "density", "stance", "misbelief", "shared"),
        *("aware_true", "belief_true", "shared_true"),
    )
    STATE: ClassVar[tuple[str, ...]] = ("flow", "recorded", "asked_today")
    SHARED: ClassVar[tuple[str, ...]] = ("graph", "personas")

    def __init__(
        self,
        graph: str | Path | FollowerGraph = MADE_UP,
        people: int | None = None,
        days: int = 7,
        *,
        corrections: str = "none",
        correction_at: str | int | Sequence[str | int] | None = None,
        correction_to: str = "everybody",
        label_at: str | int | Sequence[str | int] | None = None,
        sharing: str = "rumour",
        attitude_spread: float = ATTITUDE_SPREAD,
        items: Sequence[Item] | None = None,
        notes_course: bool = True,
        asked_a_day: int = 1,
        rng: int | np.random.Generator | None = None,
        seed: int | None = None,
        llm: Backend | None = None,
        prompts: Iterable[str] | str = (),
        parameters: CityParameters | None = None,
        **kwargs: object,
    ) -> None:
        _check(days, people, correction_to, attitude_spread, asked_a_day)
        super().__init__(
            length=days * (DAY_MIN // HOUR_MIN),
            rng=rng,
            seed=seed,
            llm=llm,
            prompts=prompts,
            parameters=parameters_like(sharing) if parameters is None else parameters,
            keywords=kwargs,
        )
        self.correction_to, self.notes_course = correction_to, notes_course
        self.correction_minutes = frozenset(correction_minutes(corrections, correction_at))
        self.label_minutes = frozenset(minutes_of("label_at", label_at))
        self.graph, self.personas = graph_of(
            graph, people, seed=self.first_seed, parameters=self.parameters
        )
        self.flow = MessageFlow(
            self.graph,
            (RUMOUR, NEWS) if items is None else items,
            seed=self.first_seed,
            attitude_spread=attitude_spread,
            parameters=self.parameters,
        )
        self.asked_a_day = asked_a_day
        self.asked_today = np.zeros(self.graph.n * len(self.items), dtype=np.int64)
        self.recorded: list[tuple[Any, ...]] = []
        self._false = self._first(is_true=False)
        self._true = self._first(is_true=True)

    @property
    def items(self) -> tuple[Item, ...]:
        """The stories."""
        items: tuple[Item, ...] = self.flow.items
        return items

    @property
    def people(self) -> int:
        """Number of people."""
        people: int = self.graph.n
        return people

    def live(self) -> None:
        """Let an hour pass, minute by minute, and note what people know, feel and think."""
        if self.minute % DAY_MIN == 0:
            self.asked_today[:] = 0
        for minute in range(self.minute, self.minute + self.STEP_MIN):
            if len(new := self.flow.write(minute)):
                self._expose(self.flow.exposures(new), minute)
            if minute in self.label_minutes:
                self._label()
            if minute in self.correction_minutes:
                self._correct(minute)
        if self.notes_course:
            self.recorded += noted(self.flow, self.minute + self.STEP_MIN)

    def renew(self) -> None:
        """Take over changed parameters."""
        self.flow.renew(self.parameters)

    def cost_estimate(self, steps: int | None = None) -> StepsCost:
        """Return what steps would ask; all of them are tried, since most ask nothing."""
        count = self.steps_left if steps is None else steps
        return estimate_steps(self, count, most_tried=count)

    def course(self) -> pd.DataFrame:
        """Return for each hour and item what people know, feel, think and believe.

        Columns: ``minute`` at its end, ``item``, ``is_true``; the shares of all people who are
        ``aware``, feel ``moderate`` or ``intense``, are in ``favour`` or ``against``, and believe
        it (``believing``, more likely than not); mean ``stance``, mean ``belief`` of those aware
        (NaN without any), and ``shared``, the number of forwards, replies and posts so far. Who has
        heard of a story by its correction only is not aware of it.
        """
        import pandas as pd

        return pd.DataFrame(self.recorded, columns=list(COURSE))

    def cascades(self) -> Cascades:
        """Return the tree of each item: forwards and replies, in order of time.

        Posts of one's own and corrections are not in it.
        """
        found: Cascades = trees(self.flow)
        return found

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the course, all posts, and the shapes of the cascades of the items."""
        found = shapes(self.cascades()).reset_index()
        found.insert(0, "item", [self.items[row].topic for row in found["cascade"]])
        posts = self.flow.posts.to_frame()
        words = {name: posts[name].astype(str) for name in ("topic", "kind", "label", "category")}
        return {"course": self.course(), "posts": posts.assign(**words), "cascades": found}

    # What is reported of the first false item, and of the first true one.

    @property
    def aware(self) -> float:
        """Share of people who have been told the false item."""
        return float(aware_of(self.flow, self._false).mean())

    @property
    def density(self) -> float:
        """Share of people who feel moderately or intensely about the false item."""
        topic = self.items[self._false].topic
        return float(self.flow.audience.density(topic, at_min=self.minute))

    @property
    def stance(self) -> float:
        """Mean stance of those who have been told the false item, in [-1, 1]; 0 without any."""
        known = aware_of(self.flow, self._false)
        stance = self.flow.audience.stance(self.items[self._false].topic)
        return float(stance[known].mean()) if known.any() else 0.0

    @property
    def misbelief(self) -> float:
        """How sure people are of the false item: a mean over all, 0 for those not told."""
        return self._mean_belief(self._false)

    @property
    def shared(self) -> int:
        """Number of forwards, replies and posts about the false item so far."""
        return int(count_shared(self.flow, self._false))

    @property
    def aware_true(self) -> float:
        """Share of people who have been told the true item."""
        return float(aware_of(self.flow, self._true).mean())

    @property
    def belief_true(self) -> float:
        """How sure people are of the true item: a mean over all, 0 for those not told."""
        return self._mean_belief(self._true)

    @property
    def shared_true(self) -> int:
        """Number of forwards, replies and posts about the true item so far."""
        return int(count_shared(self.flow, self._true))

    def _first(self, *, is_true: bool) -> int:
        """Return the first item that is true or false; the first of all if there is none."""
        return next((row for row, one in enumerate(self.items) if one.is_true is is_true), 0)

    def _mean_belief(self, item: int) -> float:
        belief = self.flow.audience.belief(self.items[item].topic, at_min=self.minute)
        return float((belief * aware_of(self.flow, item)).mean())

    def _expose(self, messages: Messages, minute: int) -> None:
        """Let people hear messages and decide what to do with them."""
        if not len(messages.person):
            return
        for number, rows in enumerate(distinct_passes(self.flow.cells(messages))):
            part = messages.only(rows)
            cells, purpose = self.flow.cells(part), f"message {number}"
            draws = uniforms(self.run_seed, cells, purpose, minute, DRAWS)
            asked = self._asked(cells)
            if not asked.all():
                self._by_rule(part.only(~asked), draws[~asked], minute)
            if asked.any():
                self._by_prompt(part.only(asked), draws[asked], purpose, minute)

    def _asked(self, cells: Int) -> Bool:
        """Return about which messages a language model is asked, and count them."""
        if not self.prompts:
            return np.zeros(len(cells), dtype=bool)
        asked: Bool = self.asked_today[cells] < self.asked_a_day
        self.asked_today[cells[asked]] += 1
        return asked

    def _by_rule(self, part: Messages, draws: Float, minute: int) -> None:
        self.flow.hear(part, draws[:, 0], minute=minute)
        self._share_by_rule(*self._free(part, draws), minute)

    def _share_by_rule(self, part: Messages, draws: Float, minute: int) -> None:
        shared = self.flow.decided(part, draws[:, 1:], minute=minute)
        self.decided["rule"] += len(part.person)
        self.flow.share(part, shared, draws[:, 3], minute=minute)

    def _by_prompt(self, part: Messages, draws: Float, purpose: str, minute: int) -> None:
        ask_reactions(self, self.flow, part, draws[:, 0], minute=minute, personas=self.personas)
        part, draws = self._free(part, draws)
        if not self.asks("share"):
            self._share_by_rule(part, draws, minute)
            return
        shared, texts = ask_sharing(
            self,
            self.flow,
            part,
            seed=self.run_seed,
            purpose=purpose,
            minute=minute,
            personas=self.personas,
        )
        self.flow.share(part, shared, draws[:, 3], minute=minute, texts=texts)

    def _free(self, part: Messages, draws: Float) -> tuple[Messages, Float]:
        """Return the messages that may be shared: of items not shared yet, and no corrections."""
        free = ~self.flow.shared[self.flow.cells(part)]
        free &= self.flow.posts.author[part.post] >= 0
        return part.only(free), draws[free]

    def _label(self) -> None:
        posts = self.flow.posts
        posts.put_label(np.flatnonzero(posts.is_true == 0), "disputed")

    def _correct(self, minute: int) -> None:
        for row, item in enumerate(self.items):
            if not item.is_true and item.minute <= minute:
                reached = self._reached(item.topic)
                messages = self.flow.correct(row, reached, minute=minute, text=CORRECTED)
                self._expose(messages, minute)

    def _reached(self, topic: str) -> Int:
        if self.correction_to == "everybody":
            return np.arange(self.people)
        if self.correction_to == "aware":
            return np.flatnonzero(aware_of(self.flow, self.flow.audience.code(topic)))
        _, followers = self.graph.audience_of(np.flatnonzero(self.flow.is_broadcaster))
        return np.unique(followers)


def _check(
    days: int, people: int | None, correction_to: str, attitude_spread: float, asked_a_day: int
) -> None:
    checks = OptionChecks()
    checks.whole("days", days)
    if people is not None:
        checks.whole("people", people, least=2)
    checks.one_of("correction_to", correction_to, CORRECTED_TO)
    checks.number("attitude_spread", attitude_spread)
    checks.whole("asked_a_day", asked_a_day)
    checks.finish()
