"""What tests of the page share: a browser, in which each is a new visitor, and a server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ui.browsing import BROWSER, served


@pytest.fixture(autouse=True, scope="module")
def browser_of_the_file() -> Iterator[None]:
    """Close the browser, if a test has opened one."""
    yield
    BROWSER.close()


@pytest.fixture(scope="session")
def live() -> Iterator[str]:
    """Return the address of a live page of 60 people, who live anew for each visitor."""
    with served("serve", "town_day", "--citizens", "60") as url:
        yield url
