"""The event loop that all engines of a process share."""

from __future__ import annotations

import asyncio
from threading import current_thread

import pytest

from mesa_llm_city.llm.loop import LoopThread, shared_loop


class Guest:
    """Something that has to be closed."""

    def __init__(self) -> None:
        self.closed_in = ""

    async def close(self) -> None:
        self.closed_in = current_thread().name


async def thread_name() -> str:
    return current_thread().name


def test_there_is_one_in_a_process_and_it_runs_in_its_own_thread() -> None:
    assert shared_loop() is shared_loop()
    assert shared_loop().run(thread_name()) == "mesa-llm-city"


def test_errors_of_what_it_runs_reach_the_caller() -> None:
    async def fail() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        shared_loop().run(fail())


def test_a_guest_is_closed_on_the_loop_and_only_once() -> None:
    home, guest = shared_loop(), Guest()
    home.add(guest)
    home.remove(guest)
    assert guest.closed_in == "mesa-llm-city"
    guest.closed_in = ""
    home.remove(guest)
    assert guest.closed_in == ""


def test_a_guest_dismissed_from_the_loop_itself_does_not_block_it() -> None:
    home, guest = shared_loop(), Guest()
    home.add(guest)

    async def dismiss() -> None:
        home.remove(guest)
        await asyncio.sleep(0.01)

    home.run(dismiss())
    assert guest.closed_in == "mesa-llm-city"


def test_its_end_closes_all_guests() -> None:
    home, guest = LoopThread(), Guest()
    home.add(guest)
    home.stop()
    assert guest.closed_in == "mesa-llm-city"
    assert not home.alive
    home.stop()
    home.remove(guest)
