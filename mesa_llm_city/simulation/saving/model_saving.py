"""Saving and loading, as a city model offers them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import mesa

from mesa_llm_city.simulation.saving.saving import Given, load_model, save_model

if TYPE_CHECKING:
    from mesa_llm_city.citizen.components import ComponentOption
    from mesa_llm_city.city import City
    from mesa_llm_city.core.asking import Backend
    from mesa_llm_city.policies import Policy
    from mesa_llm_city.simulation.agent import CityAgent
    from mesa_llm_city.simulation.interventions.base import Intervention
    from mesa_llm_city.simulation.records import RecordOptions
    from mesa_llm_city.simulation.saving.returning import AgentMakers

__all__ = ["ModelSaving"]


class ModelSaving(mesa.Model):
    """What a model has for being saved and loaded.

    Attributes
    ----------
    first_seed : int
        Seed with which the model was made; `run_seed` is another one once it is reseeded.
    last_unique_id : int
        The greatest number that Mesa has given to an agent of the model.
    usual_attributes : frozenset of str
        Names of the attributes that every city model has; all others belong to a subclass.
    """

    first_seed: int
    last_unique_id = 0
    usual_attributes: frozenset[str] = frozenset()

    def register_agent(self, agent: mesa.Agent) -> None:
        """Register an agent, as Mesa does, and note its number."""
        super().register_agent(agent)  # type: ignore[no-untyped-call]
        self.last_unique_id = max(self.last_unique_id, agent.unique_id)

    def save(self, folder: str | Path) -> None:
        """Save the model into a folder, in which it outlasts the process.

        A save holds everything but the language model and the code: city, people, the state of
        everybody and everything, records, collected rows and random numbers. `load` makes a
        model of it that goes on as this one does. It is described in
        ``docs/reference/saves.md``. Nothing is written unless all of the model can be saved.

        Parameters
        ----------
        folder : str or Path
            The folder; it is made if there is none. An earlier save in it is replaced once all
            is written, so that a process that is killed leaves that one, or none.

        Raises
        ------
        ConfigError
            If the folder holds something else.
        CityError
            If the model is in the middle of a step, or something in it cannot be saved: agents,
            components or a model of your own that remember something and have no ``state`` and
            ``restore``. All of them are listed.
        DataError
            If the files cannot be written, as on a full disk.
        """
        save_model(self, Path(folder))  # type: ignore[arg-type]

    @classmethod
    def load(
        cls,
        folder: str | Path,
        *,
        llm: Backend | None = None,
        components: Mapping[str, ComponentOption] | None = None,
        agent_class: type[CityAgent] | None = None,
        agents: AgentMakers = (),
        city: City | None = None,
        prompts: Iterable[str] | str | None = None,
        policies: Mapping[str, Policy] | None = None,
        interventions: Iterable[Intervention | Mapping[str, object]] = (),
        surveys: Callable[[Any], object] | None = None,
        model_reporters: Mapping[str, Any] | None = None,
        agent_reporters: Mapping[str, Any] | None = None,
        records: RecordOptions | None = None,
        **options: object,
    ) -> Self:
        """Return the model that `save` has written, which goes on as the saved one does.

        Code is not saved, so classes and functions of your own are given again.

        Parameters
        ----------
        folder : str or Path
            The folder of the save.
        llm : Backend, optional
            What answers the questions of thoughts; needed if the model has prompts.
        components : mapping of str to ComponentOption, optional
            Components that the saved model was given.
        agent_class : type, optional
            Class of the citizens, if the saved model was given one.
        agents : iterable of type, or mapping of str to callable, optional
            Classes of other agents that live in the model; or functions that make one, by the
            name of its class: of the model and, for citizens, the persona.
        city : City, optional
            Needed only if its weather is of a class of your own: the same city.
        prompts : iterable of str or str, optional
            What is asked about from now on; what the saved model asked about by default.
        policies : mapping of str to Policy, optional
            What policies decide from now on; those of the saved model by default.
        interventions : iterable of Intervention or mapping, optional
            Further interventions; those of the saved model are there already.
        surveys : callable, optional
            Makes the surveys of the saved model again, with `survey`, on the model that it is
            given; nobody is asked by that. Needed for those with waves to come that have a rule,
            a query by function or a pydantic model, since these are code.
        model_reporters, agent_reporters : mapping, optional
            Reporters that the saved model was given.
        records : RecordOptions, optional
            How records are kept from now on. If those of the saved model were streamed,
            ``stream`` may name the folder to which theirs was moved, or a new one for what is
            to come; by default a folder ``branch-1`` and so on is made in theirs.
        **options
            Parameters by dotted name that differ from now on, and arguments of the constructor
            of a subclass.

        Raises
        ------
        DataError
            If the folder holds no save, files are missing or damaged, the version is another
            one, or the classes, components, reporters or city that are given are not those of
            the save; all that does not fit is listed.
        ConfigError
            If a parameter is outside its range, people or a seed are given, there are prompts but
            no language model, or the constructor of the class does not take what it is given.
        """
        given = {
            "llm": llm,
            "components": components,
            "agent_class": agent_class,
            "city": city,
            "prompts": prompts,
            "policies": policies,
            "model_reporters": model_reporters,
            "agent_reporters": agent_reporters,
            **options,
        }
        further = Given(
            arguments=given,
            agents=agents,
            interventions=tuple(interventions),
            surveys=surveys,
            records=records,
        )
        return load_model(cls, Path(folder), further)  # type: ignore[type-var]
