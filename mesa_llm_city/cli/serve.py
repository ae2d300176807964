"""The city in the browser: ``mesa-llm-city serve`` and ``replay``."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mesa_llm_city.cli.errors import explained_errors
from mesa_llm_city.cli.run_options import read_options, takes_run_options

if TYPE_CHECKING:
    from mesa_llm_city.ui.page.sources import Source

__all__ = ["replay", "serve"]

LOOPBACK = "127.0.0.1"
PORT = 8765

_APP = "mesa_llm_city.ui.page.app"
# A page leaves no folder behind.
_NOT_OF_A_PAGE = ("out", "force", "resume", "record")
# No usage statistics are sent, and what the page needs comes from this machine.
_OFFLINE = MappingProxyType(
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


@takes_run_options(leaving_out=_NOT_OF_A_PAGE)
def serve(given: dict[str, Any], *, port: Port = PORT, host: Host = LOOPBACK) -> None:
    """Show a model in the browser; each browser session has one of its own."""
    with explained_errors():
        _check_installed()
        from mesa_llm_city.experiments.language_model import check_reachable
        from mesa_llm_city.ui.page.sources import Source

        options = read_options(given)
        check_reachable(options)
        _show(Source(options=options), host=host, port=port)


def replay(
    folder: Annotated[Path, typer.Argument(help="Folder of a run.", metavar="RUN_DIR")],
    *,
    port: Port = PORT,
    host: Host = LOOPBACK,
) -> None:
    """Show a finished run in the browser; needs no model and no key."""
    with explained_errors():
        _check_installed()
        from mesa_llm_city.ui.page.sources import Source
        from mesa_llm_city.ui.views.history import check_folder

        check_folder(folder)
        _show(Source(folder=folder.resolve()), host=host, port=port)


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
    command = [sys.executable, "-m", "solara", "run", _APP, "--host", host, "--port", str(port)]
    command += ["--production", "--no-open", "--theme-loader", "plain"]
    command += ["--log-level", "warning"]
    environment = {**os.environ, **_OFFLINE, SOURCE_VARIABLE: source.to_json()}
    with subprocess.Popen(command, env=environment) as server:  # noqa: S603 - our own arguments
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
