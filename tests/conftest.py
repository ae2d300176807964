"""What holds for every test: no network, the same examples in every run."""

from __future__ import annotations

import ipaddress
import multiprocessing
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from io import BytesIO
from multiprocessing.pool import Pool
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# A busy machine is no failure, and a failure must show up again.
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")


def _is_local(address: object) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket
    try:
        return ipaddress.ip_address(str(address[0])).is_loopback
    except ValueError:
        return str(address[0]) == "localhost"


@pytest.fixture(autouse=True, scope="session")
def offline() -> Iterator[None]:
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def connect_locally(self: socket.socket, address: Any) -> None:  # noqa: ANN401 - as in socket
        if not _is_local(address):
            message = f"a test tried to reach {address}; tests are offline"
            raise AssertionError(message)
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_locally)
        yield


@pytest.fixture(scope="module")
def empty_pictures() -> Iterator[None]:
    """Save an empty file in place of each picture, and draw no summary of a run.

    For tests of runs that look at tables only: pictures take half the time of a small run.
    """
    from matplotlib.figure import Figure

    from mesa_llm_city.experiments import write

    save = Figure.savefig

    def save_nothing(figure: Figure, file: Path | BytesIO, **options: object) -> None:
        # A page in one file holds its pictures, which it reads again.
        if isinstance(file, BytesIO):
            save(figure, file, **options)  # type: ignore[arg-type]
        else:
            file.touch()

    def draw_nothing(file: Path, *_: object) -> None:
        file.touch()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Figure, "savefig", save_nothing)
        patch.setattr(write, "save_summary", draw_nothing)
        yield


@pytest.fixture(scope="session")
def lent_processes() -> Iterator[None]:
    """Lend the processes of one `mesa.batch_run` to the next, for to start some takes seconds.

    They are started as Mesa does it, when a test first asks for several.
    """
    pools: list[Pool] = []

    @cache
    def started(processes: int) -> Pool:
        pools.append(multiprocessing.Pool(processes))
        return pools[-1]

    def lend(processes: int) -> AbstractContextManager[Any]:
        return nullcontext(started(processes))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mesa.batchrunner.Pool", lend)
        yield
    for one in pools:
        one.terminate()
        one.join()
