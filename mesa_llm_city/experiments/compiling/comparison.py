"""How like a language model a policy decides, on decisions that it was not compiled from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.option_checks import OptionChecks
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.experiments.compiling.census import Census, Met
from mesa_llm_city.experiments.compiling.questions import Repeat, ask_all
from mesa_llm_city.policies import (
    Policy,
    PolicyForm,
    Variety,
    case_values,
    divergence,
    total_variation,
    variety,
)

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.core.asking import StreamingBackend
    from mesa_llm_city.llm import LLM, Archetype

__all__ = ["Comparison", "Mind", "compare_answers", "compare_archetypes", "compare_policy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mind:
    """How one mind decides, beside the live model.

    Parameters
    ----------
    agreement : float
        How likely its outcome is that of the live model for the same decision, in [0, 1].
    total_variation : float
        Distance of its outcomes, all together, from those of the live model, in [0, 1].
    divergence : float
        Jensen-Shannon divergence of the same, in bits, in [0, 1].
    variety : Variety
        Entropy of its outcomes within and between persons, in bits; of one outcome drawn for
        each decision.
    """

    agreement: float
    total_variation: float
    divergence: float
    variety: Variety


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Minds beside the live model, on the same decisions.

    Parameters
    ----------
    prompt : str
        What is decided.
    name : str
        The mind that is compared: ``"policy"`` or ``"archetypes"``.
    decisions, persons : int
        Decisions with live answers, and whose they are.
    minds : mapping of str to Mind
        ``live`` (the live model asked again), the mind that is compared, and ``rule``.
    left_to_rules : float
        Share of the decisions that the mind leaves to rules, in [0, 1].
    by_level : tuple of float
        Share of the decisions decided with so many dimensions dropped, from none to all;
        empty for archetypes.
    outcomes : mapping of str to mapping of str to float
        Share of each outcome, by mind.
    hit_rate : float or None
        Share of the questions that got the answer of their archetype; None for a policy.
    """

    prompt: str
    name: str
    decisions: int
    persons: int
    minds: Mapping[str, Mind]
    left_to_rules: float
    by_level: tuple[float, ...]
    outcomes: Mapping[str, Mapping[str, float]]
    hit_rate: float | None = None

    def to_frame(self) -> pd.DataFrame:
        """Return one row per mind."""
        import pandas as pd

        rows = [
            {
                "prompt": self.prompt,
                "mind": name,
                "agreement": one.agreement,
                "total_variation": one.total_variation,
                "divergence": one.divergence,
                "entropy": one.variety.total,
                "entropy_within": one.variety.within,
                "entropy_between": one.variety.between,
            }
            for name, one in self.minds.items()
        ]
        return pd.DataFrame(rows)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        minds = {
            name: {**asdict(one), "variety": one.variety._asdict()}
            for name, one in self.minds.items()
        }
        return {**asdict(self), "minds": minds}

    def __str__(self) -> str:
        """Return a table in text, and what of the variety is lost."""
        lines = [
            f"{self.prompt}: {self.decisions:,} held-out decisions of {self.persons:,} persons",
            f"{'':12}{'agrees':>8}{'distance':>10}{'bits':>7}{'within':>8}{'between':>9}",
        ]
        for name, one in self.minds.items():
            told = one.variety
            lines.append(
                f"  {name:10}{one.agreement:8.2f}{one.total_variation:10.2f}{told.total:7.2f}"
                f"{told.within:8.2f}{told.between:9.2f}"
            )
        if self.hit_rate is not None:
            lines.append(f"  {100.0 * self.hit_rate:.0f} % share the answer of their archetype")
        lines.append(f"  left to rules {100.0 * self.left_to_rules:.0f} %")
        if self.by_level:
            told_levels = ", ".join(f"{100.0 * one:.0f} %" for one in self.by_level)
            lines.append(f"  decided with 0, 1, ... dimensions dropped: {told_levels}")
        return "\n".join(lines)


