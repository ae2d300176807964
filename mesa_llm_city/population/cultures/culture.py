"""A culture: parameters that differ from the defaults, and who lives there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.population.synthesis.marginals import Marginals

__all__ = ["CULTURES", "Culture", "culture_of"]

CULTURES: Mapping[str, Path] = MappingProxyType({"us": Path(__file__).with_name("us.toml")})
"""The built-in cultures by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Culture:
    """What is usual in a country.

    Parameters
    ----------
    name : str
        Name, or path of its file.
    changes : mapping of str to object
        Parameters that differ from the defaults, by dotted name.
    marginals : Marginals, optional
        Who lives there; None if the culture does not say so.

    Examples
    --------
    >>> culture_of("us").applied().population.time_use.table
    'us'
    """

    name: str
    changes: Mapping[str, Any]
    marginals: Marginals | None = None

    def applied(self, parameters: CityParameters | None = None) -> CityParameters:
        """Return parameters with the changes of the culture.

        Parameters
        ----------
        parameters : CityParameters, optional
            What they change; those that differ from the defaults already stay as they are.
        """
        tree = default_parameters() if parameters is None else parameters
        own = tree.changed()
        changes = {name: value for name, value in self.changes.items() if name not in own}
        return tree.with_(changes) if changes else tree


def culture_of(name: str) -> Culture:
    """Return a culture by name or file.

    Parameters
    ----------
    name : str
        ``"us"``, or the path of a TOML file with parameters. Beside it, a file of the same
        name that ends in ``_marginals.csv`` is read as `Marginals` if there is one.

    Raises
    ------
    ConfigError
        If there is no such culture or file.
    ParameterError, DataError
        If a file is bad.
    """
    path = CULTURES.get(name, Path(name))
    if not path.is_file():
        near = did_you_mean(name, CULTURES)
        message = (
            f"culture: there is neither a built-in one nor a file {name!r}; use "
            f"{', '.join(CULTURES)}, or the path of a TOML file with parameters{near}"
        )
        raise ConfigError(message)
    beside = path.with_name(f"{path.stem}_marginals.csv")
    marginals = Marginals.from_csv(beside) if beside.is_file() else None
    return Culture(name=name, changes=CityParameters.read(path).changed(), marginals=marginals)
