"""Limits of the leakage report: how strong a relation must be to be called a leak."""

from __future__ import annotations

from dataclasses import dataclass

from mesa_llm_city.core.errors import ConfigError

__all__ = ["LeakageRules"]


_MOST_LABELS = 20_000_000  # of all permutations of a table, which take a byte each
_LEAST_TIMES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakageRules:
    """Limits above which the report calls a relation a leak.

    All limits are assumptions: a single question of a survey rarely says so much about another
    one. Whatever is found in the training table must hold in the test table too.

    Parameters
    ----------
    column_auc : float, default 0.9
        A column gives the label away if it alone has this AUC in the test table.
    level_share : float, default 0.9
        A level of a column, or a word, gives the label away if this share of its rows has one
        label ... Ranges of numbers are no such levels: the oldest may all be back for a cause.
    level_odds : float, default 20
        ... and the odds of that label are this many times those of all other rows.
    least_rows : int, default 20
        Rows of a level or word in the training table; rarer ones are not examined ...
    least_share : float, default 0.02
        ... nor are those of a smaller share of all rows, which change no figure.
    id_auc : float, default 0.6
        An identifier carries the label if it alone has this AUC in the test table.
    named_auc : float, default 0.6
        A column whose name or label speaks of the outcome is reported with this AUC.
    missing_auc : float, default 0.1
        Missing values tell the label if their AUC is this far from one half in a table, and
        half as far, to the same side, in the other one.
    shared_households : float, default 0.05
        Share of test rows of households that are also in the training table.
    probability : float, default 0.001
        Greatest probability of such a relation by chance, after correction for the number of
        columns, levels or words.
    permutations : int, default 1000
        Number of permutations of the labels; fewer, but at least 200, for tables of more than
        20,000 rows, whose sums of ranks need fewer to be known.
    seed : int, default 0
        Seed of the permutations.

    Raises
    ------
    ConfigError
        If a limit is outside its range.
    """

    column_auc: float = 0.9
    level_share: float = 0.9
    level_odds: float = 20.0
    least_rows: int = 20
    least_share: float = 0.02
    id_auc: float = 0.6
    named_auc: float = 0.6
    missing_auc: float = 0.1
    shared_households: float = 0.05
    probability: float = 0.001
    permutations: int = 1000
    seed: int = 0

    def __post_init__(self) -> None:
        """Check all limits."""
        shares = (
            *("column_auc", "level_share", "least_share", "id_auc", "named_auc", "missing_auc"),
            *("shared_households", "probability"),
        )
        ranges = {
            **dict.fromkeys(shares, (0.0, 1.0)),
            "level_odds": (1.0, float("inf")),
            "least_rows": (1, 2**31),
            "permutations": (1, 100_000),
            "seed": (0, 2**63),
        }
        wrong = [
            f"{name} must be {low:g} to {high:g}, got {getattr(self, name)}"
            for name, (low, high) in ranges.items()
            if not low <= getattr(self, name) <= high
        ]
        if wrong:
            raise ConfigError("; ".join(wrong))

    def times(self, rows: int) -> int:
        """Return the number of permutations for a table of so many rows."""
        return min(self.permutations, max(_LEAST_TIMES, _MOST_LABELS // max(rows, 1)))
