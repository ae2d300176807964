"""Schemas that come with the package, and reading a schema from a file."""

from __future__ import annotations

import json
import tomllib
from importlib.resources import files
from pathlib import Path

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.migration.survey.chfs_columns import (
    CHFS_FEATURES,
    CHFS_HOUSEHOLD,
    CHFS_INTERVIEW,
    CHFS_OUTCOME,
    CHFS_WORDING,
    TRAJECTORY,
)
from mesa_llm_city.migration.survey.schema import Schema

__all__ = ["SHIPPED", "chfs", "read_schema", "shipped_schema"]

SHIPPED = ("chfs", "health_insurance", "union_membership")
"""Names of the schemas that come with the package."""


def chfs(*, interview: bool = False, trajectory: bool = False) -> Schema:
    """Return the schema of return migration in the China Household Finance Survey.

    Parameters
    ----------
    interview : bool, default False
        Whether to include line number, follow-up and head of the household as identifiers:
        no model is given them, but `leakage_report` examines them.
    trajectory : bool, default False
        Whether to include the provinces in which a person has lived as a text feature
        ``trajectory`` (RMS-Agent, sec. 5.3.7), such as ``"Sichuan > Guangdong > Sichuan"``.

    Returns
    -------
    Schema
        The 22 features of RMS-Agent, sec. 4.1; outcome ``returnee``, household ``hhid``.
    """
    features = CHFS_FEATURES + (TRAJECTORY,) * trajectory + CHFS_INTERVIEW * interview
    return Schema(columns=(*features, CHFS_HOUSEHOLD), outcome=CHFS_OUTCOME, wording=CHFS_WORDING)


def shipped_schema(name: str) -> Schema:
    """Return a schema that comes with the package.

    Parameters
    ----------
    name : {"chfs", "health_insurance", "union_membership"}
        Return migration in China; health insurance and union membership in the United States.

    Raises
    ------
    ConfigError
        If there is none of that name.

    Examples
    --------
    >>> shipped_schema("union_membership").outcome.word
    'covered by a union'
    """
    if name not in SHIPPED:
        message = (
            f"there is no schema {name!r}{did_you_mean(name, SHIPPED)}; those that come with the "
            f"package are {', '.join(SHIPPED)}"
        )
        raise ConfigError(message)
    if name == "chfs":
        return chfs()
    text = (files("mesa_llm_city.migration.survey") / "schemas" / f"{name}.toml").read_text(
        encoding="utf-8"
    )
    return Schema.from_json(tomllib.loads(text))


def read_schema(source: str | Path) -> Schema:
    """Read a schema from a file, or return one that comes with the package.

    Parameters
    ----------
    source : str or Path
        A TOML or JSON file, or a name of `SHIPPED`.

    Raises
    ------
    ConfigError
        If there is no such file or name, or the file is no schema.
    """
    path = Path(source)
    if str(source) in SHIPPED and not path.is_file():
        return shipped_schema(str(source))
    if not path.is_file():
        message = (
            f"there is no schema {str(source)!r}{did_you_mean(str(source), SHIPPED)}; give a TOML "
            f"or JSON file, or one of {', '.join(SHIPPED)}"
        )
        raise ConfigError(message)
    try:
        text = path.read_text(encoding="utf-8")
        content = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
        return Schema.from_json(content)
    except ConfigError as error:
        message = f"{path}: {error}"
        raise ConfigError(message) from error
    except (OSError, ValueError, AttributeError, TypeError, RecursionError) as error:
        message = f"{path} cannot be read as a schema: {error}; draft one with `migration schema`"
        raise ConfigError(message) from error
