"""Leakage report: what in two tables gives the label away, and why not to trust it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isnan, nan

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.evaluation.metrics import auc
from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.copies import find_copies
from mesa_llm_city.migration.survey.households import HouseholdMean, household_keys
from mesa_llm_city.migration.survey.leakage_findings import (
    Claim,
    LateColumn,
    LeakageReport,
    MissingColumn,
    SignChange,
)
from mesa_llm_city.migration.survey.leakage_rules import LeakageRules
from mesa_llm_city.migration.survey.permutation import adjusted, auc_p_values, permuted_labels
from mesa_llm_city.migration.survey.revealing import (
    ColumnScore,
    Examined,
    column_scores,
    revealing_levels,
    revealing_words,
)
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = [
    "Claim",
    "LeakageReport",
    "LeakageRules",
    "MissingColumn",
    "SignChange",
    "leakage_report",
]

_CERTAIN = 3.0  # standard errors, in both tables; chance alone almost never reaches it
_SHORTEST = 5  # letters of a word that can speak of the outcome


def leakage_report(
    train: SurveyTable, test: SurveyTable, *, rules: LeakageRules | None = None
) -> LeakageReport:
    """Report information in two tables that a model could use but should not.

    Parameters
    ----------
    train, test : SurveyTable
        Labelled rows with the same columns; identifiers are examined too.
    rules : LeakageRules, optional
        Limits above which a relation is called a leak.

    Returns
    -------
    LeakageReport
        `str` gives text, `LeakageReport.to_dict` values for JSON, `LeakageReport.claims` what
        is called a leak.

    Raises
    ------
    DataError
        If labels are unknown, or the tables have different columns.

    Notes
    -----
    Examined are members of one household in both tables; rows that occur in both
    (`find_copies`); columns, levels (also "missing") and words that alone give the label away
    (`column_scores`, `revealing_levels`, `revealing_words`); columns measured after the
    outcome, by the schema or by a name that speaks of it; identifiers that carry the label;
    missing values; and values that change their sign. Whether a relation is a leak or a fact
    is for people to say: the report shows where to look.

    The standard error of an AUC of one half is that of the Mann-Whitney statistic,
    sqrt((p + q + 1) / (12 p q)) for p positives and q negatives.

    Examples
    --------
    >>> from mesa_llm_city.migration.survey.splitting import split
    >>> from mesa_llm_city.migration.survey.synthetic import synthetic_survey
    >>> parts = split(synthetic_survey(2000, seed=1, informative_missingness=True))
    >>> report = leakage_report(parts.train, parts.test)
    >>> "physical_condition" in report.informative_columns, report.shared_households > 0.3
    (True, True)
    """
    _check(train, test)
    limits = rules or LeakageRules()
    examined = _examined(train, test)
    inputs = {one.name: examined[one.name] for one in train.schema.features if one.kind != "id"}
    texts = [spec.name for spec in train.schema.of_kind("text")]
    scores = column_scores(train, test, examined, limits)
    shared, household_auc, probability = _shared(train, test, limits)
    return LeakageReport(
        rules=limits,
        group=_group_label(train.schema),
        train_rows=len(train),
        test_rows=len(test),
        train_rate=float(train.target.mean()),
        test_rate=float(test.target.mean()),
        shared_households=shared,
        household_auc=household_auc,
        household_probability=probability,
        copies=find_copies(train, test),
        columns=scores,
        levels=revealing_levels(train, test, inputs, limits),
        words=revealing_words(train, test, texts, limits),
        late=_late(train.schema, scores, limits),
        missing=_missing(train, test, limits),
        sign_changes=_sign_changes(train, test),
    )


def _examined(train: SurveyTable, test: SurveyTable) -> dict[str, Examined]:
    """Return all columns, and the household as a number or text."""
    import pandas as pd

    columns = {
        spec.name: Examined.of(
            spec.kind, train.frame[spec.name], test.frame[spec.name], spec.words_in("en")
        )
        for spec in train.schema.features
    }
    group = train.schema.group
    if group is not None and train.group is not None and test.group is not None:
        columns[group] = Examined.of("group", pd.Series(train.group), pd.Series(test.group), {})
    return columns


def _group_label(schema: Schema) -> str:
    """Return what the groups of rows are, in words."""
    return "household" if schema.group is None else schema[schema.group].label.lower()


def _late(
    schema: Schema, scores: tuple[ColumnScore, ...], rules: LeakageRules
) -> tuple[LateColumn, ...]:
    """Return columns measured after the outcome, by the schema or by their names."""
    by_name = {one.name: one for one in scores}
    outcome = _words(schema.target) | _words(schema.positive)
    late = []
    for spec in schema.features:
        own = by_name[spec.name]
        is_strong = own.auc >= rules.named_auc and own.probability <= rules.probability
        if spec.after_outcome or (
            is_strong and _speaks(_words(spec.name) | _words(spec.label), outcome)
        ):
            late.append(LateColumn(name=spec.name, flagged=spec.after_outcome, auc=own.auc))
    return tuple(late)


def _words(text: str) -> set[str]:
    return {one.lower() for one in re.findall(r"[^\W\d_]+", text) if len(one) >= _SHORTEST}


def _speaks(words: set[str], outcome: set[str]) -> bool:
    """Return whether a word is a form of one of the outcome, as "returned" is of "returnee"."""
    return any(
        _common(one, other) >= max(_SHORTEST, min(len(one), len(other)) - 2)
        for one in words
        for other in outcome
    )


def _common(one: str, other: str) -> int:
    """Return the number of letters with which both words begin."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _check(train: SurveyTable, test: SurveyTable) -> None:
    wrong = [
        f"{name}: {what}"
        for name, table in (("training", train), ("test", test))
        for what, is_so in (
            ("it has no rows", not len(table)),
            ("some labels are unknown", bool(np.any(table.target < 0))),
        )
        if is_so
    ]
    different = sorted(set(train.schema.names) ^ set(test.schema.names))
    wrong += [f"column {name} is in one table only" for name in different]
    if wrong:
        source = "the pair of tables"
        raise DataError.listing(source, wrong, advice="Read both with one schema, labelled.")


