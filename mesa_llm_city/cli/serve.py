"""The city in the browser: ``mesa-llm-city serve`` and ``replay``."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from inspect import Parameter, Signature, signature
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mesa_llm_city.cli.errors import problems_told

if TYPE_CHECKING:
    from mesa_llm_city.ui.page.sources import Source

__all__ = ["add_pages", "replay", "serve"]

LOOPBACK = "127.0.0.1"
PORT = 8765

_APP = "mesa_llm_city.ui.page.app"
# A page leaves no folder behind.
_NOT_OF_A_PAGE = ("out", "force", "resume", "record", "quiet")
# Nothing is told to anybody else, and what the page needs comes from this machine.
_ALONE = MappingProxyType(
    {
        "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
        "SOLARA_ASSETS_FONTAWESOME_ENABLED": "false",
        "SOLARA_SESSION_HTTPS_ONLY": "false",
        "PYTHONWARNINGS": "ignore:Cookies with samesite=none:UserWarning",
    }
)

Port = Annotated[int, typer.Option(help="Port to listen on.", metavar="P", min=1, max=65535)]
Host = Annotated[
    str, typer.Option(help="Address to listen on; others can reach it only if it is not loopback.")
]


def add_pages(app: typer.Typer, run: Callable[..., None]) -> None:
    """Add both commands to a command line.

    Parameters
    ----------
    app : typer.Typer
        The command line.
    run : callable
        Its command that runs a model, whose options ``serve`` has as well.
    """
    app.command(name="serve")(_with_options_of(run))
    app.command(name="replay")(replay)


def serve(
    *, config: Path | None = None, port: int = PORT, host: str = LOOPBACK, **given: object
) -> None:
    """Show a model in the browser; each browser session has one of its own."""
    with problems_told():
        _check_installed()
        from mesa_llm_city.experiments import RunOptions
        from mesa_llm_city.ui.page.sources import Source

        more = given.pop("more", None) or []
        given["places"] = [*(given.get("places") or []), *more] or None  # type: ignore[misc]
        options = RunOptions.load(config, **{name: one or None for name, one in given.items()})
        _show(Source(options=options), host=host, port=port)


def replay(
    folder: Annotated[Path, typer.Argument(help="Folder of a run.", metavar="RUN_DIR")],
    *,
    port: Port = PORT,
    host: Host = LOOPBACK,
) -> None:
    """Show a finished run in the browser; needs no model and no key."""
    with problems_told():
        _check_installed()
        from mesa_llm_city.ui.page.sources import Source
        from mesa_llm_city.ui.views.history import check_folder

        check_folder(folder)
        _show(Source(folder=folder.resolve()), host=host, port=port)


def _with_options_of(run: Callable[..., None]) -> Callable[..., None]:
    """Return `serve` as a command with the options of another."""
    taken = [
        one
        for one in signature(run, eval_str=True).parameters.values()
        if one.name not in _NOT_OF_A_PAGE
    ]
    own = [
        Parameter("port", Parameter.KEYWORD_ONLY, default=PORT, annotation=Port),
        Parameter("host", Parameter.KEYWORD_ONLY, default=LOOPBACK, annotation=Host),
    ]

    def command(**given: Any) -> None:  # noqa: ANN401 - whatever the options hold
        serve(**given)

    command.__doc__ = serve.__doc__
    command.__annotations__ = {one.name: one.annotation for one in (*taken, *own)}
    command.__signature__ = Signature([*taken, *own])  # type: ignore[attr-defined]
    return command


def _check_installed() -> None:
    from mesa_llm_city.core.errors import ConfigError

    lacking = [name for name in ("solara", "anywidget") if find_spec(name) is None]
    if lacking:
        message = (
            f"the page needs {' and '.join(lacking)}, which {'is' if len(lacking) == 1 else 'are'} "
            "not installed; run: pip install 'mesa-llm-city[viz]'"
        )
        raise ConfigError(message)


def _show(source: Source, *, host: str, port: int) -> None:
    """Run the server until Ctrl-C."""
    from mesa_llm_city.ui.page.sources import SOURCE_VARIABLE

    _check_free(host, port)
    shown = f"[{host}]" if ":" in host else host
    typer.echo(f"page     http://{shown}:{port}  (Ctrl-C stops)")
    if host not in {LOOPBACK, "localhost", "::1"}:
        typer.echo("warning: anybody who reaches this address can use the page", err=True)
    told = [sys.executable, "-m", "solara", "run", _APP, "--host", host, "--port", str(port)]
    told += ["--production", "--no-open", "--theme-loader", "plain"]
    told += ["--log-level", "warning"]
    environment = {**os.environ, **_ALONE, SOURCE_VARIABLE: source.to_json()}
    with subprocess.Popen(told, env=environment) as server:  # noqa: S603 - our own words
        # A polite end, such as from a supervisor, ends the server as well.
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
