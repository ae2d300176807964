"""Messages: what people are told, by whom and how, and what they make of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple

from mesa_llm_city.core.values import DecisionSource, ReactionKind

__all__ = ["Heard", "Message", "Response"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Something that people are told.

    Parameters
    ----------
    id : int
        Number of the message in the run; one that is passed on keeps it.
    text : str
        What is said.
    source : str
        Who has said it first, such as ``"authorities"``; trust depends on it (see
        ``social.trust.sources`` of the parameters).
    channel : str
        How it comes: one of ``social.messages.channels``, such as ``"radio"``.
    minute : int
        When it was said, in minutes since midnight of the first day.
    topic : str
        What it is about. Messages of one topic confirm each other; one without danger ends
        the danger that others of its topic told of.
    danger : float, default 0
        How great the danger is that it tells of, in [0, 1]; 0 for none.
    place : int, optional
        Id of the place in danger.
    radius_m : float, optional
        How far around `place` the danger reaches, in metres; the place alone by default.
    zones : tuple of int
        Rows of the zones in danger. With neither place nor zone the danger is everywhere
        outdoors, as that of a storm.
    until_min : int, optional
        Minute at which the danger ends; by default it lasts for ``mind.warnings.lasts_h``.
    sender : int, optional
        Id of the person who passes it on; None for whoever has said it first.
    passed : int, default 0
        How often it has been passed on.
    leaves_min : int, optional
        When the person who passes it on leaves for safety; None if they do not.
    stance : float, default 0
        How it stands to its topic, from -1 (against) to 1 (in favour).
    intensity : float, optional
        How emotional it is, in [0, 1]; by its danger if not given.
    corrects : bool, default False
        Whether it says that what was told of its topic is not true.

    Examples
    --------
    >>> flood = Message(
    ...     id=0, text="The river rises", source="authorities", channel="radio", minute=690,
    ...     topic="flood", danger=0.9, zones=(2,),
    ... )
    >>> flood.is_everywhere, Message.from_json(flood.to_json()) == flood
    (False, True)
    """

    id: int
    text: str
    source: str
    channel: str
    minute: int
    topic: str
    danger: float = 0.0
    place: int | None = None
    radius_m: float | None = None
    zones: tuple[int, ...] = ()
    until_min: int | None = None
    sender: int | None = None
    passed: int = 0
    leaves_min: int | None = None
    stance: float = 0.0
    intensity: float | None = None
    corrects: bool = False

    @property
    def is_everywhere(self) -> bool:
        """Whether no place or zone is named."""
        return self.place is None and not self.zones

    def passed_on(
        self, sender: int, channel: str, *, minute: int, leaves_min: int | None = None
    ) -> Message:
        """Return the message as a person who has heard it passes it on.

        Parameters
        ----------
        sender : int
            Id of the person.
        channel : str
            How it is passed on.
        minute : int
            When, in minutes.
        leaves_min : int, optional
            When the person leaves for safety.
        """
        return replace(
            self,
            sender=sender,
            channel=channel,
            minute=minute,
            passed=self.passed + 1,
            leaves_min=leaves_min,
        )

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self) | {"zones": list(self.zones)}

    @classmethod
    def from_json(cls, state: Mapping[str, Any]) -> Message:
        """Return what `to_json` has written."""
        return cls(**{**state, "zones": tuple(state["zones"])})


class Response(NamedTuple):
    """What a person makes of a message.

    Attributes
    ----------
    kind : ReactionKind
        What is done: go on, replan, flee, stay in, or only inform others.
    believed : bool
        Whether the message is believed.
    reason : str
        The terms that decided, or the reason that the language model gave.
    source : DecisionSource
        Whether a rule or a prompt decided.
    informs : bool
        Whether the person tells others.
    minutes : int
        How long it takes to get ready to leave, in minutes.
    """

    kind: ReactionKind
    believed: bool
    reason: str
    source: DecisionSource = DecisionSource.RULE
    informs: bool = False
    minutes: int = 0


class Heard(NamedTuple):
    """A message that a person has heard, and what the person made of it.

    Attributes
    ----------
    message : Message
        The message, as it came to the person.
    response : Response
        What the person makes of it.
    times : int
        How often the person has heard of its topic, this time included.
    avoids : bool
        Whether the person keeps away from the danger as long as it lasts.
    tells_min : int or None
        When the person tells others, in minutes; None for at once.
    """

    message: Message
    response: Response
    times: int = 1
    avoids: bool = False
    tells_min: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        response = {**self.response._asdict(), "kind": str(self.response.kind)}
        response["source"] = str(self.response.source)
        rest: dict[str, Any] = {"times": self.times, "avoids": self.avoids}
        if self.tells_min is not None:
            rest["tells_min"] = self.tells_min
        return {"message": self.message.to_json(), "response": response, **rest}

    @classmethod
    def from_json(cls, state: Mapping[str, Any]) -> Heard:
        """Return what `to_json` has written."""
        response = state["response"]
        response = Response(
            **{
                **response,
                "kind": ReactionKind(response["kind"]),
                "source": DecisionSource(response["source"]),
            }
        )
        tells_min = state.get("tells_min")
        message = Message.from_json(state["message"])
        return cls(message, response, state["times"], state["avoids"], tells_min)
