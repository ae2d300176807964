"""Leakage report: shared households, informative missing values, changes of sign."""

from __future__ import annotations

from math import isnan, nan

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.evaluation.metrics import auc
from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.households import HouseholdMean, household_keys
from mesa_llm_city.migration.survey.leakage_findings import LeakageReport, MissingColumn, SignChange
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["LeakageReport", "MissingColumn", "SignChange", "leakage_report"]

_CERTAIN = 3.0  # standard errors, in both tables; chance alone almost never reaches it


def leakage_report(train: SurveyTable, test: SurveyTable) -> LeakageReport:
    """Report information in two tables that a model could use but should not.

    Parameters
    ----------
    train, test : SurveyTable
        Labelled rows with the same columns; identifiers are examined too.

    Returns
    -------
    LeakageReport
        `str` gives text, `LeakageReport.to_dict` values for JSON.

    Raises
    ------
    DataError
        If labels are unknown, or the tables have different columns.

    Notes
    -----
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
    shared, household_auc = _shared(train, test)
    return LeakageReport(
        train_rows=len(train),
        test_rows=len(test),
        train_rate=float(train.target.mean()),
        test_rate=float(test.target.mean()),
        shared_households=shared,
        household_auc=household_auc,
        missing=_missing(train, test),
        sign_changes=_sign_changes(train, test),
    )


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


def _shared(train: SurveyTable, test: SurveyTable) -> tuple[float, float]:
    if train.group is None or test.group is None:
        return nan, nan
    known = set(household_keys(train.group))
    is_shared = np.array([key in known for key in household_keys(test.group)])
    share = HouseholdMean.fit(train).of(test.group, len(test))[:, 0]
    return float(is_shared.mean()), auc(test.target, share.astype(np.float64))


def _missing(train: SurveyTable, test: SurveyTable) -> tuple[MissingColumn, ...]:
    # 1 where a cell is missing, otherwise 0.
    blanks = (train.missing().astype(np.float64), test.missing().astype(np.float64))
    columns = [
        MissingColumn(
            name=name,
            train_share=float(blanks[0][:, at].mean()),
            test_share=float(blanks[1][:, at].mean()),
            train_auc=auc(train.target, 1.0 - blanks[0][:, at]),
            test_auc=auc(test.target, 1.0 - blanks[1][:, at]),
        )
        for at, name in enumerate(train.schema.names)
        if blanks[0][:, at].any() or blanks[1][:, at].any()
    ]
    return tuple(
        sorted(columns, key=lambda one: -_distance(one.test_auc) - _distance(one.train_auc))
    )


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


def _scores(table: SurveyTable, spec: Column) -> dict[str, Float]:
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
