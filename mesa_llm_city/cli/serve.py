"""The city in the browser: ``mesa-llm-city serve`` and ``replay``."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mesa_llm_city.cli.errors import explained_errors
from mesa_llm_city.cli.programs import has_own_page, is_program, own_page_of, page_of
from mesa_llm_city.cli.run_options import read_options, takes_run_options

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mesa_llm_city.ui.page.shown import Shown

__all__ = ["replay", "serve"]

LOOPBACK = "127.0.0.1"
PORT = 8765
KEEP_MIN = 60.0

_SERVER = "mesa_llm_city.ui.page.server"
# A page leaves no folder behind.
_NOT_OF_A_PAGE = (
    *("out", "force", "resume", "record", "save_every", "from_save"),
    *("stream", "sample_persons", "crowd_tables"),
)
# A day; a page that is left alone for longer is forgotten.
_LONGEST_MIN = 24 * 60.0

Port = Annotated[int, typer.Option(help="Port to listen on.", metavar="P", min=1, max=65535)]
Host = Annotated[
    str, typer.Option(help="Address to listen on; others can reach it only if it is not loopback.")
]
AllowHost = Annotated[
    list[str] | None,
    typer.Option(
        help="Another name by which browsers call this server, such as that of a proxy; "
        "give it again for more.",
        metavar="NAME",
    ),
]
KeepMin = Annotated[
    float,
    typer.Option(
        help="How long a run is kept when no page shows it any more, in minutes.",
        metavar="MIN",
        min=0.0,
        max=_LONGEST_MIN,
    ),
]
Keep = Annotated[
    Path | None,
    typer.Option(
        help="Folder in which runs outlast the server: the same browser goes on with its run "
        "after a restart, and no answer of a language model is paid for twice.",
        metavar="DIR",
        show_default=False,
    ),
]
Against = Annotated[
    Path | None,
    typer.Option(
        help="Folder of observed tables; the chart of trips shows its departures.csv too.",
        metavar="DIR",
        show_default=False,
    ),
]


@takes_run_options(leaving_out=_NOT_OF_A_PAGE)
def serve(
    given: dict[str, Any],
    *,
    port: Port = PORT,
    host: Host = LOOPBACK,
    allow_host: AllowHost = None,
    keep_min: KeepMin = KEEP_MIN,
    keep: Keep = None,
    against: Against = None,
) -> None:
    """Show a model in the browser; each browser has a run of its own, which a reload keeps."""
    with explained_errors():
        _check_installed()
        if is_program(given) or has_own_page(given):
            _refuse(given, keep=keep, against=against)
            what = page_of(given) if is_program(given) else own_page_of(given)
            _serve(what, host=host, port=port, names=allow_host or ())
            return
        from mesa_llm_city.experiments.language_model import check_reachable
        from mesa_llm_city.ui.page.shown import Shown

        options = read_options(given)
        check_reachable(options)
        if keep is not None:
            from mesa_llm_city.ui.page.keeping import class_of

            class_of(options)
        kept = None if keep is None else keep.resolve()
        shown = Shown(options=options, keep=kept, against=_observed(against))
        _show(shown, host=host, port=port, names=allow_host or (), keep_min=keep_min)


def replay(
    folder: Annotated[Path, typer.Argument(help="Folder of a run.", metavar="RUN_DIR")],
    second: Annotated[
        Path | None,
        typer.Argument(
            help="Folder of another run, which is compared with the first one.", metavar="RUN_B"
        ),
    ] = None,
    *,
    name_a: Annotated[
        str, typer.Option(help="Name of the first run.", show_default="that of its folder")
    ] = "",
    name_b: Annotated[
        str, typer.Option(help="Name of the second run.", show_default="that of its folder")
    ] = "",
    crowd: Annotated[
        bool, typer.Option("--crowd", help="Show the rows of the crowd, not the citizens.")
    ] = False,
    port: Port = PORT,
    host: Host = LOOPBACK,
    allow_host: AllowHost = None,
    against: Against = None,
) -> None:
    """Show a finished run in the browser, or compare two; needs no model and no key."""
    with explained_errors():
        _check_installed()
        from mesa_llm_city.ui.page.shown import Shown
        from mesa_llm_city.ui.views.run_folder import check_folder

        check_folder(folder, crowd=crowd)
        _check_second(folder, second, (name_a, name_b), crowd=crowd)
        shown = Shown(
            folder=folder.resolve(),
            crowd=crowd,
            against=_observed(against),
            second=None if second is None else second.resolve(),
            names=(name_a, name_b) if second is not None else (),
        )
        _show(shown, host=host, port=port, names=allow_host or ())


def _check_second(
    folder: Path, second: Path | None, names: tuple[str, str], *, crowd: bool
) -> None:
    """Refuse two runs that cannot be compared, and names of runs that are not."""
    from mesa_llm_city.core.errors import ConfigError
    from mesa_llm_city.ui.comparing.comparable import check_comparable, names_of

    if second is not None:
        check_comparable(folder, second, crowd=crowd)
        names_of(folder, second, names)
    elif any(names):
        message = (
            "--name-a and --name-b name two runs that are compared; give the folder of a second "
            "run, or leave them out"
        )
        raise ConfigError(message)


def _refuse(given: Mapping[str, Any], **folders: Path | None) -> None:
    """Refuse options that only models with the page of a city have."""
    from mesa_llm_city.core.errors import ConfigError

    for name, folder in folders.items():
        if folder is not None:
            message = (
                f"--{name} is for the page of a city, and {given.get('model')} has one of its own; "
                "leave it out"
            )
            raise ConfigError(message)


def _observed(folder: Path | None) -> Path | None:
    """Return the folder of observed tables, in which defects are found before a page is opened."""
    if folder is None:
        return None
    from mesa_llm_city.parameters import default_parameters
    from mesa_llm_city.ui.charts.observations import Observations

    Observations.read(folder, default_parameters())
    return folder.resolve()


def _check_installed() -> None:
    from mesa_llm_city.core.errors import ConfigError

    lacking = [name for name in ("solara", "anywidget") if find_spec(name) is None]
    if lacking:
        message = (
            f"the page needs {' and '.join(lacking)}, which {'is' if len(lacking) == 1 else 'are'} "
            "not installed; run: pip install 'mesa-llm-city[viz]'"
        )
        raise ConfigError(message)


def _show(
    shown: Shown, *, host: str, port: int, names: Sequence[str] = (), keep_min: float = KEEP_MIN
) -> None:
    """Run the server of a city until Ctrl-C."""
    from mesa_llm_city.ui.page.shown import KEEP_VARIABLE, SOURCE_VARIABLE

    what = {SOURCE_VARIABLE: shown.to_json(), KEEP_VARIABLE: str(keep_min)}
    _serve(what, host=host, port=port, names=names)


def _serve(what: Mapping[str, str], *, host: str, port: int, names: Sequence[str]) -> None:
    """Run the server until Ctrl-C, with an environment that says what it shows."""
    from mesa_llm_city.ui.page.environment import environment
    from mesa_llm_city.ui.page.guard import is_loopback

    _check_free(host, port)
    typer.echo("starting the page")
    is_open = not is_loopback(host)
    if is_open:
        typer.echo("warning: anybody who reaches this address can use the page", err=True)
    command = [sys.executable, "-m", _SERVER, host, str(port), *names]
    env = {**environment(os.environ, has_visitors=is_open or bool(names)), **what}
    with subprocess.Popen(command, env=env) as server:  # noqa: S603 - our own arguments
        # Terminated by a supervisor, it ends the server as well.
        signal.signal(signal.SIGTERM, lambda *_: server.terminate())
        try:
            code = server.wait()
        except KeyboardInterrupt:
            server.terminate()
            server.wait()
            typer.echo("stopped")
            return
    if code not in {0, -signal.SIGTERM}:
        raise typer.Exit(1)


def _check_free(host: str, port: int) -> None:
    """Refuse a port that is taken, since the server would say so only in passing."""
    from mesa_llm_city.core.errors import ConfigError

    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(address)
    except OSError as error:
        message = f"cannot listen on {host}:{port} ({error.strerror}); choose another with --port"
        raise ConfigError(message) from error
