"""The server of the page: ``python -m mesa_llm_city.ui.page.server HOST PORT [NAME ...]``.

The command line starts it, with the environment that `environment` returns.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from types import MappingProxyType
from typing import TYPE_CHECKING

from mesa_llm_city.ui.page.guard import Guard
from mesa_llm_city.ui.page.offline import AccessibleHtml, LocalAssets
from mesa_llm_city.ui.page.server_sessions import server_sessions
from mesa_llm_city.ui.page.sources import SOURCE_VARIABLE, Source

if TYPE_CHECKING:
    from socket import socket

    from starlette.types import ASGIApp

__all__ = ["SETTINGS", "application", "environment", "serve"]

APP = "mesa_llm_city.ui.page.app"

SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        "SOLARA_APP": APP,
        "SOLARA_MODE": "production",
        "SOLARA_THEME_LOADER": "plain",
        "SOLARA_THEME_TITLE": "mesa-llm-city",
        # No usage statistics are sent, and what the page needs comes from this machine.
        "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
        "SOLARA_ASSETS_FONTAWESOME_ENABLED": "false",
        "SOLARA_SESSION_HTTPS_ONLY": "false",
        # A page whose kernel is gone loads itself again, and finds its run again.
        "SOLARA_THEME_FORCE_REFRESH": "true",
        # A page that is reloaded or loses its connection comes back within seconds; what a dead
        # browser leaves behind is freed after this time.
        "SOLARA_KERNEL_CULL_TIMEOUT": "2m",
        # Of a page, only what has changed is gone through.
        "REACTON_FAST": "1",
        # Each of the many threads would keep freed memory for itself.
        "MALLOC_ARENA_MAX": "2",
        "PYTHONWARNINGS": "ignore:Cookies with samesite=none:UserWarning",
    }
)
"""Settings of Solara and of the process, as environment variables."""

_FREE = ("SOLARA_KERNEL_CULL_TIMEOUT", "REACTON_FAST")


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the server's process.

    Parameters
    ----------
    given : mapping of str to str
        The present environment. The time after which Solara frees what a dead browser leaves
        behind (``SOLARA_KERNEL_CULL_TIMEOUT``) and whether it goes through changed parts of a
        page only (``REACTON_FAST``, 1 by default) are kept if they are set; other settings of
        Solara are those of this page.
    """
    kept = {name: given[name] for name in _FREE if name in given}
    return {**given, **SETTINGS, **kept}


def application(host: str, names: Sequence[str] = ()) -> ASGIApp:
    """Return Solara's application behind what this page demands of a server.

    Parameters
    ----------
    host : str
        Address to listen on.
    names : sequence of str, optional
        Further names by which browsers may call this server.
    """
    import solara.server.starlette
    from solara.server import settings

    assets = LocalAssets(solara.server.starlette.app, Path(settings.assets.proxy_cache_dir))
    return Guard(AccessibleHtml(assets), host, names)


def serve(host: str, port: int, names: Sequence[str] = ()) -> None:
    """Serve the page until the process is stopped.

    Parameters
    ----------
    host : str
        Address to listen on.
    port : int
        Port to listen on.
    names : sequence of str, optional
        Further names by which browsers may call this server.
    """
    import uvicorn

    shown = f"[{host}]" if ":" in host else host

    class Announced(uvicorn.Server):
        """Prints the address once it can be opened, which takes seconds; ends all runs last."""

        async def startup(self, sockets: list[socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            if self.started:
                Thread(target=_prepare, daemon=True).start()
                print(f"page     http://{shown}:{port}  (Ctrl-C stops)", flush=True)  # noqa: T201

        async def shutdown(self, sockets: list[socket] | None = None) -> None:
            await super().shutdown(sockets=sockets)
            # Here, for the signal that stops the server ends the process right after this.
            server_sessions().end()

    config = uvicorn.Config(
        application(host, names),
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        loop="asyncio",
        # A browser that stays connected must not keep the server from ending.
        timeout_graceful_shutdown=1,
    )
    server = Announced(config)
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        raise SystemExit(1)


def _prepare() -> None:
    """Have what the first page needs ready when it comes."""
    if (text := os.environ.get(SOURCE_VARIABLE)) is not None:
        Source.from_json(text).prepare()


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
