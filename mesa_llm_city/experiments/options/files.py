"""Options in files: TOML, or the manifest of an earlier run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.experiments.options.assignments import assigned
from mesa_llm_city.experiments.options.defects import OptionDefect, OptionsError
from mesa_llm_city.experiments.saved_run import read_options
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.toml import based_on, read_toml

__all__ = ["overlaid", "read_file", "read_parameters"]

_TABLE = "parameters"
_ADDED = "interventions"


def read_file(
    config: Path | None, fields: Mapping[str, FieldInfo]
) -> tuple[dict[str, Any], list[OptionDefect]]:
    """Return the options that a file gives, and what is wrong with the file itself.

    Parameters
    ----------
    config : Path or None
        A TOML file with options as keys and parameters in the table ``[parameters]`` or in
        tables of their own such as ``[modes.scooter]``; or the ``manifest.json`` of a run.
    fields : mapping of str to FieldInfo
        The options by name.
    """
    if config is None:
        return {}, []
    try:
        if config.suffix.lower() == ".json":
            return _of_manifest(config), []
        written = read_toml(config)
    except DataError as error:
        problem = f"{error}; give a TOML file, or the manifest of a run"
        return {}, [OptionDefect("config", problem)]
    tables, defects = _split_parameters(written, config)
    based = {name: _based(fields.get(name), one, config.parent) for name, one in tables.items()}
    changes = based.get(_TABLE)
    if isinstance(changes, Mapping):
        based[_TABLE] = based_on(changes, config.parent)
    return based, defects


def read_parameters(config: Path) -> CityParameters:
    """Return the parameters of a file of options, the default ones where it gives none.

    Raises
    ------
    ConfigError
        If the file cannot be read; or lists every parameter that cannot be used.
    """
    written, defects = read_file(config, {})
    if defects:
        raise OptionsError.listing(defects)
    return CityParameters.from_dotted(written.get(_TABLE, {}))


def overlaid(written: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return options of a file with others put over them, parameters one by one.

    Examples
    --------
    >>> overlaid({"parameters": {"modes": {"bus": {"wait_min": 3, "speed_km_h": 12}}}},
    ...          {"parameters": ["modes.bus.wait_min=4"]})["parameters"]
    {'modes': {}, 'modes.bus': {}, 'modes.bus.wait_min': '4', 'modes.bus.speed_km_h': 12}
    """
    both = {**written, **given}
    if _TABLE in written and _TABLE in given:
        both[_TABLE] = {**_dotted(written[_TABLE]), **_dotted(given[_TABLE])}
    if _ADDED in written and _ADDED in given:
        both[_ADDED] = [*_listed(written[_ADDED]), *_listed(given[_ADDED])]
    return both


def _listed(given: Any) -> list[Any]:  # noqa: ANN401 - one or several
    return list(given) if isinstance(given, list | tuple) else [given]


def _dotted(parameters: Any) -> dict[str, Any]:  # noqa: ANN401 - as options take them
    """Return values by dotted name; an empty table declares each row."""
    if isinstance(parameters, CityParameters):
        return parameters.changed()
    return dict(_flat(parameters if isinstance(parameters, Mapping) else assigned(parameters)))


def _flat(tables: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in tables.items():
        if isinstance(value, Mapping):
            yield f"{above}{name}", {}
            yield from _flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def _of_manifest(file: Path) -> dict[str, Any]:
    return {name: one for name, one in read_options(file).items() if one is not None}


def _split_parameters(
    written: dict[str, Any], config: Path
) -> tuple[dict[str, Any], list[OptionDefect]]:
    """Move tables of parameters that stand alone, such as ``[modes.scooter]``, into one."""
    alone = {
        name: table
        for name, table in written.items()
        if name in CityParameters.model_fields and isinstance(table, dict)
    }
    rest = {name: one for name, one in written.items() if name not in alone}
    if not alone:
        return rest, []
    if _TABLE in rest:
        problem = f"stands beside [{_TABLE}] in {config.name}; move it to [{_TABLE}.NAME]"
        return rest, [OptionDefect(name, problem.replace("NAME", name)) for name in alone]
    return {**rest, _TABLE: alone}, []


def _based(field: FieldInfo | None, value: object, folder: Path) -> object:
    """Let relative paths of a file start from its folder."""
    about = None if field is None else field.json_schema_extra
    if not isinstance(about, dict) or not about["is_path"]:
        return value
    if isinstance(value, list):
        return [folder / one if isinstance(one, str) else one for one in value]
    return folder / value if isinstance(value, str) else value
