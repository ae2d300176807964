"""Results of judging: tables, and what may be said of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.judges.item_set import ItemSet
from mesa_llm_city.experiments.judges.outcomes import (
    agreement_table,
    outcome_table,
    position_table,
    rating_table,
    strength_table,
    win_table,
)
from mesa_llm_city.experiments.judges.verdicts import read_ratings, read_verdicts

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NO_CLAIM", "JudgeResults", "judge_results"]

NO_CLAIM = "No claim: only rules and scripts have judged, so this shows that the harness works."
"""What is said without a real judge."""

_UNDECIDED = "No claim: no difference between runs is sure for any judge."
_REAL = frozenset({"model", "person"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JudgeResults:
    """What judges have said of a set of items.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        ``wins``, ``strengths``, ``ratings``, ``position`` and ``agreement``, see `outcomes`.
    claims : tuple of str
        What may be said; without a real judge that nothing may.
    notes : tuple of str
        What a reader must know.
    runs : mapping of str to mapping
        What is known of each run.
    """

    tables: Mapping[str, pd.DataFrame]
    claims: tuple[str, ...]
    notes: tuple[str, ...]
    runs: Mapping[str, Mapping[str, Any]]

    def text(self) -> str:
        """Return the results for a terminal."""
        return "\n".join(self._lines())

    def to_dict(self) -> dict[str, Any]:
        """Return the results as JSON-able values."""
        tables = {
            name: json.loads(frame.to_json(orient="records", double_precision=6))
            for name, frame in self.tables.items()
        }
        texts = {"claims": [*self.claims], "notes": [*self.notes], "runs": dict(self.runs)}
        return {**texts, **tables}

    def write(self, folder: Path) -> None:
        """Write ``results.json`` and a CSV file of each table that has rows."""
        from mesa_llm_city.experiments.csv_text import csv_text

        text = json.dumps(self.to_dict(), indent=2, ensure_ascii=False)
        (folder / "results.json").write_text(f"{text}\n", encoding="utf-8")
        for name, frame in self.tables.items():
            if len(frame):
                (folder / f"table_{name}.csv").write_text(csv_text(frame), encoding="utf-8")

    def _lines(self) -> Iterator[str]:
        for label, facts in self.runs.items():
            yield f"run      {label}: {facts['run']}, seed {facts['seed']}; {facts['decided']}"
        for name, frame in self.tables.items():
            shown = frame[frame["criterion"] == "overall"] if "criterion" in frame else frame
            if len(shown):
                yield f"\n{_TITLES[name]}"
                kept = shown.drop(columns=["criterion", "judge_kind"], errors="ignore")
                yield kept.round(2).to_string(index=False)
        yield ""
        yield from (f"note     {one}" for one in self.notes)
        yield from self.claims


_TITLES = {
    "wins": "Preferred overall (share: wins and half of the ties, with Wilson's interval)",
    "strengths": "Strength overall (Bradley-Terry, log), and mean share",
    "ratings": "Ratings from 1 to 5",
    "position": "Preference for what is shown first, and pairs that changed with the order",
    "agreement": "Agreement of judges on pairs",
}


def judge_results(folder: Path, *, level: float = 0.95) -> JudgeResults:
    """Return what judges have said of the items of a folder so far.

    Parameters
    ----------
    folder : Path
        Folder of items.
    level : float, default 0.95
        Confidence level of intervals; claims are made at the level that holds for all
        comparisons of a judge together (Bonferroni).

    Raises
    ------
    ConfigError
        If nobody has judged anything yet.
    """
    items, verdicts, ratings = ItemSet.read(folder), read_verdicts(folder), read_ratings(folder)
    if not verdicts and not ratings:
        message = f"nobody has judged {folder} yet; use `mesa-llm-city judge ask` or `judge form`"
        raise ConfigError(message)
    outcomes = outcome_table(items, verdicts)
    wins = win_table(outcomes, level=level)
    tables = {
        "wins": wins,
        "strengths": strength_table(wins, level=level),
        "ratings": rating_table(items, ratings, level=level),
        "position": position_table(verdicts, outcomes),
        "agreement": agreement_table(outcomes),
    }
    judges = {one.judge: one.judge_kind for one in verdicts}
    judges |= {one.judge: one.judge_kind for one in ratings}
    return JudgeResults(
        tables=tables,
        claims=tuple(_claims(outcomes, judges, level)),
        notes=tuple(_notes(items, outcomes, judges)),
        runs=items.runs,
    )


def _claims(outcomes: pd.DataFrame, judges: Mapping[str, str], level: float) -> Iterator[str]:
    """Yield what may be said: only of real judges, and of differences that are sure."""
    real = [name for name, kind in judges.items() if kind in _REAL]
    if not real:
        yield NO_CLAIM
        return
    said = [
        line
        for judge in real
        for line in _differences(
            outcomes[(outcomes["judge"] == judge) & (outcomes["criterion"] == "overall")], level
        )
    ]
    yield from said or [_UNDECIDED]


def _differences(outcomes: pd.DataFrame, level: float) -> Iterator[str]:
    count = len(outcomes[["kind", "run", "other"]].drop_duplicates())
    if not count:
        return
    for row in win_table(outcomes, level=1.0 - (1.0 - level) / count).to_dict("records"):
        low, high = float(row["low"]), float(row["high"])
        if low <= 0.5 <= high:
            continue
        run, other = row["run"], row["other"]
        better, worse = (run, other) if low > 0.5 else (other, run)
        yield (
            f"For {row['judge']}, {row['kind']} items of {better} are more human-like than those "
            f"of {worse}: {run} is preferred in {row['wins']}, {other} in {row['losses']} of "
            f"{row['pairs']} pairs, {row['ties']} ties; share {row['share']:.2f}, interval "
            f"{low:.2f} to {high:.2f}, for {count} comparisons together."
        )


def _notes(items: ItemSet, outcomes: pd.DataFrame, judges: Mapping[str, str]) -> Iterator[str]:
    yield from items.notes
    for judge, kind in judges.items():
        if kind not in _REAL:
            yield f"{judge} is a {kind}, no real judge"
        alike = [label for label, run in items.runs.items() if judge in str(run["decided"])]
        if kind == "model" and alike:
            yield f"{judge} decided in {', '.join(alike)} as well; models prefer their own style"
    missing = len(items.pairs) - outcomes.groupby("judge")["pair"].nunique()
    for name, count in missing[missing > 0].items():
        yield f"{name} has not judged {count} of {len(items.pairs)} pairs"
