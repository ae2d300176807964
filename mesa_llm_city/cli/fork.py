"""The command ``mesa-llm-city fork``: a saved model lives on in several ways."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mesa_llm_city.cli.errors import explained_errors
from mesa_llm_city.core.errors import ConfigError

if TYPE_CHECKING:
    from mesa_llm_city.experiments import Futures
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["fork"]

_ENDING = ".fork"


def fork(
    folder: Annotated[Path, typer.Argument(help="Folder of a saved model.", metavar="SAVE_DIR")],
    *,
    future: Annotated[
        list[str],
        typer.Option(
            help="A future: its name, and a TOML file of interventions unless there are none, such "
            "as flood=flood.toml. Give at least two; the others are compared with the first.",
            metavar="NAME[=FILE]",
        ),
    ],
    model: Annotated[str, typer.Option(help="Model that was saved.", metavar="MODEL")] = "town_day",
    days: Annotated[int, typer.Option(help="Days that the futures last.", metavar="N")] = 1,
    seeds: Annotated[int, typer.Option(help="Number of replicates.", metavar="N")] = 5,
    processes: Annotated[int, typer.Option(help="Replicates at a time.", metavar="N")] = 1,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder of the results; by default SAVE_DIR.fork.",
            metavar="DIR",
            show_default=False,
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace earlier results.")] = False,
) -> None:
    """Let a saved model live on in several ways; tell what differs, and for whom."""
    with explained_errors():
        from mesa_llm_city.experiments import fork as lived_on
        from mesa_llm_city.experiments.atomic_output import check_free

        home = folder.with_name(f"{folder.name}{_ENDING}") if out is None else out
        check_free(home, force=force)
        changes = _changes(future)
        futures = lived_on(
            _loaded(model, folder), changes, days=days, seeds=seeds, processes=processes
        )
        found = futures.to_folder(home, force=force)
        for name in futures.others:
            typer.echo(_told(futures, name))
        typer.echo(f"results  {found}")


def _changes(given: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """Return the interventions of each future by its name."""
    from mesa_llm_city.simulation.interventions import read_intervention_file

    changes: dict[str, list[dict[str, Any]]] = {}
    for one in given:
        name, _, file = one.partition("=")
        if not name or name in changes:
            message = f"future: must be a name of its own, and a file or none, got {one!r}"
            raise ConfigError(message)
        changes[name] = read_intervention_file(file) if file else []
    if len(changes) < 2:
        message = (
            f"future: give --future at least twice, such as --future control --future "
            f"flood=flood.toml, got {', '.join(changes)} only"
        )
        raise ConfigError(message)
    return changes


def _loaded(name: str, folder: Path) -> CityModel:
    from mesa_llm_city.experiments import load_model
    from mesa_llm_city.simulation.model import CityModel

    kind = load_model(name)
    if not (isinstance(kind, type) and issubclass(kind, CityModel)):
        message = f"the model {name!r} is no class of models, so it cannot go on from a save"
        raise ConfigError(message)
    return kind.load(folder)


def _told(futures: Futures, name: str) -> str:
    """Return in a few lines what a future changes."""
    share = futures.share_touched(name)
    rows = futures.difference("minutes by purpose", name)
    greatest = rows.loc[rows["difference"].abs().sort_values(ascending=False).index[:5]]
    changes = ", ".join(f"{what} {one:+.1f}" for what, one in greatest["difference"].items())
    trips = futures.difference("trips by hour", name)["difference"].sum()
    return (
        f"{name}\n"
        f"touched  {100 * share['share']:.1f} % of the people\n"
        f"minutes  {changes} in the day of a mean person\n"
        f"trips    {trips:+.1f} in all"
    )
