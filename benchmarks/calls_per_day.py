"""What a citizen-day asks of a language model: calls, prompt tokens, and how many are shared.

Prints one JSON object. A scripted model answers at once with made-up replies, for two weekdays
and a Sunday; then the same town lives by rules, for the processor time. Tokens are estimated as
characters / 4. What a request shares with all others about the same purpose is its first message:
rules, form of the reply, city. Longer runs (--days 30) show whether prompts grow with memory.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from time import process_time

from mesa_llm_city import City, CityModel, Clock, Population
from mesa_llm_city.experiments import settled
from mesa_llm_city.llm import LLM, ClientSpec
from mesa_llm_city.llm.base import Request
from mesa_llm_city.llm.budget import estimate_tokens
from mesa_llm_city.llm.clients.scripted import fill_schema

DAY_MIN = 1440


class Tally:
    """Answers with made-up replies, and counts what it is asked."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.tokens: Counter[str] = Counter()
        self.by_day: Counter[int] = Counter()
        self.shared = 0

    def __call__(self, request: Request) -> str:
        """Return a reply of the form asked for."""
        purpose, tokens = request.address.purpose, estimate_tokens(request.messages)
        self.calls[purpose] += 1
        self.tokens[purpose] += tokens
        self.by_day[request.address.minute // DAY_MIN] += tokens
        self.shared += estimate_tokens(request.messages[:1])
        return fill_schema(request)


def town(options: argparse.Namespace) -> tuple[City, Population]:
    """Return the town and its people."""
    city = City.synthetic()
    return city, Population.synthesize(options.citizens, city=city, rng=options.seed)


def lived(options: argparse.Namespace, start: date, days: int, tally: Tally | None) -> float:
    """Let the town live some days; return the CPU seconds."""
    city, people = town(options)
    llm = None
    if tally is not None:
        spec = ClientSpec(backend="scripted", model="scripted", script=tally)
        llm = LLM(spec, on_failure="rules")
    prompts = "rules" if llm is None else options.preset
    model = CityModel(
        city, people, rng=options.seed, clock=Clock(start=start), llm=llm, prompts=prompts
    )
    began = process_time()
    with settled():
        model.run_days(days)
    return process_time() - began


def spans(options: argparse.Namespace) -> Iterator[tuple[date, int]]:
    """Yield the days to live: two weekdays and a Sunday, or as many as asked for."""
    if options.days is not None:
        yield date(2024, 4, 1), options.days
        return
    yield date(2024, 4, 4), 2
    yield date(2024, 4, 7), 1


def main() -> None:
    """Measure and print."""
    options = parsed()
    tally, days, rules_s = Tally(), 0, 0.0
    for start, length in spans(options):
        lived(options, start, length, tally)
        rules_s += lived(options, start, length, None)
        days += length
    person_days = options.citizens * days
    tokens = tally.tokens.total()
    by_day = [round(tally.by_day[day] / options.citizens) for day in sorted(tally.by_day)]
    told = {
        "benchmark": "calls_per_day",
        "preset": options.preset,
        "citizens": options.citizens,
        "days": days,
        "seed": options.seed,
        "calls_per_citizen_day": round(tally.calls.total() / person_days, 2),
        "prompt_tokens_per_citizen_day": round(tokens / person_days),
        "shared_prefix": round(tally.shared / tokens, 3) if tokens else None,
        "calls_by_purpose": {k: round(v / person_days, 2) for k, v in sorted(tally.calls.items())},
        "tokens_by_purpose": {k: round(v / person_days) for k, v in sorted(tally.tokens.items())},
        "tokens_by_day": by_day if options.days is not None else None,
        "rules_cpu_s_per_1000_citizen_days": round(1000.0 * rules_s / person_days, 2),
    }
    print(json.dumps(told, indent=2))


def parsed() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--citizens", type=int, default=200)
    parser.add_argument("--days", type=int, help="in a row; by default two weekdays and a Sunday")
    parser.add_argument("--preset", default="full")
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args()


if __name__ == "__main__":
    main()
