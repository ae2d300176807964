"""What holds for the tests of a file of the page: they share one browser, each a new visitor."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ui.browsing import BROWSER


@pytest.fixture(autouse=True, scope="module")
def browser_of_the_file() -> Iterator[None]:
    """Close the browser, if a test has opened one."""
    yield
    BROWSER.close()