def _shared(
    train: SurveyTable, test: SurveyTable, rules: LeakageRules
) -> tuple[float, float, float]:
    """Return the share of rows of shared households, the AUC of their labels, and its chance."""
    if train.group is None or test.group is None:
        return nan, nan, nan
    known = set(household_keys(train.group))
    is_shared = np.array([key in known for key in household_keys(test.group)])
    score = HouseholdMean.fit(train).of(test.group, len(test))[:, :1].astype(np.float64)
    permuted = permuted_labels(test.target, test.group, rules.times(len(test)), rules.seed)
    p = auc_p_values(test.target, score, permuted)
    return float(is_shared.mean()), auc(test.target, score[:, 0]), float(p[0])


def _missing(
    train: SurveyTable, test: SurveyTable, rules: LeakageRules
) -> tuple[MissingColumn, ...]:
    # 1 where a cell has a value, otherwise 0.
    seen = [1.0 - table.missing().astype(np.float64) for table in (train, test)]
    chance = [_chance(table, of, rules) for table, of in zip((train, test), seen, strict=True)]
    columns = [
        MissingColumn(
            name=name,
            train_share=1.0 - float(seen[0][:, at].mean()),
            test_share=1.0 - float(seen[1][:, at].mean()),
            train_auc=auc(train.target, seen[0][:, at]),
            test_auc=auc(test.target, seen[1][:, at]),
            train_probability=float(chance[0][at]),
            test_probability=float(chance[1][at]),
            limits=(rules.missing_auc, rules.probability),
        )
        for at, name in enumerate(train.schema.names)
        if not (seen[0][:, at].all() and seen[1][:, at].all())
    ]
    return tuple(
        sorted(columns, key=lambda one: -_distance(one.test_auc) - _distance(one.train_auc))
    )


def _chance(table: SurveyTable, scores: Float, rules: LeakageRules) -> Float:
    """Return the probability of AUC so far from one half by chance, corrected for columns."""
    permuted = permuted_labels(table.target, table.group, rules.times(len(table)), rules.seed)
    both = np.column_stack([scores, -scores])
    p = auc_p_values(table.target, both, permuted).reshape(2, -1).min(axis=0)
    return adjusted(np.minimum(2.0 * p, 1.0))


def _sign_changes(train: SurveyTable, test: SurveyTable) -> tuple[SignChange, ...]:
    found = []
    for spec in train.schema.features:
        here, there = _scores(train, spec), _scores(test, spec)
        for name in here.keys() & there.keys():
            signs = [
                _sign(table.target, score[name]) for table, score in ((train, here), (test, there))
            ]
            if signs[0][1] * signs[1][1] < 0:
                areas = {"train_auc": signs[0][0], "test_auc": signs[1][0]}
                found.append(SignChange(name=name, **areas))
    return tuple(sorted(found, key=lambda one: (-abs(one.train_auc - one.test_auc), one.name)))


def _scores(table: SurveyTable, spec: Column) -> Mapping[str, Float]:
    """Return numeric scores of a column by name: one for each code, none for text."""
    import pandas as pd

    if spec.kind == "text":
        return {}
    values = pd.to_numeric(table.frame[spec.name], errors="coerce").to_numpy(dtype=np.float64)
    if spec.kind != "category":
        return {spec.name: values}
    return {
        f"{spec.name}: {label}": np.where(np.isnan(values), np.nan, values == code)
        for code, label in spec.words_in("en").items()
    }


def _sign(target: NDArray[np.int8], score: Float) -> tuple[float, int]:
    """Return the AUC among rows with a value, and the sign of its difference from one half."""
    known = ~np.isnan(score)
    area = auc(target[known], score[known])
    positive = int(np.count_nonzero(target[known] == 1))
    negative = int(np.count_nonzero(known)) - positive
    if isnan(area):
        return area, 0
    error = np.sqrt((positive + negative + 1) / (12.0 * positive * negative))
    return area, int(np.sign(area - 0.5)) if abs(area - 0.5) > _CERTAIN * error else 0


def _distance(area: float) -> float:
    return 0.0 if isnan(area) else abs(area - 0.5)
