"""The data collector of a model, whose rows can be saved and gone on with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa

from mesa_llm_city.core.errors import CityError, DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd
    import pyarrow as pa

__all__ = ["Collector"]

_INDEX = ("Step", "AgentID")


class Collector(mesa.DataCollector):
    """A `mesa.DataCollector` that can take over rows which an earlier one has collected.

    Parameters
    ----------
    model_reporters, agent_reporters : mapping, optional
        As Mesa takes them.
    """

    def __init__(
        self,
        model_reporters: Mapping[str, Any] | None = None,
        agent_reporters: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(model_reporters=model_reporters, agent_reporters=agent_reporters)  # type: ignore[no-untyped-call]
        self._earlier: pa.Table | None = None

    def collect(self, model: mesa.Model) -> None:
        """Collect a row of the model, and one of each agent if there are reporters for them."""
        super().collect(model)  # type: ignore[no-untyped-call]

    def get_model_vars_dataframe(self) -> pd.DataFrame:
        """Return what was collected of the model, a row for each step."""
        frame: pd.DataFrame = super().get_model_vars_dataframe()  # type: ignore[no-untyped-call]
        return frame

    def get_agent_vars_dataframe(self) -> pd.DataFrame:
        """Return what was collected of agents, rows that were taken over first."""
        import pandas as pd

        frame: pd.DataFrame = super().get_agent_vars_dataframe()  # type: ignore[no-untyped-call]
        if self._earlier is None:
            return frame
        earlier: pd.DataFrame = self._earlier.to_pandas().set_index(list(_INDEX))
        return earlier if frame.empty else pd.concat([earlier, frame])

    def state(self) -> dict[str, Any]:
        """Return the rows so far, as Arrow tables."""
        return {
            "model": _table(self.model_vars, "model reporter"),
            "agents": self._agents_state() if self.agent_reporters else None,
            "tables": {name: _table(rows, name) for name, rows in self.tables.items()},
        }

    def restore(self, state: Mapping[str, Any], *, may_lack: Iterable[str] = ()) -> None:
        """Take over what `state` returned; reporters that are new have nothing for the past.

        Parameters
        ----------
        state : mapping
            What `state` returned.
        may_lack : iterable of str, optional
            Names of model reporters that need not be there any more.

        Raises
        ------
        DataError
            If a reporter is missing whose rows there are.
        """
        rows, agents = state["model"].to_pydict(), state["agents"]
        lacking = [
            *(f"model_reporters[{name!r}]" for name in rows.keys() - self.model_vars.keys()),
            *(f"agent_reporters[{name!r}]" for name in self._lacking(agents)),
        ]
        if missing := sorted({one for one in lacking if one not in _reporters(may_lack)}):
            message = f"reporters of the save are missing: {', '.join(missing)}; give them again"
            raise DataError(message)
        steps = state["model"].num_rows
        for name, values in self.model_vars.items():
            values[:] = rows.get(name, [None] * steps)
        for name, table in state["tables"].items():
            self.tables[name] = table.to_pydict()
        self._earlier = agents if self.agent_reporters else None

    def _agents_state(self) -> pa.Table:
        rows = self.get_agent_vars_dataframe().reset_index()
        return _table({str(name): rows[name] for name in rows}, "agent reporter")

    def _lacking(self, agents: pa.Table | None) -> Sequence[str]:
        known = {*self.agent_reporters, *_INDEX}
        return [] if agents is None else [one for one in agents.column_names if one not in known]


def _reporters(names: Iterable[str]) -> set[str]:
    return {f"model_reporters[{name!r}]" for name in names}


def _table(columns: Mapping[str, Any], what: str) -> pa.Table:
    import pyarrow as pa

    arrays = {}
    for name, values in columns.items():
        try:
            arrays[name] = pa.array(list(values))
        except (pa.ArrowException, TypeError, ValueError) as error:
            message = (
                f"the values of {what} {name!r} cannot be saved ({error}); let it return a number, "
                "a truth value or a text"
            )
            raise CityError(message) from error
    return pa.table(arrays)
