"""Tables of a run in parts, read when they are looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mesa_llm_city.experiments.saved_tables import read_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LazyTables", "columns_of"]


class LazyTables(Mapping[str, "pd.DataFrame"]):
    """The tables in the folder of a run; each is read once, when it is first asked for.

    Parameters
    ----------
    folder : Path
        Folder of the run.
    names : sequence of str
        Names of the tables.

    Attributes
    ----------
    folder : Path
        As given.
    """

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        self.folder = folder
        self._names = tuple(names)
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return a whole table."""
        if name not in self._names:
            raise KeyError(name)
        if name not in self._read:
            self._read[name] = read_table(self.folder, name)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self._names)

    def __len__(self) -> int:
        """Return the number of tables."""
        return len(self._names)

    def with_table(self, name: str, frame: pd.DataFrame) -> LazyTables:
        """Return these tables and another one, which is there already."""
        more = LazyTables(self.folder, (*self._names, name))
        more._read = {**self._read, name: frame}
        return more

    def columns(self, name: str, columns: Sequence[str]) -> pd.DataFrame:
        """Return some columns of a table, without reading others."""
        if name in self._read:
            return self._read[name][list(columns)]
        return read_table(self.folder, name, columns)

    def of_person(self, name: str, person: int) -> pd.DataFrame:
        """Return the rows of one person, without reading those of most others."""
        if name in self._read:
            frame = self._read[name]
            return frame[frame["person"] == person]
        return read_table(self.folder, name, person=person)


def columns_of(
    tables: Mapping[str, pd.DataFrame], name: str, columns: Sequence[str]
) -> pd.DataFrame:
    """Return some columns of a table, of one in parts without reading others.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        Tables by name.
    name : str
        Name of the table.
    columns : sequence of str
        Names of the columns.
    """
    if isinstance(tables, LazyTables):
        return tables.columns(name, columns)
    return tables[name][list(columns)]
