"""A process that has imported everything, and forks a run for each line it reads.

A line is a list of arguments of the command line as JSON. For each it writes ``began`` and the
process id of the run, and when that has ended, ``ended`` and its exit status. So a test can
kill runs in their first milliseconds without paying for imports each time.
"""

from __future__ import annotations

import json
import os
import sys
from typing import NoReturn

from mesa_llm_city.models.town_day import model as _model  # noqa: F401 - as above

from mesa_llm_city.cli.application import main
from mesa_llm_city.experiments import run as _run  # noqa: F401 - loaded before forking


def _told(text: object) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _live(arguments: list[str]) -> NoReturn:
    sys.argv[1:] = arguments
    os.dup2(2, 1)
    try:
        main()
    except SystemExit as end:
        os._exit(int(end.code or 0))
    os._exit(0)


def serve() -> None:
    """Fork a run for each line, one after another."""
    for line in sys.stdin:
        if (pid := os.fork()) == 0:
            _live(json.loads(line))
        _told(f"began {pid}")
        _told(f"ended {os.waitpid(pid, 0)[1]}")


if __name__ == "__main__":
    serve()
