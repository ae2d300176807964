"""What Solara's server sends, made fit for work without a network and for screen readers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["PATIENCE", "AccessibleHtml", "LocalAssets", "accessible"]

_CDN = "/_solara/cdn/"
_BARE_HTML = b"<html>"
_HTML = b'<html lang="en">'
_FIXED_VIEW = b"initial-scale=1, maximum-scale=1, user-scalable=no, minimal-ui"
_VIEW = b"initial-scale=1"
_HEAD = b"<head>"
_BUSY = b"<v-progress-linear "
_NAMED_BUSY = b'<v-progress-linear aria-label="the page is working" '
# On a first visit Solara is light whatever the system; told to be "auto" it leaves its page out.
_SCHEME = (
    b"<script>try{const k=':solara:theme.variant';"
    b"localStorage.getItem(k)||localStorage.setItem(k,'\"auto\"')}catch{}</script>"
)
PATIENCE = (
    "AbortSignal.timeout=(timeout=>ms=>ms<5000?new AbortController().signal:"
    "timeout.call(AbortSignal,ms))(AbortSignal.timeout)"
)
"""Script that has a page wait for its parts, however long they take to load.

Anywidget gives each part 2 s; one that is later hears nothing of the server any more, so that on a
busy machine a map would stand still for good.
"""

_PATIENCE = f"<script>{PATIENCE}</script>".encode()

# What the page would ask for one after the other once it is connected, and who owns it.
_LATER = {
    "jupyter-vuetify/nodeps.js": "jupyter-vuetify/extension",
    "jupyter-vue/nodeps.js": "jupyter-vue/extension",
    "anywidget/extension.js": "anywidget/extension",
    "anywidget/index.js": "anywidget/extension",
}
_HASHES = re.compile(rb"nbextensionHashes = (\{.*?\});")
_BASE = re.compile(rb"baseUrl: '([^']*)'")


class LocalAssets:
    """Answers "not found" for scripts that are not on this machine.

    Solara's server would fetch them from a CDN, and write them into the environment.

    Parameters
    ----------
    app : ASGI application
        Solara's server.
    folder : Path
        Folder of the scripts that are installed.
    """

    def __init__(self, app: ASGIApp, folder: Path) -> None:
        self.app = app
        self.folder = folder.resolve()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, unless it is for a script that is not installed."""
        if scope["type"] != "http" or self._has(scope["path"]):
            await self.app(scope, receive, send)
            return
        from starlette.responses import PlainTextResponse

        await PlainTextResponse("not installed\n", 404)(scope, receive, send)

    def _has(self, path: str) -> bool:
        _, is_asset, name = path.partition(_CDN)
        if not is_asset:
            return True
        file = (self.folder / name.lstrip("/")).resolve()
        return file.is_relative_to(self.folder) and file.is_file()


class AccessibleHtml:
    """Names the language of Solara's page, lets it be zoomed, and has it dark in a dark system.

    Parts of the page that load slowly are waited for, and scripts that it asks for late are fetched
    from the beginning.

    Parameters
    ----------
    app : ASGI application
        Solara's server.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and change the answer if it is the page."""
        if scope["type"] != "http" or scope["path"] != "/":
            await self.app(scope, receive, send)
            return
        # Not compressed, so that it can be changed.
        headers = [one for one in scope["headers"] if one[0] != b"accept-encoding"]
        start: dict[str, Any] = {}
        body = bytearray()

        async def collect(message: Any) -> None:  # noqa: ANN401 - a message of ASGI
            if message["type"] == "http.response.start":
                start.update(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body", False):
                page = accessible(bytes(body))
                await send({**start, "headers": _with_length(start["headers"], len(page))})
                await send({"type": "http.response.body", "body": page})

        await self.app({**scope, "headers": headers}, receive, collect)


def accessible(page: bytes) -> bytes:
    """Return the page with names for screen readers, in the system's colours, open to zooming.

    Examples
    --------
    >>> accessible(b"<!doctype html><html><body>")
    b'<!doctype html><html lang="en"><body>'
    """
    named = page.replace(_BARE_HTML, _HTML, 1).replace(_FIXED_VIEW, _VIEW, 1)
    named = named.replace(_BUSY, _NAMED_BUSY)
    return named.replace(_HEAD, _HEAD + _SCHEME + _PATIENCE + _preloads(page), 1)


def _preloads(page: bytes) -> bytes:
    """Return what has a browser fetch scripts at once that the page asks for late; it may be none.

    The page names its scripts by hashes; of scripts without one nothing is said.
    """
    hashes, base = _HASHES.search(page), _BASE.search(page)
    if hashes is None or base is None:
        return b""
    known: dict[str, str | None] = json.loads(hashes[1])
    root = f"{base[1].decode()}/nbextensions"
    urls = [f"{root}/{file}?{known[owner]}" for file, owner in _LATER.items() if known.get(owner)]
    # Before them comes what the page cannot begin without.
    kind = 'rel="preload" as="script" fetchpriority="low"'
    return "".join(f'<link {kind} href="{url}">' for url in urls).encode()


def _with_length(headers: list[tuple[bytes, bytes]], length: int) -> list[tuple[bytes, bytes]]:
    others = [one for one in headers if one[0].lower() != b"content-length"]
    return [*others, (b"content-length", str(length).encode())]
