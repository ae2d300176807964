"""The plan of a benchmark: which models are trained, and in which tables they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.evaluation.model_registry import (
    ABLATIONS,
    TEXT_ONLY,
    View,
    default_methods,
    make_model,
    method_advice,
    needs_backbone,
    options_for,
)
from mesa_llm_city.migration.evaluation.user_groups import UserGroups
from mesa_llm_city.migration.models.base import MigrationModel

__all__ = ["METHOD_NAMES", "PROTOCOLS", "VIEWS", "Plan", "Section", "Variant", "check_names"]

PROTOCOLS = ("given", "grouped")
"""Training rows as given, or without the households of the test rows."""

VIEWS: tuple[View, ...] = ("indicator", "impute")
"""How missing values are given to a model."""

METHOD_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "base_rate": "Base rate",
        "expectation": "Rule of expected signs",
        "push_pull": "Rule of push and pull",
        "logistic_regression": "Logistic Regression",
        "random_forest": "Random Forest",
        "gradient_boosting": "Gradient Boosting",
        "hist_gradient_boosting": "Histogram Gradient Boosting",
        "lightgbm": "LightGBM",
        "xgboost": "XGBoost",
        "svm": "SVM",
        "mlp": "MLP",
        "bert": "BERT",
        "prompt": "Prompt",
        "zero_shot": "Prompt (odds of words)",
        "sft": "SFT",
        "rms": "RMS-Agent",
        "rms_no_query": "w/o Query Vector",
        "rms_no_tabular": "w/o MLP Embedding",
        "rms_no_text": "w/o Text Input",
        "rms_text_only": "Text only",
        "rms_generative": "Generative head",
        "rms_no_missing_view": "Missing values imputed",
    }
)
"""Names of methods in tables, as in the tables and figures of RMS-Agent."""

_ABLATED = tuple(name for name in ABLATIONS if name in METHOD_NAMES)


class Section(NamedTuple):
    """A table of a report.

    Parameters
    ----------
    name : str
        One of ``"overall"``, ``"ablations"``, ``"queries"``, ``"backbones"``,
        ``"trajectory"``, ``"across"`` and ``"groups"``.
    title : str
        Its title.
    rows : tuple of (str, str)
        Names in the table, and names of the variants.
    """

    name: str
    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A method with its options.

    Parameters
    ----------
    name : str
        Name, different from that of all others.
    method : str
        A name of `make_model`, or ``"prompt"``.
    backbone : str or None
        Language model to train from.
    options : mapping
        Options of `RMSConfig`; for ``"prompt"`` at most ``text_missing``, for others none.
    trajectory : str or None
        Text column that is a token of this variant; the others do not see it.
    """

    name: str
    method: str
    backbone: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    trajectory: str | None = None

    @property
    def reads_columns(self) -> bool:
        """Whether columns are an input, so that the household mean can be another one."""
        return self.method not in {*TEXT_ONLY, "prompt", "base_rate", "expectation", "push_pull"}

    def model(self, view: View, *, household_mean: bool, seed: int) -> MigrationModel:
        """Return an untrained model; that of ``"prompt"`` has nobody to ask yet.

        Raises
        ------
        ConfigError
            If an option is unknown, or an option or library is missing.
        """
        if self.method == "prompt":
            from mesa_llm_city.migration.models.zero_shot import PromptModel

            shown: dict[str, View] = {"shown": "indicator", "impute": "impute"}
            return PromptModel(missing=shown.get(self.options.get("text_missing", ""), view))
        return make_model(
            self.method,
            view=view,
            household_mean=household_mean,
            seed=seed,
            backbone=self.backbone,
            rms_options=self.options,
            # Models of text are compared with those that cannot read it.
            text="leave_out",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a benchmark computes; see `paper_plan` for that of RMS-Agent.

    Parameters
    ----------
    methods : tuple of str
        Methods of the first table (see `make_model`), or ``"prompt"``; by default the tabular
        ones that are installed.
    not_run : mapping of str to str
        Methods that belong to the first table and cannot be run, with the reason.
    views : tuple of {"indicator", "impute"}, default both
        How missing values are given to a model.
    protocols : tuple of {"given", "grouped"}, default both
        ``"grouped"`` removes all households of the test rows from the training rows.
    household_means : tuple of bool, default (False,)
        Whether labels of other members of the household are an input.
    ablations : bool, default False
        Whether to leave out one part of the RMS-Agent after another (RMS-Agent, sec. 5.3.1).
    queries : tuple of int, default ()
        Numbers of meta-queries to compare (sec. 5.3.3).
    backbones : tuple of str, default ()
        Further language models to train the RMS-Agent from (sec. 5.3.4).
    trajectory : str, optional
        Text column that becomes a token of another RMS-Agent (sec. 5.3.7).
    across : bool, default False
        Whether models are also tested on the rows of the other names (sec. 5.3.5).
    groups : UserGroups, optional
        Groups of people with figures of their own (sec. 5.3.6).
    show_groups : bool, default False
        Whether the report has a table of groups; without `groups`, gender and bands of age.
    backbone, encoder : str, optional
        Language model for methods that are trained from one, and BERT for ``"bert"``.
    rms_options : mapping
        Options of `RMSConfig`, for all methods from a language model.
    seed : int, default 0
        Seed of training, splits and bootstrap.
    bootstrap : int, default 200
        Number of bootstrap samples for each interval.

    Raises
    ------
    ConfigError
        If a method, protocol or view is unknown, or an option is missing or contradicts
        another.

    Examples
    --------
    >>> plan = Plan(methods=("rms",), backbone="model/", queries=(2, 4))
    >>> [one.name for one in plan.variants()]
    ['rms', 'rms_2_queries']
    """

    methods: tuple[str, ...] = field(default_factory=default_methods)
    not_run: Mapping[str, str] = field(default_factory=dict)
    views: tuple[View, ...] = VIEWS
    protocols: tuple[str, ...] = PROTOCOLS
    household_means: tuple[bool, ...] = (False,)
    ablations: bool = False
    queries: tuple[int, ...] = ()
    backbones: tuple[str, ...] = ()
    trajectory: str | None = None
    across: bool = False
    groups: UserGroups | None = None
    show_groups: bool = False
    backbone: str | None = None
    encoder: str | None = None
    rms_options: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    bootstrap: int = 200

    def __post_init__(self) -> None:
        """Check the options that need no data."""
        check_names("protocol", self.protocols, PROTOCOLS)
        check_names("view", self.views, VIEWS)
        if wrong := [one for one in self.queries if one < 0]:
            message = f"numbers of meta-queries must not be negative, got {wrong}"
            raise ConfigError(message)
        if self.seed < 0 or self.bootstrap < 0:
            message = f"seed and bootstrap must not be negative, got {self.seed}, {self.bootstrap}"
            raise ConfigError(message)
        needing = [name for name in ("ablations", "queries", "trajectory") if getattr(self, name)]
        if needing and self.backbone is None:
            message = f"{', '.join(needing)} need a language model to train from: give backbone"
            raise ConfigError(message)

    def check(self, *, has_llm: bool = False) -> None:
        """Check that every model can be made, before training, which may take hours.

        Raises
        ------
        ConfigError
            If a method is unknown, or an option or library is missing or of no use.
        DataError
            If a language model cannot be read.
        """
        for variant in self.variants():
            if variant.method == "prompt":
                advice = method_advice("prompt", backbone=None, encoder=None, has_llm=has_llm)
                if advice is not None:
                    message = f"prompt {advice}"
                    raise ConfigError(message)
            model: Any = variant.model(self.views[0], household_mean=False, seed=self.seed)
            if needs_backbone(variant.method):
                model.check()

    def variants(self) -> tuple[Variant, ...]:
        """Return all variants, each once, in the order of the tables."""
        found: dict[str, Variant] = {}
        for variant in self._every():
            found.setdefault(variant.name, variant)
        return tuple(found.values())

    def sections(self) -> tuple[Section, ...]:
        """Return the tables of the report."""
        main = tuple((_shown(one), one) for one in self.methods)
        given = [
            Section("overall", "Overall performance", main),
            *([self._of_ablations()] if self.ablations else []),
            *([self._of_queries()] if self.queries else []),
            *([self._of_backbones()] if self.backbones else []),
            *([self._of_trajectory()] if self.trajectory else []),
            *([Section("across", "Trained on one, tested on another", main)] * self.across),
            *([Section("groups", "Groups of people", main)] * self.show_groups),
        ]
        return tuple(one for one in given if one.rows)

    def combinations(self, variant: Variant) -> list[tuple[View, bool]]:
        """Return views and household means of a variant, without those of the same result."""
        views = self.views if variant.method != "base_rate" else self.views[:1]
        means = self.household_means if variant.reads_columns else (False,)
        if variant.method == "rms_no_missing_view":
            views = ("impute",)
        elif variant.method in {"expectation", "push_pull"}:
            views = self.views[:1]
        return [(view, mean) for view in views for mean in means]

    def _every(self) -> Iterator[Variant]:
        for method in self.methods:
            yield self._variant(method)
        if self.ablations:
            yield from (self._variant(method) for method in _ABLATED)
        yield from (self._variant(name) for _, name in self._counted())
        if self.backbones:
            yield self._variant("rms")
            yield from (
                self._variant("rms", name, backbone)
                for name, backbone in self._named_backbones().items()
            )
        if self.trajectory is not None:
            yield self._variant("rms")
            yield Variant(
                name="rms_trajectory",
                method="rms",
                backbone=self.backbone,
                options={**self.rms_options, "trajectory": self.trajectory},
                trajectory=self.trajectory,
            )

    def _variant(
        self, method: str, name: str | None = None, backbone: str | None = None
    ) -> Variant:
        if method == "prompt":
            read = {key: at for key, at in self.rms_options.items() if key == "text_missing"}
            return Variant(name=method, method=method, options=read)
        if not needs_backbone(method):
            return Variant(name=method, method=method)
        given = self.encoder if method == "bert" else self.backbone
        return Variant(
            name=name or method,
            method=method,
            backbone=backbone or given,
            options=options_for(method, self.rms_options),
        )

    def _counted(self) -> list[tuple[int, str]]:
        """Return numbers of meta-queries, and the variants that have them."""
        own = self.rms_options.get("queries", 4)
        return [
            (count, "rms" if count == own else f"rms_{count}_queries") for count in self.queries
        ]

    def _named_backbones(self) -> dict[str, str]:
        """Return the further backbones by the name of a variant."""
        named = {f"rms@{Path(one).stem or one}": one for one in self.backbones}
        if len(named) < len(self.backbones):
            message = f"two of the backbones have the same name: {', '.join(self.backbones)}"
            raise ConfigError(message)
        return named

    def _of_ablations(self) -> Section:
        rows = tuple((METHOD_NAMES[name], name) for name in _ABLATED)
        return Section("ablations", "Ablations of the RMS-Agent", rows)

    def _of_queries(self) -> Section:
        rows = tuple((f"N = {count}", name) for count, name in self._counted())
        return Section("queries", "Number of meta-queries", rows)

    def _of_backbones(self) -> Section:
        own = [] if self.backbone is None else [(Path(self.backbone).stem, "rms")]
        others = [(name.removeprefix("rms@"), name) for name in self._named_backbones()]
        return Section("backbones", "Language models to train from", (*own, *others))

    def _of_trajectory(self) -> Section:
        own = [(_shown(one), one) for one in ("mlp", "rms") if one in self.methods or one == "rms"]
        row = (f"RMS-Agent with {self.trajectory}", "rms_trajectory")
        return Section("trajectory", "With the places lived in", (*own, row))


def check_names(what: str, given: Sequence[str], known: Sequence[str]) -> None:
    """Refuse names that are not accepted.

    Raises
    ------
    ConfigError
        Lists them.
    """
    if unknown := [name for name in given if name not in known]:
        message = f"there is no {what} {', '.join(unknown)}; accepted are {', '.join(known)}"
        raise ConfigError(message)


def _shown(method: str) -> str:
    return METHOD_NAMES.get(method, method)
