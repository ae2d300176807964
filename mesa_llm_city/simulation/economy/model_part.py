"""The part of a city model that has an economy."""

from __future__ import annotations

from collections.abc import Coroutine, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from mesa_llm_city.core.asking import Thought, run_all
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.simulation.economy.option import Economy, as_economy, finances_maker
from mesa_llm_city.simulation.economy.town_economy import TownEconomy

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.citizen.components import ComponentOption
    from mesa_llm_city.parameters import CityParameters
    from mesa_llm_city.simulation.agent import CityAgent
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["ModelEconomy", "with_finances"]


class ModelEconomy:
    """What a city model does with its option ``economy``."""

    _economy: TownEconomy | None = None

    @property
    def economy(self) -> TownEconomy:
        """Accounts, paydays, shopping and transfers.

        Raises
        ------
        ConfigError
            If the model has no economy.
        """
        if self._economy is None:
            message = "the model has no economy; make it with CityModel(economy=Economy())"
            raise ConfigError(message)
        return self._economy

    @property
    def economy_or_none(self) -> TownEconomy | None:
        """The same; None if the model has no economy."""
        return self._economy

    def payments(self) -> pd.DataFrame:
        """Return all payments: time, what for, payer and payee by kind and id, and cents.

        Raises
        ------
        ConfigError
            If the model has no economy.
        """
        model = cast("CityModel", self)
        frame = self.economy.accounts.payments()
        stamps = model.clock.stamps(frame.pop("minute").to_numpy())
        frame.insert(0, "time", stamps)
        return frame

    def accounts(self) -> pd.DataFrame:
        """Return everybody's account: kind, id and balance in cents, by kind and id.

        Raises
        ------
        ConfigError
            If the model has no economy.
        """
        frame = self.economy.accounts.to_frame()
        return frame.sort_values(["kind", "id"], kind="stable", ignore_index=True)

    def live_economy(self) -> None:
        """Let paydays happen that are due at the minute of the model."""
        if self._economy is not None:
            self._economy.live(cast("CityModel", self).minute)

    def _begin_economy(self, given: Economy | bool | None) -> None:  # noqa: FBT001 - as CityModel takes it
        model = cast("CityModel", self)
        option = as_economy(given, enabled=model.parameters.economy.enabled)
        if option is None:
            return
        self._economy = TownEconomy(
            option,
            parameters=model.parameters,
            clock=model.clock,
            registration=model.registration,
            residents=model.residents,
            records=model.records,
            price=np.asarray(model.city.places.price, dtype=np.float64),
            decide=self._decide_on_money,
            seed=model.first_seed,
        )

    def _decide_on_money(
        self, people: Sequence[CityAgent], thoughts: Iterable[Coroutine[Any, Any, Any]]
    ) -> list[Any]:
        model = cast("CityModel", self)
        thinking = [
            Thought(one, person=agent.person, minute=model.minute)
            for agent, one in zip(people, thoughts, strict=True)
        ]
        with model.llm_use.counted(model.llm):
            return run_all(thinking, backend=model.llm)


def with_finances(
    economy: Economy | bool | None,  # noqa: FBT001 - as CityModel takes it
    components: Mapping[str, ComponentOption] | None,
    parameters: CityParameters,
) -> dict[str, ComponentOption]:
    """Return the components of a model, that of finances among them if it has an economy."""
    given = dict(components or {})
    option = as_economy(economy, enabled=parameters.economy.enabled)
    if option is not None and "finances" not in given:
        given["finances"] = finances_maker(parameters)
    return given