def compare_policy(
    policy: Policy, census: Census, llm: StreamingBackend, *, repeats: int = 2
) -> Comparison:
    """Ask a language model about the decisions held out of a census, and compare a policy.

    Each is asked about several times, so that the table shows how far the model agrees with
    itself: no policy can agree better.

    Parameters
    ----------
    policy : Policy
        The policy.
    census : Census
        With decisions held out, of the same kind.
    llm : StreamingBackend
        The language model.
    repeats : int, default 2
        How often each is asked about, at least 2.

    Raises
    ------
    ConfigError
        If nothing is held out, or the census is of another kind.
    """
    if policy.prompt != census.form.prompt:
        message = f"the policy is for {policy.prompt}, and the census of {census.form.prompt}"
        raise ConfigError(message)
    held_out = _held_out(census)
    live = _live(held_out, census, llm, repeats)
    rows, likely = _by_policy(policy, census.form, held_out)
    levels = np.bincount(policy.level[rows], minlength=len(policy.dimensions) + 1)
    return compare_answers(
        census.form,
        held_out,
        live=live,
        likely=likely,
        answers=policy.answers,
        name="policy",
        by_level=tuple((levels / len(rows)).tolist()),
    )


def compare_archetypes(
    census: Census, llm: LLM, archetypes: Mapping[str, Archetype], *, repeats: int = 2
) -> Comparison:
    """Compare the answers that archetypes share with those that each person would get.

    Only decisions that are held out are asked about: hold out all of them (``held_out=1``), since
    of a sample fewer share an answer.

    Parameters
    ----------
    census : Census
        With decisions held out.
    llm : LLM
        The language model, without archetypes.
    archetypes : mapping of str to Archetype
        Who shares answers, by purpose.
    repeats : int, default 2
        How often the model is asked about each, at least 2.

    Raises
    ------
    ConfigError
        If nothing is held out, or no archetype is about these decisions.
    """
    form = census.form
    if form.prompt not in archetypes:
        message = f"there is no archetype for {form.prompt}; give one by that name"
        raise ConfigError(message)
    held_out = _held_out(census)
    live = _live(held_out, census, llm, repeats)
    sharing = llm.sharing(archetypes)
    try:
        shared = ask_all([Repeat(one, 0) for one in held_out], form, sharing, seed=census.seed)
    finally:
        sharing.close()
    answers = sorted({one for one in shared if one is not None})
    likely = np.array([[one == answer for answer in answers] for one in shared], dtype=np.float64)
    found = compare_answers(
        form,
        held_out,
        live=live,
        likely=likely.reshape(len(held_out), len(answers)),
        answers=answers,
        name="archetypes",
    )
    return replace(found, hit_rate=sharing.ledger.hit_rate(form.prompt))


def compare_answers(
    form: PolicyForm,
    met: Sequence[Met],
    *,
    live: Sequence[Sequence[str | None]],
    likely: Float,
    answers: Sequence[str],
    name: str,
    by_level: tuple[float, ...] = (),
) -> Comparison:
    """Compare how a mind decides with how a language model does.

    Parameters
    ----------
    form : PolicyForm
        The kind of decision.
    met : sequence of Met
        The decisions.
    live : sequence of sequence of str or None
        Answers of the model to each, equally many for all; a decision with a missing one is
        left out.
    likely : ndarray of float64, shape (decisions, number of answers)
        How likely the mind gives each answer; a row of zeros is left to the rule.
    answers : sequence of str
        The answers of the columns.
    name : str
        Name of the mind.
    by_level : tuple of float, optional
        See `Comparison`.

    Raises
    ------
    ConfigError
        If no decision has all of its live answers.
    """
    whole = [row for row, one in enumerate(live) if None not in one]
    if not whole:
        message = "no decision has all of its answers of the live model; look at its calls"
        raise ConfigError(message)
    known = _Outcomes(form, [met[row] for row in whole], [live[row] for row in whole])
    by_mind = known.of_mind(likely[whole], answers)
    by_live = known.of_live()
    again = known.of_live(again=True)
    minds = {
        "live": known.mind(by_live, other=again),
        name: known.mind(by_mind, other=by_live),
        "rule": known.mind(known.by_rule, other=by_live),
    }
    tables = {"live": by_live, name: by_mind, "rule": known.by_rule}
    return Comparison(
        prompt=form.prompt,
        name=name,
        decisions=len(whole),
        persons=len(set(known.persons.tolist())),
        minds=minds,
        left_to_rules=float((likely[whole].sum(axis=1) == 0.0).mean()),
        by_level=by_level,
        outcomes={
            mind: dict(zip(known.names, table.mean(axis=0).tolist(), strict=True))
            for mind, table in tables.items()
        },
    )


