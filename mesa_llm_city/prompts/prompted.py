"""A component that asks a language model, and decides by rule where there is no answer."""

from __future__ import annotations

from dataclasses import is_dataclass, replace
from inspect import iscoroutinefunction
from typing import Any, Generic, Protocol, TypeVar

from mesa_llm_city.core.errors import ConfigError, LLMError
from mesa_llm_city.prompts.forms import rules_after

__all__ = ["PromptForm", "Prompted"]

C = TypeVar("C")


class PromptForm(Protocol):
    """The prompt form of one decision of a component.

    Attributes
    ----------
    verb : str
        Name of the coroutine method of the component whose decision this form asks about,
        such as ``"choose"``.
    """

    @property
    def verb(self) -> str:
        """Name of the method of the component that decides."""
        ...

    async def ask(self, rule: Any, by_rule: Any, /, *args: Any, **facts: Any) -> Any:  # noqa: ANN401 - any component
        """Ask a language model.

        Parameters
        ----------
        rule : object
            The component that decides by rule; read it, never change it.
        by_rule : object
            What it has decided.
        *args, **facts
            What its method was given.

        Returns
        -------
        object or None
            A decision of the same type as `by_rule`, with `DecisionSource.PROMPT` as its
            source; None where there is nothing to ask, so that `by_rule` holds.
        """
        ...


class Prompted(Generic[C]):
    """A component whose rule and prompt are joined: it asks, and falls back to the rule.

    The rule decides first, so that both forms use the same random numbers. If there is no
    answer, and the run is configured to use rules then, the decision of the rule is returned
    and its reason says what has happened. Everything else, state included, is the rule's.

    Parameters
    ----------
    rule : object
        The component with the rule form; the decision must have a field ``reason``, as a
        named tuple or a dataclass, or be a plain pair of choice and reason.
    prompt : PromptForm
        The prompt form of one of its methods.

    Attributes
    ----------
    rule : object
        As given.
    prompt : PromptForm
        As given.

    Raises
    ------
    ConfigError
        If `rule` has no coroutine method of the name `prompt.verb`.

    Examples
    --------
    >>> from typing import NamedTuple
    >>> from mesa_llm_city.core.asking import run
    >>> class Vote(NamedTuple):
    ...     choice: str
    ...     reason: str
    >>> class Habit:
    ...     async def vote(self, parties):
    ...         return Vote(parties[0], "as always")
    >>> class OnlyOne:
    ...     verb = "vote"
    ...     async def ask(self, rule, by_rule, parties):
    ...         return None  # a single party is no choice
    >>> run(Prompted(Habit(), OnlyOne()).vote(["green"]))
    Vote(choice='green', reason='as always')
    """

    __slots__ = ("prompt", "rule")

    def __init__(self, rule: C, prompt: PromptForm) -> None:
        verb = getattr(prompt, "verb", None)
        if not isinstance(verb, str) or not iscoroutinefunction(getattr(prompt, "ask", None)):
            message = (
                f"{type(prompt).__name__} is no prompt form; "
                "give it a verb (str) and a method `async def ask(rule, by_rule, ...)`"
            )
            raise ConfigError(message)
        # A prompted component may be prompted once more, about another of its decisions.
        if not iscoroutinefunction(getattr(rule, verb, None)):
            message = (
                f"{type(rule).__name__} has no method `async def {verb}(...)`, which "
                f"{type(prompt).__name__} asks about; add one that decides by rule"
            )
            raise ConfigError(message)
        self.rule = rule
        self.prompt = prompt

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the rule has
        """Return the method that asks, or what the rule has of this name."""
        # Copying and pickling look for names before there is a rule to ask.
        if name in {"rule", "prompt"} or name.startswith("__"):
            raise AttributeError(name)
        return self._decide if name == self.prompt.verb else getattr(self.rule, name)

    async def _decide(self, *args: Any, **facts: Any) -> Any:  # noqa: ANN401 - the rule's own
        by_rule = await getattr(self.rule, self.prompt.verb)(*args, **facts)
        try:
            answer = await self.prompt.ask(self.rule, by_rule, *args, **facts)
        except LLMError as error:
            return _with_reason(by_rule, rules_after(error))
        return by_rule if answer is None else answer


def _with_reason(decision: Any, reason: str) -> Any:  # noqa: ANN401 - any decision
    if is_dataclass(decision) and not isinstance(decision, type):
        return replace(decision, reason=reason)
    if not hasattr(decision, "_replace"):
        # A component of a user's own may return a plain pair of choice and reason.
        choice, _ = decision
        return choice, reason
    return decision._replace(reason=reason)
