"""How long a refusal asks to wait."""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest

from mesa_llm_city.llm.clients.retry_hints import asked_wait_s

DATE = {"Date": "Wed, 21 Oct 2026 07:28:00 GMT"}


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({}, None),
        ({"Retry-After": "7"}, 7.0),
        ({"retry-after": " 0.25 "}, 0.25),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-3"}, None),
        ({"Retry-After": "1", "Retry-After-Ms": "250"}, 0.25),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:30 GMT", **DATE}, 30.0),
        ({"Retry-After": "Wed, 21 Oct 2026 07:27:30 GMT", **DATE}, 0.0),
        ({"anthropic-ratelimit-requests-reset": "2026-10-21T07:28:09Z", **DATE}, 9.0),
        ({"x-ratelimit-reset-requests": "1m2.5s"}, 62.5),
        ({"x-ratelimit-reset-tokens": "14ms"}, 0.014),
        ({"X-RateLimit-Reset": "12"}, 12.0),
    ],
)
def test_headers_tell_it_as_seconds_a_date_or_a_duration(
    headers: dict[str, str], wait_s: float | None
) -> None:
    assert asked_wait_s(headers) == wait_s


def test_a_date_without_that_of_the_server_is_counted_from_now() -> None:
    later = formatdate(time.time() + 20.0, usegmt=True)
    assert asked_wait_s({"Retry-After": later}) == pytest.approx(20.0, abs=2.0)


def test_a_moment_may_be_told_in_milliseconds_since_1970() -> None:
    moment = str(int(1000.0 * (time.time() + 9.0)))
    assert asked_wait_s({"X-RateLimit-Reset": moment}) == pytest.approx(9.0, abs=1.0)


def test_only_the_limit_that_is_used_up_is_waited_for() -> None:
    headers = {
        "x-ratelimit-remaining-requests": "12",
        "x-ratelimit-reset-requests": "6m0s",
        "x-ratelimit-remaining-tokens": "0",
        "x-ratelimit-reset-tokens": "13s",
    }
    assert asked_wait_s(headers) == 13.0
    assert asked_wait_s({**headers, "x-ratelimit-remaining-tokens": "5"}) is None


@pytest.mark.parametrize(
    ("detail", "wait_s"),
    [
        ("Rate limit reached. Please try again in 13s.", 13.0),
        ("Please retry in 6.5s.', 'status': 'RESOURCE_EXHAUSTED'", 6.5),
        ('{"retryDelay": "6s"}', 6.0),
        ("try again in 1m20.5s", 80.5),
        ("try again in 250ms", 0.25),
        ("Please wait 2 minutes", 120.0),
        ('{"retry_after": 5}', 5.0),
        ("please try again later", None),
        ("the request was too large, try a smaller one", None),
    ],
)
def test_the_message_may_tell_it(detail: str, wait_s: float | None) -> None:
    assert asked_wait_s({}, detail) == wait_s