class _Outcomes:
    """Answers as outcomes: one row per decision, one column per outcome."""

    def __init__(
        self, form: PolicyForm, met: Sequence[Met], live: Sequence[Sequence[str | None]]
    ) -> None:
        self._form = form
        self._live = [[form.outcome(one or "") for one in each] for each in live]
        rules = [form.outcome(one.answer) for one in met]
        self.names = sorted({*rules, *(one for each in self._live for one in each)})
        self.persons: Int = np.array([one.person for one in met], dtype=np.int64)
        self.by_rule = self._table(rules)
        numbers = [one.number for one in met]
        self._uniforms: Float = uniforms(0, numbers, f"compare {form.prompt}", 0, 1)

    def of_live(self, *, again: bool = False) -> Float:
        """Return the first answer of the model to each; or the mean of its further ones."""
        if not again:
            return self._table([each[0] for each in self._live])
        rounds = zip(*(each[1:] for each in self._live), strict=True)
        further = [self._table(one) for one in rounds]
        return np.asarray(np.mean(further, axis=0)) if further else self.of_live()

    def of_mind(self, likely: Float, answers: Sequence[str]) -> Float:
        """Return how likely a mind comes to each outcome; what it leaves to rules is the rule's."""
        outcomes = [self._form.outcome(one) for one in answers]
        new = sorted(set(outcomes) - set(self.names))
        self.by_rule = np.pad(self.by_rule, ((0, 0), (0, len(new))))
        self.names += new
        column = [self.names.index(one) for one in outcomes]
        table = np.zeros((len(likely), len(self.names)))
        np.add.at(table.T, column, likely.T)
        left = table.sum(axis=1) == 0.0
        table[left] = self.by_rule[left]
        return table

    def mind(self, table: Float, *, other: Float) -> Mind:
        """Return how a mind compares with another one on the same decisions."""
        mine, theirs = table.mean(axis=0), other.mean(axis=0)
        return Mind(
            agreement=float((table * other).sum(axis=1).mean()),
            total_variation=total_variation(mine, theirs),
            divergence=divergence(mine, theirs),
            variety=variety(self.persons, self._drawn(table)),
        )

    def _drawn(self, table: Float) -> Float:
        """Return one outcome for each decision, as the live answers are one for each.

        Entropies of few decisions a person are too low, and only equally many can be compared.
        """
        upper = np.cumsum(table, axis=1)
        passed = (upper <= self._uniforms * upper[:, -1:]).sum(axis=1)
        drawn: Float = np.eye(table.shape[1])[np.minimum(passed, table.shape[1] - 1)]
        return drawn

    def _table(self, outcomes: Sequence[str]) -> Float:
        rows = [self.names.index(one) for one in outcomes]
        table: Float = np.eye(len(self.names))[rows]
        return table


def _held_out(census: Census) -> list[Met]:
    found = census.held_out()
    if not found:
        message = (
            f"no decision about {census.form.prompt} is held out; take a census with "
            "held_out above 0, of more people or days"
        )
        raise ConfigError(message)
    return found


def _live(
    met: Sequence[Met], census: Census, llm: StreamingBackend, repeats: int
) -> list[list[str | None]]:
    checks = OptionChecks()
    checks.whole("repeats", repeats, least=2)
    checks.finish()
    asked = [Repeat(one, number) for one in met for number in range(repeats)]
    answers = ask_all(asked, census.form, llm, seed=census.seed)
    return [answers[first : first + repeats] for first in range(0, len(asked), repeats)]


def _by_policy(policy: Policy, form: PolicyForm, met: Sequence[Met]) -> tuple[Int, Float]:
    """Return the row of the policy for each decision, and how likely each answer is."""
    rows: list[int] = []
    able: list[Bool] = []
    for one in met:
        given = one.case.thaw()
        case = form.case(given.rule, given.by_rule, *given.args, **given.facts)
        assert case is not None  # noqa: S101 - it was one when it was met
        values = case_values(case, one.moment, policy.columns, form.parameters)
        rows += policy.cells(values).tolist()
        able.append(case.possible(policy.answers))
    found = np.array(rows, dtype=np.int64)
    return found, policy.probabilities(found, np.array(able))
