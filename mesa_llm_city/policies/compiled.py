"""A component that decides as a policy says: rule and policy joined."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import iscoroutinefunction
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Bool, Int
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.policies.columns import Moment, moment_values, person_values
from mesa_llm_city.policies.dimension import Dimension
from mesa_llm_city.policies.dimensions import dimensions_of
from mesa_llm_city.policies.policy import NO_ROW, Policy
from mesa_llm_city.population import Persona

__all__ = ["Case", "Compiled", "MomentDecider", "PolicyForm", "case_values", "check_policy"]

C = TypeVar("C")


class Case(Protocol):
    """One decision, as a policy sees it: what may be answered, and what an answer means."""

    @property
    def persona(self) -> Persona | None:
        """Whose it is."""
        ...

    @property
    def values(self) -> Mapping[str, float]:
        """Its columns, beside those of persons and moments."""
        ...

    def possible(self, answers: tuple[str, ...]) -> Bool:
        """Return which of some answers could be carried out, shape (number of answers,)."""
        ...

    def answer_of(self, decision: Any, /) -> str:  # noqa: ANN401 - any decision
        """Return the answer in canonical form that a decision stands for."""
        ...

    def decision(self, answer: str, reason: str) -> Any:  # noqa: ANN401 - any decision
        """Return the decision that a possible answer stands for, with `DecisionSource.POLICY`."""
        ...


class PolicyForm(Protocol):
    """The policy form of one decision of a component.

    Attributes
    ----------
    prompt : str
        Name of the prompt whose answers it stands for, such as ``"mode"``.
    verb : str
        Name of the coroutine method of the component that decides.
    columns : frozenset of str
        Columns that its cases have beside those of persons and moments.
    parameters : CityParameters
        Numbers and kinds.
    """

    @property
    def prompt(self) -> str:
        """Name of the prompt."""
        ...

    @property
    def verb(self) -> str:
        """Name of the method."""
        ...

    @property
    def columns(self) -> frozenset[str]:
        """Columns of its cases."""
        ...

    @property
    def parameters(self) -> CityParameters:
        """Numbers and kinds."""
        ...

    def case(self, rule: Any, by_rule: Any, /, *args: Any, **facts: Any) -> Case | None:  # noqa: ANN401
        """Return the case of a decision; None where the prompt would not ask either.

        Parameters
        ----------
        rule : object
            The component that decides by rule; read it, never change it.
        by_rule : object
            What it has decided.
        *args, **facts
            What its method was given.
        """
        ...

    def outcome(self, answer: str) -> str:
        """Return the part of an answer by which minds are compared, such as the purpose."""
        ...


class MomentDecider(Generic[C]):
    """A component whose decisions of one kind are taken, or looked at, with their moment.

    The steps of a day give such a component a `Moment` besides what the decision takes.
    Everything else, state included, is the rule's.

    Parameters
    ----------
    rule : object
        The component with the rule form.
    form : PolicyForm
        The policy form of one of its methods.

    Raises
    ------
    ConfigError
        If `rule` has no coroutine method of the name `form.verb`.
    """

    __slots__ = ("form", "rule")

    def __init__(self, rule: C, form: PolicyForm) -> None:
        if not iscoroutinefunction(getattr(rule, form.verb, None)):
            message = (
                f"{type(rule).__name__} has no method `async def {form.verb}(...)`, which the "
                f"policy for {form.prompt} stands for; add one that decides by rule"
            )
            raise ConfigError(message)
        self.rule = rule
        self.form = form

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the rule has
        """Return the method that decides, or what the rule has of this name."""
        # Copying and pickling look for names before there is a rule to ask.
        if name in {"rule", "form"} or name.startswith("_"):
            raise AttributeError(name)
        return self._decide if name == self.form.verb else getattr(self.rule, name)

    @property
    def takes_moment(self) -> bool:
        """Whether the decision is given its moment; always."""
        return True

    async def _decide(self, *args: Any, moment: Moment | None = None, **facts: Any) -> Any:  # noqa: ANN401
        by_rule = await getattr(self.rule, self.form.verb)(*args, **facts)
        if moment is None:
            message = f"a decision about {self.form.prompt} by policy needs moment=Moment(...)"
            raise ConfigError(message)
        case = self.form.case(self.rule, by_rule, *args, **facts)
        return by_rule if case is None else self._decided(case, moment, by_rule, args, facts)

    def _decided(
        self,
        case: Case,
        moment: Moment,
        by_rule: Any,  # noqa: ANN401 - any decision
        args: tuple[Any, ...],
        facts: Mapping[str, Any],
    ) -> Any:  # noqa: ANN401 - any decision
        """Return what is decided in a case; the rule's own by default."""
        del case, moment, args, facts
        return by_rule


