"""The design of a community: its goal, topics, rules, roles and personas, from a TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.core.text_files import read_text

__all__ = ["ACTIONS", "CommunityDesign", "CommunityRule", "MemberPersona", "MemberRole"]

Breach = Literal["hostility", "off_topic", "promotion"]
Action = Literal["none", "label", "remove", "ban"]

ACTIONS: tuple[str, ...] = get_args(Action)
"""What moderators do about a breach: nothing, label, remove, or remove and ban after some."""

OFF = "off"
"""Takes the place of an action where a rule is taken down."""

_ADVICE = "docs/tutorials/community.md shows a design; mend the file and read it again."
_Word = Field(min_length=1, max_length=60)
_Line = Field(min_length=1, max_length=300)
_Topic: TypeAlias = Annotated[str, _Word]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class CommunityRule(_Part):
    """A rule of a community.

    Parameters
    ----------
    name : str
        Its name, for tables and changes.
    text : str
        Its words, as members read them.
    forbids : {"hostility", "off_topic", "promotion"}
        What it is about.
    action : {"none", "label", "remove", "ban"}, default "remove"
        What moderators do about a breach; with ``"none"`` the rule is only on display.
    strikes : int, default 3
        Number of breaches after which the author is banned, with ``action="ban"``.
    """

    name: str = _Word
    text: str = _Line
    forbids: Breach
    action: Action = "remove"
    strikes: int = Field(default=3, ge=1)


class MemberRole(_Part):
    """A role that members have.

    Parameters
    ----------
    name : str
        Its name.
    about : str
        What such a member is like, in words.
    share : float, default 1
        Weight of the role among members who are drawn.
    posts_a_day : float, default 0.3
        Mean number of posts and replies in a day.
    hostility, off_topic, promotion : float, default 0.02, 0.05, 0
        Shares of their posts that are so where no rule is on display.
    moderates : bool, default False
        Whether they look at posts and act on breaches.
    """

    name: str = _Word
    about: str = _Line
    share: float = Field(default=1.0, ge=0, le=1e6)
    posts_a_day: float = Field(default=0.3, ge=0, le=24)
    hostility: float = Field(default=0.02, ge=0, lt=1)
    off_topic: float = Field(default=0.05, ge=0, lt=1)
    promotion: float = Field(default=0.0, ge=0, lt=1)
    moderates: bool = False


class MemberPersona(_Part):
    """A member of whom more is known than the role.

    Parameters
    ----------
    name : str
        Name of the member.
    role : str
        Name of the role.
    about : str
        What the member is like, in words.
    """

    name: str = _Word
    role: str = _Word
    about: str = _Line


class CommunityDesign(_Part):
    """A community as it is designed; frozen, changes return another one.

    Parameters
    ----------
    name, goal : str
        What it is called, and what it is for.
    topics : tuple of str
        What it is about.
    members : int, default 100
        Number of members, personas included.
    rules : tuple of CommunityRule
        Rules on display.
    roles : tuple of MemberRole
        Roles of members; at least one.
    personas : tuple of MemberPersona
        Members of whom more is known.

    Examples
    --------
    >>> design = CommunityDesign.from_dict({
    ...     "name": "Trains", "goal": "Help commuters", "topics": ["delays"], "members": 10,
    ...     "rules": [{"name": "respect", "text": "Be kind.", "forbids": "hostility"}],
    ...     "roles": [{"name": "rider", "about": "rides daily"}]})
    >>> design.changed({"respect": "ban"}).rules[0].action
    'ban'
    >>> design.changed({"respect": "off"}).rules
    ()
    """

    name: str = _Word
    goal: str = _Line
    topics: tuple[_Topic, ...] = Field(min_length=1, max_length=20)
    members: int = Field(default=100, ge=2, le=1_000_000)
    rules: tuple[CommunityRule, ...] = ()
    roles: tuple[MemberRole, ...] = Field(min_length=1)
    personas: tuple[MemberPersona, ...] = ()

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Read a design from a TOML file.

        The table ``[community]`` has name, goal, topics and members; ``[[rules]]``, ``[[roles]]``
        and ``[[personas]]`` are lists of tables.

        Raises
        ------
        DataError
            If the file cannot be read; or lists every defect.
        """
        file = Path(path)
        try:
            tables = tomllib.loads(read_text(file))
        except tomllib.TOMLDecodeError as error:
            raise DataError.listing(str(file), [f"no TOML: {error}"], advice=_ADVICE) from error
        head = tables.pop("community", {})
        if not isinstance(head, dict):
            raise DataError.listing(str(file), ["community is no table"], advice=_ADVICE)
        return cls.from_dict({**head, **tables}, source=str(file))

    @classmethod
    def from_dict(cls, given: Mapping[str, Any], *, source: str = "the design") -> Self:
        """Return the design that tables describe, checked as a whole.

        Parameters
        ----------
        given : mapping
            Fields by name.
        source : str, default "the design"
            Where it stands, for messages.

        Raises
        ------
        DataError
            Lists every defect.
        """
        try:
            design = cls(**given)
        except ValidationError as error:
            found = [_defect(one) for one in error.errors(include_url=False)]
            raise DataError.listing(source, found, advice=_ADVICE) from None
        if found := list(design.contradictions()):
            raise DataError.listing(source, found, advice=_ADVICE)
        return design

    def contradictions(self) -> Iterator[str]:
        """Yield what does not fit together."""
        for what in ("rules", "roles", "personas"):
            names = [one.name for one in getattr(self, what)]
            for name in sorted({name for name in names if names.count(name) > 1}):
                yield f"{what}: {name!r} is used twice"
        for topic in sorted({one for one in self.topics if self.topics.count(one) > 1}):
            yield f"topics: {topic!r} is listed twice"
        known = [role.name for role in self.roles]
        for persona in self.personas:
            if persona.role not in known:
                hint = did_you_mean(persona.role, known)
                yield f"personas: {persona.name} has the unknown role {persona.role!r}{hint}"
        if not any(role.share for role in self.roles):
            yield "roles: no role has a share above 0"
        if len(self.personas) > self.members:
            yield f"personas: there are {len(self.personas)}, but only {self.members} members"

    def role(self, name: str) -> MemberRole:
        """Return a role by name."""
        return next(one for one in self.roles if one.name == name)

    def forbids(self, breach: str) -> bool:
        """Return whether a rule on display forbids something."""
        return any(rule.forbids == breach for rule in self.rules)

    def changed(self, actions: Mapping[str, str]) -> Self:
        """Return the design with other actions of rules.

        Parameters
        ----------
        actions : mapping of str to str
            One of `ACTIONS` by the name of the rule, or ``"off"``, which takes the rule down.

        Raises
        ------
        ConfigError
            If there is no such rule or action.
        """
        names = [rule.name for rule in self.rules]
        for name, action in actions.items():
            if name not in names or action not in (*ACTIONS, OFF):
                message = (
                    f"cannot set {name}={action}: the rules are {', '.join(names) or 'none'}, and "
                    f"each can be set to {', '.join(ACTIONS)} or {OFF}"
                )
                raise ConfigError(message)
        rules = [
            rule.model_copy(update={"action": actions.get(rule.name, rule.action)})
            for rule in self.rules
            if actions.get(rule.name) != OFF
        ]
        return self.model_copy(update={"rules": tuple(rules)})


def _defect(error: Any) -> str:  # noqa: ANN401 - of pydantic
    where = ".".join(str(part) for part in error["loc"]) or "the file"
    return f"{where}: {error['msg']}, got {error['input']!r:.80}"
