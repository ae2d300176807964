"""Families: births and deaths, marriages and separations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.population import Persona
from mesa_llm_city.population.categories import Education, Gender, Occupation, Role
from mesa_llm_city.population.persona import Household
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.simulation.demography.households import couple_of
from mesa_llm_city.simulation.demography.remaking import completed
from mesa_llm_city.simulation.demography.residence import Residence
from mesa_llm_city.social import Relation, demographic_similarity

__all__ = ["Families"]

_HEADS = frozenset({Role.SINGLE, Role.PARENT, Role.PARTNER})
_CLOSE = (Relation.HOUSEHOLD, Relation.FRIEND)


class Families(Residence):
    """Births, deaths, marriages and separations."""

    def birth(
        self, mother: CityAgent, *, gender: Gender | str | None = None, name: str = ""
    ) -> CityAgent:
        """Let a child be born, who lives in the household of the mother.

        Parameters
        ----------
        mother : CityAgent
            The mother; she and her partner become parents.
        gender : Gender or str, optional
            Drawn if not given.
        name : str, optional
            Given name; drawn if not given. The surname is that of the mother.

        Returns
        -------
        CityAgent
            The child.

        Raises
        ------
        DataError
            If the mother does not live in the model any more.
        """
        self.check_here(mother)
        child = self._newborn(mother.persona, gender, name)
        household = mother.persona.household.id
        others = self.model.residents.household(household)
        outside = self.outside(household) or 0
        with self.model.registration.telling(arriving=("birth", f"child of {mother.person}")):
            agent = self.model.agent_class(self.model, child)
        agent.citizen.now.refuge = mother.citizen.now.refuge
        for one in self._couple(mother):
            self.change(one, _with_role(one.persona, Role.PARENT))
        self.reshape(household, outside=outside)
        self.tell(others, f"{child.name} was born", "birth")
        return agent

    def death(self, agent: CityAgent) -> Persona:
        """Let a person die. The household and friends remember it.

        Children without an adult go to relatives elsewhere, and leave the model.

        Parameters
        ----------
        agent : CityAgent
            The person.

        Returns
        -------
        Persona
            The person.

        Raises
        ------
        DataError
            If the person does not live in the model any more.
        """
        self.check_here(agent)
        persona = agent.persona
        mourning = self._close_to(agent)
        household = persona.household.id
        outside = self.outside(household) or 0
        with self.model.registration.telling(leaving=("death", f"aged {persona.age}")):
            agent.remove()
        self.reshape(household, outside=outside)
        self.tell(mourning, f"{persona.name} has died", "death")
        if not outside:
            self._care_for(household)
        return persona

    def marry(self, one: CityAgent, other: CityAgent, *, home: int | None = None) -> int:
        """Let two people marry, or move in with each other, with the children of either.

        They live where the larger of the households lives that one of them heads, or in a home
        of their own if both live with others.

        Parameters
        ----------
        one, other : CityAgent
            The two.
        home : int, optional
            Place id of a new home for all of them.

        Returns
        -------
        int
            Id of their household.

        Raises
        ------
        DataError
            If they are the same person, or one has left the model, is a minor or has a partner.
        """
        self._check_marriage(one, other)
        families = [self._family(one), self._family(other)]
        all_of_them = [agent for family in families for agent in family]
        household, to = self._common_home(one, other, families, home)
        has_car = any(agent.persona.has_car for agent in (one, other))
        self.relocate(all_of_them, to)
        for agent in all_of_them:
            self.change(agent, replace(self._at(agent, to), has_car=has_car))
        is_parent = len(all_of_them) > 2
        for agent in (one, other):
            role = Role.PARENT if is_parent else Role.PARTNER
            self.change(agent, _with_role(agent.persona, role))
        self.regroup(all_of_them, household, to)
        for agent, partner in ((one, other), (other, one)):
            self._draw_closer(agent, partner)
            self.change(agent, agent.persona, "marriage", f"with {partner.person}")
            self.tell([agent], f"married {partner.persona.name}", "marriage")
        self.begin_ties(all_of_them)
        self.find_refuges(all_of_them)
        return household

    def separate(self, leaving: CityAgent, *, home: int | None = None) -> int:
        """Let a couple separate: one moves to a home of their own, children stay.

        Parameters
        ----------
        leaving : CityAgent
            The one who moves out.
        home : int, optional
            Place id of the new home; drawn where there is room if not given.

        Returns
        -------
        int
            Id of the new household.

        Raises
        ------
        DataError
            If there is no partner in the household.
        """
        self.check_here(leaving)
        partner = self.partner_of(leaving)
        if partner is None:
            message = f"person {leaving.person} has no partner in the household to separate from"
            raise DataError(message)
        for agent, other in ((leaving, partner), (partner, leaving)):
            self.change(agent, agent.persona, "separation", f"from {other.person}")
            self.tell([agent], f"separated from {other.persona.name}", "separation")
        return self.found_household([leaving], home)

    def partner_of(self, agent: CityAgent) -> CityAgent | None:
        """Return the partner of a person who lives in the same household; None without any."""
        others = self.model.residents.household_of(agent)
        others.sort(key=lambda one: one.person)
        found = couple_of(agent.persona, [one.persona for one in others])
        return None if found is None else self.model.residents.by_id[found.id]

    def _couple(self, agent: CityAgent) -> list[CityAgent]:
        """Return those who become parents: not one who is a child or lodger in the household."""
        if agent.persona.household.role not in _HEADS:
            return []
        partner = self.partner_of(agent)
        return [agent] if partner is None else [agent, partner]

    def _newborn(self, mother: Persona, gender: Gender | str | None, name: str) -> Persona:
        draws = self.rng(mother.id, "birth")
        is_boy = float(draws.random()) < self.parameters.births.boys
        drawn = Gender.MALE if is_boy else Gender.FEMALE
        base = Persona(
            id=self.free_id(mother.id, "child"),
            name=name,
            age=0,
            gender=drawn if gender is None else Gender(gender),
            occupation=Occupation.INFANT,
            education=Education.NONE,
            income=0.0,
            household=Household(id=mother.household.id, role=Role.CHILD),
            home=mother.home,
        )
        child = completed(
            base,
            city=self.model.city,
            seed=self.model.run_seed,
            marginals=self.marginals,
            parameters=self.model.parameters,
        )
        given = name or child.name.split()[0]
        surname = mother.name.split()[-1] if mother.name else ""
        return replace(
            child,
            name=f"{given} {surname}".strip(),
            income=0.0,
            has_car=mother.has_car,
        )

    def _close_to(self, agent: CityAgent) -> list[CityAgent]:
        """Return the household and the friends of a person who live here, by rising id."""
        found = {one.person: one for one in self.model.residents.household_of(agent)}
        ties, by_id = agent.citizen.components.ties, self.model.residents.by_id
        if ties is not None:
            for relation in _CLOSE:
                known = ties.related(relation).tolist()
                found |= {person: by_id[person] for person in known if person in by_id}
        return [found[person] for person in sorted(found)]

    def _care_for(self, household: int) -> None:
        members = self.model.residents.household(household)
        lowest = self.model.parameters.population.ages.feasible["single"].low
        if members and all(one.persona.age < lowest for one in members):
            self.move_out(members, "to relatives elsewhere")

    def _check_marriage(self, one: CityAgent, other: CityAgent) -> None:
        self.check_here(one, other)
        least = self.parameters.marriages.from_age
        defects = ["they are the same person"] if one is other else []
        for agent in (one, other):
            if agent.persona.age < least:
                defects.append(f"person {agent.person} is {agent.persona.age}, below {least} years")
            if self.partner_of(agent) is not None:
                defects.append(f"person {agent.person} has a partner; let them separate first")
        if defects:
            source = f"the marriage of {one.person} and {other.person}"
            raise DataError.listing(source, defects)

    def _family(self, agent: CityAgent) -> list[CityAgent]:
        """Return a person with the children who go along: those of a parent without a partner."""
        if agent.persona.household.role is not Role.PARENT:
            return [agent]
        others = self.model.residents.household_of(agent)
        children = [one for one in others if one.persona.household.role is Role.CHILD]
        return [agent, *sorted(children, key=lambda one: one.person)]

    def _common_home(
        self,
        one: CityAgent,
        other: CityAgent,
        families: Iterable[list[CityAgent]],
        home: int | None,
    ) -> tuple[int, int]:
        """Return the household and the home of two who marry."""
        owners = [
            (len(family), agent)
            for agent, family in zip((one, other), families, strict=True)
            if agent.persona.household.role in _HEADS
        ]
        if home is None and owners:
            # Of equal sizes the first; a lone parent with children counts more than a single.
            _, host = max(owners, key=lambda pair: pair[0])
            return host.persona.household.id, host.persona.home
        return self.free_id(one.person, "household"), self.new_home([one, other], home)

    def _draw_closer(self, agent: CityAgent, partner: CityAgent) -> None:
        if (ties := agent.citizen.components.ties) is not None:
            numbers = self.model.parameters.social.similarity
            alike = demographic_similarity(agent.persona, [partner.persona], parameters=numbers)
            ties.draw_closer([partner.person], Relation.HOUSEHOLD, similarity=alike)


def _with_role(persona: Persona, role: Role) -> Persona:
    return replace(persona, household=replace(persona.household, role=role))
