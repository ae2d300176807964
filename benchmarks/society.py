"""Media of many people: what a day of feeds costs, by rules and over columns.

``python benchmarks/society.py`` lets 100,000 people read 20 posts each on the second day of a run,
for each recommender, and half as many, so that it shows whether the cost is linear. One JSON
object is printed: CPU seconds a day, posts read and written, and memory.
"""

from __future__ import annotations

import argparse
import json
import resource
from time import process_time
from typing import Any

import numpy as np

from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.social.media import (
    Chronological,
    FollowerGraph,
    Media,
    RandomOrder,
    Recommender,
)

SEED, TOPICS, FOLLOWING = 7, ("health", "transport", "sport"), 50
RECOMMENDERS: dict[str, type[Recommender]] = {
    "chronological": Chronological,
    "random": RandomOrder,
}


def main() -> None:
    """Measure the recommenders that are asked for, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000, help="Number of people.")
    parser.add_argument("--recommender", choices=RECOMMENDERS, default=None, help="Only this one.")
    asked = parser.parse_args()
    names = [asked.recommender] if asked.recommender else list(RECOMMENDERS)
    sizes = (asked.people // 2, asked.people)
    found = {name: [measured(name, people) for people in sizes] for name in names}
    print(json.dumps({"benchmark": "society", **found}, indent=2))


def measured(recommender: str, people: int) -> dict[str, Any]:
    """Return what the second day of media costs, when there are posts to read."""
    media = made(recommender, people)
    media.live_day(0)
    written, read = len(media.posts), len(media.exposures)
    begin = process_time()
    media.live_day(1)
    seconds = process_time() - begin
    return {
        "people": people,
        "cpu_s_per_day": round(seconds, 2),
        "us_per_post_read": round(1e6 * seconds / (len(media.exposures) - read), 1),
        "posts_read_per_person": round((len(media.exposures) - read) / people, 2),
        "posts_written_per_person": round((len(media.posts) - written) / people, 3),
        "links": len(media.graph),
        "peak_gb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2),
    }


def made(recommender: str, people: int) -> Media:
    """Return media of people with stances of all kinds, who follow by preferential attachment."""
    rng = np.random.default_rng(SEED)
    graph = FollowerGraph.preferential(people, following=FOLLOWING, rng=rng)
    media = Media(
        graph,
        topics=TOPICS,
        recommender=RECOMMENDERS[recommender](),
        interests=rng.random((people, len(TOPICS))),
        seed=SEED,
        parameters=CityParameters(),
    )
    for topic in TOPICS:
        media.audience.begin(topic, rng.uniform(-1.0, 1.0, people))
    return media


if __name__ == "__main__":
    main()
