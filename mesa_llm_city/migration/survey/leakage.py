"""What a table gives away that it should not: shared households, telling blanks, flipped signs."""

from __future__ import annotations

from math import isnan, nan

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.evaluation.metrics import auc
from mesa_llm_city.migration.survey.households import HouseholdMean, household_keys
from mesa_llm_city.migration.survey.leakage_findings import Flip, LeakageReport, MissingColumn
from mesa_llm_city.migration.survey.schema import FeatureSpec
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["Flip", "LeakageReport", "MissingColumn", "leakage_report"]

_CERTAIN = 3.0  # standard errors, in both tables: next to nothing passes by chance


def leakage_report(train: SurveyTable, test: SurveyTable) -> LeakageReport:
    """Tell what two tables give away beyond what a migrant's features should.

    Parameters
    ----------
    train, test : SurveyTable
        Labelled rows with the same columns. Identifiers are looked at too.

    Returns
    -------
    LeakageReport
        Prints as text; `LeakageReport.to_dict` is for JSON.

    Raises
    ------
    DataError
        If labels are unknown, or the tables differ in their columns.

    Notes
    -----
    The standard error of an AUC of one half is that of the Mann-Whitney statistic,
    sqrt((p + q + 1) / (12 p q)) for p positives and q negatives.

    Examples
    --------
    >>> from mesa_llm_city.migration.survey.splitting import split
    >>> from mesa_llm_city.migration.survey.synthetic import synthetic_survey
    >>> told = split(synthetic_survey(2000, seed=1, missingness_tells=True))
    >>> report = leakage_report(told.train, told.test)
    >>> "physical_condition" in report.telling, report.astride > 0.3
    (True, True)
    """
    _check(train, test)
    astride, household_auc = _shared(train, test)
    return LeakageReport(
        train_rows=len(train),
        test_rows=len(test),
        train_rate=float(train.target.mean()),
        test_rate=float(test.target.mean()),
        astride=astride,
        household_auc=household_auc,
        missing=_missing(train, test),
        flips=_flips(train, test),
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
    apart = sorted(set(train.schema.names) ^ set(test.schema.names))
    wrong += [f"column {name} is in one table only" for name in apart]
    if wrong:
        source = "the pair of tables"
        raise DataError.listing(source, wrong, advice="Read both with one schema, labelled.")


def _shared(train: SurveyTable, test: SurveyTable) -> tuple[float, float]:
    if train.group is None or test.group is None:
        return nan, nan
    known = set(household_keys(train.group))
    astride = np.array([key in known for key in household_keys(test.group)])
    share = HouseholdMean.fit(train).of(test.group, len(test))[:, 0]
    return float(astride.mean()), auc(test.target, share.astype(np.float64))


def _missing(train: SurveyTable, test: SurveyTable) -> tuple[MissingColumn, ...]:
    # As numbers: 1 where a cell is blank.
    blanks = (train.missing().astype(np.float64), test.missing().astype(np.float64))
    told = [
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
    return tuple(sorted(told, key=lambda one: -_off(one.test_auc) - _off(one.train_auc)))


def _flips(train: SurveyTable, test: SurveyTable) -> tuple[Flip, ...]:
    found = []
    for spec in train.schema.features:
        here, there = _scores(train, spec), _scores(test, spec)
        for name in here.keys() & there.keys():
            sides = [
                _side(table.target, score[name]) for table, score in ((train, here), (test, there))
            ]
            if sides[0][1] * sides[1][1] < 0:
                found.append(Flip(name=name, train_auc=sides[0][0], test_auc=sides[1][0]))
    return tuple(sorted(found, key=lambda one: (-abs(one.train_auc - one.test_auc), one.name)))


def _scores(table: SurveyTable, spec: FeatureSpec) -> dict[str, Float]:
    """Return numbers of a column by name: one for each level of codes; none of texts."""
    import pandas as pd

    if spec.kind == "text":
        return {}
    values = pd.to_numeric(table.frame[spec.name], errors="coerce").to_numpy(dtype=np.float64)
    if spec.kind != "categorical":
        return {spec.name: values}
    return {
        f"{spec.name}: {label}": np.where(np.isnan(values), np.nan, values == code)
        for code, label in spec.codes.items()
    }


def _side(target: NDArray[np.int8], score: Float) -> tuple[float, int]:
    """Return the AUC among rows that are not blank, and on which side of one half: -1, 0, 1."""
    told = ~np.isnan(score)
    area = auc(target[told], score[told])
    positive = int(np.count_nonzero(target[told] == 1))
    negative = int(np.count_nonzero(told)) - positive
    if isnan(area):
        return area, 0
    error = np.sqrt((positive + negative + 1) / (12.0 * positive * negative))
    return area, int(np.sign(area - 0.5)) if abs(area - 0.5) > _CERTAIN * error else 0


def _off(area: float) -> float:
    return 0.0 if isnan(area) else abs(area - 0.5)
