"""A server of the page, and a browser that reaches nothing but it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from mesa_llm_city.ui.page.offline import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

__all__ = ["AXE", "BROWSER", "CHROMIUM", "KeptBrowser", "Visit", "served", "solara_app", "visit"]

CHROMIUM = Path("/usr/bin/chromium")
AXE = Path(__file__).parents[2] / "javascript" / "node_modules" / "axe-core" / "axe.min.js"
"""Checks pages for hindrances; where the tools of the scripts are installed."""

_UP_S = 120.0
_PAGE_MS = 60_000
_FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
    *("--enable-unsafe-swiftshader", "--use-angle=swiftshader"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
_LOCAL = ("127.0.0.1", "localhost")


class Visit:
    """A page in a browser, with what went wrong in it and what it asked of others."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        self.outside: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("request", lambda request: self._look(request.url))

    def until(self, is_so: Callable[[], bool], what: str) -> None:
        """Wait until something is so, which is asked again and again.

        From here, for a file may forbid scripts to evaluate text, as `wait_for_function` does.
        """
        end_s = time.monotonic() + _PAGE_MS / 1000
        while not is_so():
            assert time.monotonic() < end_s, f"waited for long until {what}"
            self.page.wait_for_timeout(50)

    def _note(self, kind: str, text: str) -> None:
        if kind == "error":
            self.errors.append(text)

    def _look(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in _LOCAL:
            self.outside.append(url)


class KeptBrowser:
    """A browser that is started for the first page and kept for the next ones.

    Its driver has a loop that runs in this thread, so nothing else can run one until it is closed.
    """

    def __init__(self) -> None:
        self._driver: Playwright | None = None
        self._browser: Browser | None = None

    def started(self) -> Browser:
        """Return the browser, started anew if there is none or it has crashed."""
        playwright = pytest.importorskip("playwright.sync_api")
        if self._browser is not None and self._browser.is_connected():
            return self._browser
        self.close()
        self._driver = playwright.sync_playwright().start()
        # The 5 s of Playwright are too few for a busy machine.
        playwright.expect.set_options(timeout=_PAGE_MS)
        self._browser = self._driver.chromium.launch(
            executable_path=str(CHROMIUM), args=list(_FLAGS)
        )
        return self._browser

    def close(self) -> None:
        """Close the browser, if there is one."""
        if self._browser is not None:
            self._browser.close()
        if self._driver is not None:
            self._driver.stop()
        self._browser = self._driver = None


BROWSER = KeptBrowser()
"""The browser of the tests of a file; ``conftest.py`` closes it after the last one."""


@contextmanager
def visit(
    url: str,
    *,
    width: int = 1400,
    height: int = 900,
    scheme: str = "light",
    cookies: Sequence[Any] = (),
    script: str = "",
) -> Iterator[Visit]:
    """Open an address as a new visitor; at the end nothing went wrong and nothing got out.

    A script, if there is one, runs before those of the page. Parts of a page are waited for
    whatever its server, for tests may run on a busy machine.
    """
    if not CHROMIUM.is_file():
        pytest.skip(f"needs a browser at {CHROMIUM}")
    context = BROWSER.started().new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    try:
        # Those of an earlier server on this machine, whatever its port.
        kept: list[Any] = [{**cookie, "domain": "127.0.0.1"} for cookie in cookies]
        context.add_cookies(kept)
        for one in filter(None, (PATIENCE, script)):
            context.add_init_script(one)
        page = context.new_page()
        page.set_default_timeout(_PAGE_MS)
        seen = Visit(page)
        page.goto(url)
        yield seen
    finally:
        context.close()
    assert not seen.errors, seen.errors
    assert not seen.outside, seen.outside


@contextmanager
def served(*arguments: str) -> Iterator[str]:
    """Run a command of the page, such as serve, and return its address."""
    program = "from mesa_llm_city.cli.application import main; main()"
    with _running([sys.executable, "-c", program, *arguments], "--port") as url:
        yield url


@contextmanager
def solara_app(file: Path) -> Iterator[str]:
    """Run a Solara app of a file and return its address."""
    alone = {"SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false"}
    command = [sys.executable, "-m", "solara", "run", str(file), "--production", "--no-open"]
    with _running([*command, "--host", "127.0.0.1"], "--port", alone) as url:
        yield url


@contextmanager
def _running(
    command: list[str], port_option: str, more: Mapping[str, str] | None = None
) -> Iterator[str]:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    with subprocess.Popen(
        [*command, port_option, str(port)], env={**os.environ, **(more or {})}
    ) as server:
        try:
            _await(f"http://127.0.0.1:{port}/", server)
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()


def _await(url: str, server: subprocess.Popen[bytes]) -> None:
    end_s = time.monotonic() + _UP_S
    while True:
        try:
            with urlopen(url, timeout=20.0):  # noqa: S310 - our own address
                return
        except (URLError, ConnectionError):
            assert server.poll() is None, "the server has ended"
            assert time.monotonic() < end_s, "the server does not answer"
            time.sleep(0.5)
