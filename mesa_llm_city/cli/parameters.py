"""The command ``mesa-llm-city parameters``: the table of every behavioural number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mesa_llm_city.cli.errors import explained_errors

if TYPE_CHECKING:
    from mesa_llm_city.parameters import CityParameters, ParameterInfo

__all__ = ["parameters"]

_CHANGED = "*"
_LONGEST = 44


def parameters(
    pattern: Annotated[
        str, typer.Argument(help="Part of a name, or a pattern such as 'modes.*.speed_km_h'.")
    ] = "",
    *,
    config: Annotated[
        Path | None, typer.Option(help="Show the values of this TOML file.", metavar="FILE")
    ] = None,
    changed: Annotated[
        Path | None,
        typer.Option(help="Show only what this TOML file changes.", metavar="FILE"),
    ] = None,
    details: Annotated[
        bool, typer.Option("--details", help="Also show what each parameter is.")
    ] = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the page of the manual instead.")
    ] = False,
) -> None:
    """List the parameters: name, value, unit, range and source.

    A star marks a value that differs from its default. To change one, use --set NAME=VALUE of
    the command run, or the table parameters of a TOML file.
    """
    with explained_errors():
        from mesa_llm_city.experiments.options.files import read_parameters
        from mesa_llm_city.parameters import CityParameters
        from mesa_llm_city.parameters.table import markdown as page
        from mesa_llm_city.parameters.table import matching

        if markdown:
            typer.echo(page(), nl=False)
            return
        file = changed or config
        tree = CityParameters() if file is None else read_parameters(file)
        rows = matching(tree, pattern, changed=changed is not None)
        typer.echo("\n".join(_lines(rows, details=details)))
        if file is not None:
            typer.echo(_note(tree, file))
        elif not rows:
            typer.echo(f"no parameter has {pattern!r} in its name", err=True)


def _lines(rows: Iterable[ParameterInfo], *, details: bool) -> list[str]:
    """Return a table as lines, values that differ from their default marked."""
    from mesa_llm_city.parameters.table import cells

    table = [("name", "value", "unit", "range", "source", "what it is")]
    for row in rows:
        name, value, default, unit, span, source, description = cells(row)
        mark = f" {_CHANGED} ({default})" if row.is_changed else ""
        table.append((name, f"{_short(value)}{mark}", unit, span, source, description))
    if not details:
        table = [(*row[:4], row[4]) for row in table]  # type: ignore[misc]
    widths = [max(len(row[at]) for row in table) for at in range(len(table[0]))]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in table]


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _note(tree: CityParameters, file: Path) -> str:
    """Return which values and rows a file changes, as a line."""
    changed = tree.changed()
    new = [name for name, value in changed.items() if isinstance(value, Mapping) and not value]
    count = len(changed) - len(new)
    values = "1 value differs" if count == 1 else f"{count} values differ"
    rows = f"; new rows: {', '.join(new)}" if new else ""
    return f"{_CHANGED} {file}: {values} from the default in parentheses{rows}"
