"""What sessions of the page leave behind in the server's memory.

``python benchmarks/page_memory.py [--citizens 1000] [--sessions 10] [--out FILE]`` builds a run,
plays it until the morning, and notes the memory of the process; does the same with further runs;
lets all of them be laid aside, as a minute without a page does; and ends with 1 if more memory than
the limit is left. Runs play in threads of their own, in a process with the settings of a server
that others reach; ``PYTHONMALLOC=pymalloc`` measures one of this machine alone.
It reads ``/proc``, so it runs on Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from mesa_llm_city.experiments import RunOptions
from mesa_llm_city.ui.page.environment import environment
from mesa_llm_city.ui.page.key_actions import to_the_morning
from mesa_llm_city.ui.page.sessions import Session, Sessions
from mesa_llm_city.ui.page.sources import Source

LIMIT = 1.2
_MB = 1024.0
_ALONE_S = 0.5
_SETTLED_S = 8.0
_LONGEST_S = 900.0


def main() -> int:
    """Measure, print, and return whether the limit was exceeded."""
    told = _arguments()
    if os.environ != (settings := environment(os.environ, has_visitors=True)):
        # The C library reads them when a process begins.
        os.execve(sys.executable, [sys.executable, *sys.argv], settings)  # noqa: S606 - this program
    source = Source(options=RunOptions(citizens=told.citizens))
    sessions = Sessions(alone_s=_ALONE_S, most_alone=told.sessions)
    leave = [_lived(sessions.of("0", source))]
    with_one = _rss_mb()
    leave += [_lived(sessions.of(f"{row}", source)) for row in range(1, told.sessions)]
    with_all = _rss_mb()
    for one in leave:
        one()
    time.sleep(_ALONE_S)
    _until(lambda: all(sessions.of(f"{row}", source).city is None for row in range(told.sessions)))
    time.sleep(_SETTLED_S)
    left = _rss_mb()
    figures = {
        "citizens": told.citizens,
        "sessions": told.sessions,
        "one_session_mb": round(with_one, 1),
        "all_sessions_mb": round(with_all, 1),
        "left_mb": round(left, 1),
        "left_ratio": round(left / with_one, 3),
        "limit": LIMIT,
    }
    text = json.dumps(figures, indent=2)
    print(text)
    if told.out is not None:
        told.out.write_text(f"{text}\n", encoding="utf-8")
    return 1 if left > LIMIT * with_one else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--citizens", type=int, default=1000)
    parser.add_argument("--sessions", type=int, default=10)
    parser.add_argument("--out", type=Path, default=None)
    return parser.parse_args()


def _lived(session: Session) -> Callable[[], None]:
    """Play the run of a session until the morning; return what ends watching it."""
    leave = session.watch(lambda: None)
    _until(lambda: session.runner is not None)
    runner = session.runner
    if runner is not None:
        to_the_morning(runner)
        _until(lambda: not runner.playing and not runner.busy)
    return leave


def _until(is_true: Callable[[], bool]) -> None:
    end_s = time.monotonic() + _LONGEST_S
    while not is_true():
        if time.monotonic() > end_s:
            message = "waited in vain for a session"
            raise TimeoutError(message)
        time.sleep(0.05)


def _rss_mb() -> float:
    """Return the memory that the process holds, in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / _MB / _MB


if __name__ == "__main__":
    sys.exit(main())
