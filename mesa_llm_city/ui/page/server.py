"""The server of the page: ``python -m mesa_llm_city.ui.page.server HOST PORT [NAME ...]``.

The command line starts it, with the environment that `environment.environment` returns.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from mesa_llm_city.ui.page.guard import Guard
from mesa_llm_city.ui.page.offline import AccessibleHtml, LocalAssets
from mesa_llm_city.ui.page.server_sessions import server_sessions
from mesa_llm_city.ui.page.shown import SOURCE_VARIABLE
from mesa_llm_city.ui.page.sources import Source

if TYPE_CHECKING:
    from socket import socket

    from starlette.types import ASGIApp

__all__ = ["application", "serve"]


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
