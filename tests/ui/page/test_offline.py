"""What Solara sends: scripts from this machine alone, and a page that can be read and zoomed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette")

from mesa_llm_city.ui.page.offline import AccessibleHtml, LocalAssets, accessible

_PAGE = (
    b'<!doctype html>\n<html>\n<head>\n<meta name="viewport" content="width=device-width, '
    b'initial-scale=1, maximum-scale=1, user-scalable=no, minimal-ui">'
    b"<v-progress-linear absolute></v-progress-linear>"
)


async def _solara(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - of ASGI
    del receive
    assert (b"accept-encoding", b"gzip") not in scope["headers"] or scope["path"] != "/"
    length = (b"content-length", str(len(_PAGE)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": _PAGE[:20], "more_body": True})
    await send({"type": "http.response.body", "body": _PAGE[20:]})


def _asked(app: Any, path: str) -> tuple[int, bytes, bytes]:  # noqa: ANN401 - an application
    """Return status, length and body of an answer."""
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    scope = {"type": "http", "path": path, "headers": [(b"accept-encoding", b"gzip")]}
    asyncio.run(app(scope, receive, send))
    body = b"".join(one.get("body", b"") for one in sent[1:])
    return sent[0]["status"], dict(sent[0]["headers"])[b"content-length"], body


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/_solara/cdn/a@1/there.js", 200),
        ("/_solara/cdn/a@1/lacking.js", 404),
        # Solara would delete a folder that is asked for as if it were a file.
        ("/_solara/cdn/a@1", 404),
        ("/_solara/cdn/../secret.txt", 404),
        ("/hub/_solara/cdn/a@1/lacking.js", 404),
        ("/static/anything.js", 200),
    ],
)
def test_scripts_that_are_not_here_are_not_fetched(tmp_path: Path, path: str, status: int) -> None:
    folder = tmp_path / "cdn"
    (folder / "a@1").mkdir(parents=True)
    (folder / "a@1" / "there.js").touch()
    (tmp_path / "secret.txt").touch()
    assert _asked(LocalAssets(_solara, folder), path)[0] == status
    assert (folder / "a@1").is_dir()


def test_the_page_names_its_language_and_can_be_zoomed() -> None:
    _, length, body = _asked(AccessibleHtml(_solara), "/")
    assert b'<html lang="en">' in body
    assert b"user-scalable" not in body
    assert b"localStorage" in body
    assert b"AbortSignal.timeout=" in body
    assert b'<v-progress-linear aria-label="the page is working" absolute>' in body
    assert int(length) == len(body)
    assert _asked(AccessibleHtml(_solara), "/static/main.js")[2] == _PAGE


def test_scripts_that_are_asked_for_late_are_fetched_from_the_beginning() -> None:
    told = b'nbextensionHashes = {"anywidget/extension": "5a1", "jupyter-vue/extension": null};'
    page = accessible(b"<html><head></head>" + told + b"baseUrl: '/hub/jupyter',")
    for script in ("extension", "index"):
        url = f"/hub/jupyter/nbextensions/anywidget/{script}.js?5a1"
        assert f'as="script" fetchpriority="low" href="{url}">'.encode() in page
    assert b"jupyter-vue/nodeps" not in page
