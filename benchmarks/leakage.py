"""The leakage report on synthetic surveys: leaks planted are found, and none is claimed without.

    python benchmarks/leakage.py --seeds 20 --rows 2000

Prints, for each way to divide the rows, in how many surveys without a leak something was claimed,
and for each planted leak, in how many surveys it was found.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from time import process_time

from mesa_llm_city.migration.survey.leakage import leakage_report
from mesa_llm_city.migration.survey.planted_leaks import PLANTED_LEAKS, plant_leak
from mesa_llm_city.migration.survey.splitting import split
from mesa_llm_city.migration.survey.synthetic import synthetic_survey


def main() -> None:
    """Run the trials and print the counts as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--rows", type=int, default=2000)
    options = parser.parse_args()
    claimed: Counter[str] = Counter()
    found: Counter[str] = Counter()
    begun = process_time()
    for seed in range(options.seeds):
        table = synthetic_survey(options.rows, seed=seed, trajectory=True)
        for by in ("grouped", "random"):
            parts = split(table, by, seed=seed)
            kinds = {one.kind for one in leakage_report(parts.train, parts.test).claims}
            # Members of a household are alike in these surveys, so a split by rows does leak.
            wrong = kinds - ({"households"} if by == "random" else set())
            claimed[by] += bool(wrong)
            claimed.update(f"{by}: {one}" for one in wrong)
        parts = split(table, "grouped", seed=seed)
        for leak in PLANTED_LEAKS:
            report = leakage_report(*plant_leak(leak, parts.train, parts.test, seed=seed))
            found[leak] += PLANTED_LEAKS[leak] in {one.column for one in report.claims}
    result = {"claimed without a leak": dict(claimed), "found": dict(found)}
    print(json.dumps({**result, "surveys": options.seeds, "cpu_s": round(process_time() - begun)}))


if __name__ == "__main__":
    main()
