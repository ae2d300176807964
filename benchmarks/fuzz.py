"""Spoilt inputs of every family, each read and used: how many are refused, and how many escape.

By default 1,000 a family. ``python benchmarks/fuzz.py 50 maps people`` tries fewer; with
``--show`` the first of each kind of failure is printed to standard error.
"""

from __future__ import annotations

import json
import signal
import sys
from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import process_time
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))  # the families are those of the tests

if TYPE_CHECKING:
    from types import FrameType

    from tests.fuzz.trial import Family, Outcome

TRIES = 1000
LIMIT_S = 20


def main(arguments: list[str]) -> None:
    """Try every family that is named, or all, and print one JSON object."""
    from tests.fuzz.families import families

    numbers = [int(one) for one in arguments if one.isdecimal()]
    named = [one for one in arguments if not one.isdecimal() and not one.startswith("--")]
    tries = numbers[0] if numbers else TRIES
    told = {}
    for family in families():
        if not named or family.name in named:
            told[family.name] = measured(family, tries, show="--show" in arguments)
    print(json.dumps({"benchmark": "fuzz", "families": told}))


def measured(family: Family, tries: int, *, show: bool) -> dict[str, float]:
    """Return how many tries ended in which way."""
    counts: Counter[str] = Counter()
    began_s = process_time()
    with TemporaryDirectory() as folder:
        valid = Path(folder, "valid")
        valid.mkdir()
        family.make(valid)
        for seed in range(tries):
            one = limited(family, valid, Path(folder, "case"), seed)
            counts[one.kind] += 1
            if show and one.kind in {"traceback", "doubtful"}:
                print(f"== {family.name} {seed} {one.kind}: {one.how}\n{one.what}", file=sys.stderr)
    return {
        "tried": tries,
        "refused": counts["refused"],
        "accepted": counts["accepted"],
        "tracebacks": counts["traceback"],
        "doubtful": counts["doubtful"],
        "cpu_s": round(process_time() - began_s, 1),
    }


def limited(family: Family, valid: Path, home: Path, seed: int) -> Outcome:
    """Make one try, which counts as a traceback if it does not end."""
    from tests.fuzz.trial import tried

    def give_up(_: int, __: FrameType | None) -> None:
        message = f"no end within {LIMIT_S} s"
        raise TimeoutError(message)

    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(LIMIT_S)
    try:
        return tried(family, valid, home, Random(seed))  # noqa: S311 - no secret
    finally:
        signal.alarm(0)


if __name__ == "__main__":
    main(sys.argv[1:])
