"""Cells of a benchmark: one model, trained on the rows of one name and tested on another's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.migration.evaluation.model_registry import View
from mesa_llm_city.migration.evaluation.plan import Plan, Variant

__all__ = ["Cell", "Training", "cells_of", "chosen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """A model to train; several cells may use it.

    Parameters
    ----------
    variant : Variant
        Method and options.
    view : {"indicator", "impute"}
        How missing values are given to the model.
    household_mean : bool
        Whether labels of other members of the household are an input.
    protocol : {"given", "grouped"}
        Whether households of the test rows are left out of training.
    name : str
        Name of the training rows.
    removed : tuple of str
        Names of the test rows whose households are left out.
    """

    variant: Variant
    view: View
    household_mean: bool
    protocol: str
    name: str
    removed: tuple[str, ...]

    @property
    def knows_households(self) -> bool:
        """Whether the model uses labels of household members of the test rows."""
        return self.household_mean and self.protocol == "given"

    @property
    def slug(self) -> tuple[object, ...]:
        """What tells it from all other trainings of a benchmark."""
        return (self.variant.name, self.view, self.household_mean, self.name, self.removed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A row of a table: a trained model and the rows it is tested on.

    Parameters
    ----------
    training : Training
        How the model is trained.
    tested_on : str
        Name of the test rows.
    """

    training: Training
    tested_on: str

    @property
    def is_across(self) -> bool:
        """Whether the model is tested on rows of another name."""
        return self.training.name != self.tested_on

    @property
    def name(self) -> str:
        """Name of the cell, such as ``2015/rms/given/impute`` or ``2015:2017/mlp/given/impute``."""
        training = self.training
        data = training.name if not self.is_across else f"{training.name}:{self.tested_on}"
        parts = [data, training.variant.name, training.protocol, training.view]
        return "/".join([*parts, *(["household"] if training.household_mean else [])])


def cells_of(plan: Plan, names: Sequence[str]) -> tuple[Cell, ...]:
    """Return all cells of a plan, in the order in which they are computed.

    Parameters
    ----------
    plan : Plan
        What to compute.
    names : sequence of str
        Names of training and test rows. Only methods of the first table are tested on the
        rows of other names.
    """
    return tuple(
        Cell(
            training=Training(
                variant=variant,
                view=view,
                household_mean=household_mean,
                protocol=protocol,
                name=name,
                removed=_removed(protocol, tests),
            ),
            tested_on=test,
        )
        for name in names
        for protocol in plan.protocols
        for variant in plan.variants()
        for view, household_mean in plan.combinations(variant)
        for tests in _tests(plan, variant, name, names)
        for test in tests
    )


def chosen(cells: Iterable[Cell], wanted: Sequence[str]) -> tuple[Cell, ...]:
    """Return the cells of these names.

    Raises
    ------
    ConfigError
        If there is none of a name.
    """
    by_name = {cell.name: cell for cell in cells}
    if unknown := [name for name in wanted if name not in by_name]:
        hint = did_you_mean(unknown[0], by_name)
        message = (
            f"there is no cell {', '.join(unknown)}{hint}; list the cells with --list, with the "
            "same options as here"
        )
        raise ConfigError(message)
    return tuple(by_name[name] for name in wanted)


def _tests(plan: Plan, variant: Variant, name: str, names: Sequence[str]) -> list[tuple[str, ...]]:
    others = tuple(one for one in names if one != name)
    is_across = plan.across and variant.name in plan.methods and others
    return [(name,), *([others] if is_across else [])]


def _removed(protocol: str, tests: tuple[str, ...]) -> tuple[str, ...]:
    return tests if protocol == "grouped" else ()