class Compiled(MomentDecider[C]):
    """A component that decides as a policy says, at no call.

    The rule decides first, so that all forms use the same random numbers. Where the prompt
    would not ask, and where no answer of the policy can be carried out, the rule's decision
    holds.

    Parameters
    ----------
    rule : object
        The component with the rule form.
    form : PolicyForm
        The policy form of one of its methods.
    policy : Policy
        What is answered in each cell.

    Raises
    ------
    ConfigError
        If the policy is for another prompt, or reads columns that the decision does not have.
    """

    __slots__ = ("_columns", "_known", "policy")

    def __init__(self, rule: C, form: PolicyForm, policy: Policy) -> None:
        super().__init__(rule, form)
        check_policy(policy, form)
        self.policy = policy
        self._columns = policy.columns
        self._known: dict[int, tuple[Int, str]] = {}

    def _decided(
        self,
        case: Case,
        moment: Moment,
        by_rule: Any,  # noqa: ANN401 - any decision
        args: tuple[Any, ...],
        facts: Mapping[str, Any],
    ) -> Any:  # noqa: ANN401 - any decision
        """Return the decision for an answer drawn in the cell of the case."""
        del args, facts
        policy = self.policy
        values = case_values(case, moment, self._columns, self.form.parameters)
        row, reason = self._row_of(policy.codes(values))
        able = case.possible(policy.answers)[np.newaxis]
        (code,) = policy.draw(row, [moment.uniform], able)
        return by_rule if code == NO_ROW else case.decision(policy.answers[code], reason)

    def _row_of(self, codes: Int) -> tuple[Int, str]:
        """Return the row of a cell, and its words; both are kept, since few cells occur often."""
        (cell,) = codes.tolist()
        if cell not in self._known:
            row = self.policy.rows(codes)
            self._known[cell] = row, f"as in cells with {self.policy.label(int(row[0]))}"
        return self._known[cell]


def case_values(
    case: Case, moment: Moment, names: frozenset[str], parameters: CityParameters
) -> dict[str, float]:
    """Return some columns of a case: of its person, its moment and its own.

    Parameters
    ----------
    case : Case
        The decision.
    moment : Moment
        When it is taken.
    names : frozenset of str
        Names of the columns.
    parameters : CityParameters
        Reads the stages of life.
    """
    persona = case.persona
    of_person = {} if persona is None else person_values(persona, names, parameters)
    own = {name: value for name, value in case.values.items() if name in names}
    return {**of_person, **moment_values(moment, names), **own}


def check_policy(policy: Policy, form: PolicyForm) -> None:
    """Check that a policy is for the decision of a form, and that the form has its columns.

    Raises
    ------
    ConfigError
        If it is for another prompt, reads columns that the decision does not have, or was made
        with other kinds of purpose or need; the bands are those of the policy.
    """
    if policy.prompt != form.prompt:
        message = f"the policy is for {policy.prompt}, not for {form.prompt}; give it by that name"
        raise ConfigError(message)
    names = [one.name for one in policy.dimensions]
    known = dimensions_of(names, form.columns, form.parameters)
    for one, usual in zip(policy.dimensions, known, strict=True):
        if _kinds(one) != _kinds(usual):
            message = (
                f"the dimension {one.name!r} of the policy has {', '.join(one.labels)}, and the "
                f"model has {', '.join(usual.labels)}; compile a policy with the kinds of the model"
            )
            raise ConfigError(message)


def _kinds(dimension: Dimension) -> list[tuple[str, tuple[str, ...]]]:
    """Return the columns of a dimension, and the kinds in those that are not cut into bands."""
    return [(one.column, () if one.edges else one.labels) for one in dimension.axes]
