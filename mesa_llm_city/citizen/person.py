"""A person as the steps of a day know it: persona, components, random numbers and state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mesa_llm_city.citizen.components import ComponentOption, Components, make_components
from mesa_llm_city.citizen.presets import Decider, choose_components, resolve_prompts
from mesa_llm_city.citizen.state import CitizenState
from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.streams import RandomStreams
from mesa_llm_city.core.values import Activity, Purpose
from mesa_llm_city.mind import Needs
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.population import Persona
from mesa_llm_city.social import demographic_similarity

__all__ = ["Person"]


class Person:
    """A person: who it is, its components, its random numbers, and where it is.

    Parameters
    ----------
    persona : Persona
        Age, household, home, work and the like.
    seed : int
        Seed of the run.
    parameters : CityParameters, optional
        Numbers that shape behaviour.
    components : mapping of str to ComponentOption, optional
        Components that replace the defaults, by name; None leaves one out, and a name that
        is no slot is that of a component of your own.
    prompts : iterable of str or str, optional
        What is asked about instead of being decided by rule (see `presets.resolve_prompts`).
    without : iterable of str, optional
        What the person goes without: some of `presets.ABLATIONS`.
    policies : mapping of str to Policy, optional
        What a policy decides, by the prompt for which it stands: some of `presets.POLICIES`.
    **named
        Further components, as keywords: ``Citizen(anna, seed=7, memory=None)``.

    Attributes
    ----------
    components : Components
        The person's components.
    streams : RandomStreams
        The person's random numbers.
    now : CitizenState
        Where the person is, what it does, and when it has to think again.
    """

    __slots__ = ("components", "now", "parameters", "persona", "streams")

    def __init__(
        self,
        persona: Persona,
        *,
        seed: int,
        parameters: CityParameters | None = None,
        components: Mapping[str, ComponentOption] | None = None,
        prompts: Iterable[str] | str = (),
        without: Iterable[str] = (),
        policies: Mapping[str, Decider] | None = None,
        **named: ComponentOption,
    ) -> None:
        given = {**(components or {}), **named}
        chosen = choose_components(
            resolve_prompts(prompts),
            parameters=parameters,
            without=without,
            given=given,
            policies=policies,
        )
        self.persona = persona
        self.parameters = default_parameters() if parameters is None else parameters
        self.components: Components = make_components(persona, chosen, given=given)
        self.streams = RandomStreams(seed, persona.id)
        self.now = CitizenState(place=persona.home)

    def become(self, persona: Persona) -> None:
        """Take over what has changed about the person: age, household, home, work and the like.

        Components keep their state; those with a method ``renew(persona)`` are told.

        Parameters
        ----------
        persona : Persona
            The same person as it is from now on.
        """
        self.persona = persona
        for _, component in self.components:
            if (renew := getattr(component, "renew", None)) is not None:
                renew(persona)

    @property
    def place(self) -> int:
        """Id of the place, or of the origin of the trip under way."""
        return self.now.place

    def is_visit(self, activity: Activity) -> bool:
        """Return whether an activity takes place neither at home nor at work or school.

        A refuge counts as home, and a minute before a closed door is no visit.
        """
        place, persona = activity.place, self.persona
        if place == persona.home or place == persona.work or place == self.now.refuge:  # noqa: PLR1714 - faster
            return False
        return not (activity.fixed and activity.purpose == Purpose.REST)

    def so_far(self, minute: int) -> tuple[int, int, str, int | None] | None:
        """Return start, end, purpose and place of what has been going on up to `minute`."""
        activity, trip = self.now.activity, self.now.trip
        if activity is None:
            return None
        if trip is not None:
            return trip.start_min, minute, Purpose.TRAVEL, None
        return activity.start_min, minute, activity.purpose or Purpose.REST, activity.place

    def needs_at(self, minute: int) -> dict[str, float]:
        """Return the levels of the needs by name; empty without needs."""
        needs = self.components.needs
        if needs is None:
            return {}
        if type(needs) is Needs:
            return needs.by_name(at=minute / HOUR_MIN)
        names = getattr(needs, "names", self.parameters.needs)
        return dict(zip(names, needs.levels_at(minute / HOUR_MIN).tolist(), strict=True))

    def mood_at(self, minute: int) -> float:
        """Return how good the person feels, from -1 to 1."""
        return 0.0 if self.components.mood is None else self.components.mood.valence(at_min=minute)

    def thoughts_at(self, minute: int) -> str:
        """Return the need that presses, and what the person thinks of, in words."""
        mood, needs = self.components.mood, self.components.needs
        felt = "" if needs is None else needs.described(at=minute / HOUR_MIN)
        thought = "" if mood is None else mood.thought(at_min=minute)
        return "; ".join(filter(None, (felt, thought)))

    def similarity_to(self, other: Persona) -> float:
        """Return how alike the person and another are, in [0, 1]."""
        numbers = self.parameters.social.similarity
        return float(demographic_similarity(self.persona, [other], parameters=numbers)[0])
