"""Messages in a model: telling people something, and waking them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from numbers import Real
from typing import TYPE_CHECKING, Any

from mesa_llm_city.city import City
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.message import Message
from mesa_llm_city.core.plain_text import encodable
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.simulation.crowd.row_query import chosen_of_both
from mesa_llm_city.simulation.news import News
from mesa_llm_city.simulation.place_query import place_ids, zone_rows
from mesa_llm_city.simulation.query import Query
from mesa_llm_city.simulation.records import Records
from mesa_llm_city.simulation.residents import Residents
from mesa_llm_city.social import channel_of

if TYPE_CHECKING:
    # Agents pass messages on; only annotations close the circle.
    from mesa_llm_city.citizen.world import World
    from mesa_llm_city.simulation.agent import CityAgent
    from mesa_llm_city.simulation.crowd.crowd_agent import CrowdAgent

__all__ = ["ModelMessages", "make_message", "message_defects"]

_CHECKED = (
    *("source", "channel", "danger", "place", "radius_m", "zone", "topic"),
    *("stance", "intensity", "corrects"),
)


class ModelMessages:
    """What a city model can tell its people."""

    city: City
    minute: int
    run_seed: int
    parameters: CityParameters
    world: World
    records: Records
    residents: Residents
    news: News

    @property
    def crowd_or_none(self) -> CrowdAgent | None:
        """The crowd, or None without one."""
        raise NotImplementedError

    @property
    def citizens(self) -> list[CityAgent]:
        """Those who live in the model."""
        raise NotImplementedError

    def tell(
        self,
        query: Query,
        text: str,
        *,
        source: str = "authorities",
        channel: str = "radio",
        danger: float = 0.0,
        place: int | str | None = None,
        radius_m: float | None = None,
        zone: object = None,
        topic: str | None = None,
        until_min: int | None = None,
        stance: float = 0.0,
        intensity: float | None = None,
        corrects: bool = False,
    ) -> Message:
        """Tell people something; they think of it at the minute at which they hear it.

        By telephone and in person that is the next minute, by radio each hears it within some
        tens of minutes (``delay_min`` of the channel).

        They believe it or not by trust in the source, and may go on, plan anew, flee, stay in
        and tell others. The table `messages` has what each makes of it.

        Parameters
        ----------
        query : Query
            Whom: None for all, conditions, a function, or agents or ids (see `query.chosen`).
            Rows of a crowd are told as well, but by a function of an agent.
        text : str
            What is said.
        source : str, default "authorities"
            Who says it: one of ``social.trust.sources`` of the parameters, or any other name,
            which is trusted as ``social.trust.unknown`` says.
        channel : str, default "radio"
            How: one of ``social.messages.channels``, such as ``"phone"`` or ``"in_person"``.
        danger : float, default 0
            How great the danger is of which it tells, in [0, 1]. A message without danger ends
            the danger of an earlier one of its topic.
        place : int or str, optional
            Id or name of the place in danger.
        radius_m : float, optional
            How far the danger reaches around it, in metres; the place alone by default.
        zone : str, int or iterable of these, optional
            Names or rows of zones in danger. With neither place nor zone a danger is
            everywhere outdoors, as that of a storm, and people stay in.
        topic : str, optional
            What it is about; messages of one topic confirm each other. The text by default.
        until_min : int, optional
            Minute at which the danger ends; by default it lasts for
            ``mind.warnings.lasts_h``.
        stance : float, default 0
            How it stands to its topic, from -1 (against) to 1 (in favour). This and the next
            two matter to people with the components of `opinion_components`.
        intensity : float, optional
            How emotional it is, in [0, 1]; by its danger if not given.
        corrects : bool, default False
            Whether it says that what was told of its topic is not true.

        Returns
        -------
        Message
            The message.

        Raises
        ------
        ConfigError
            If an argument is outside its range, or there is no such channel, place or zone.
        DataError
            If the query is none.

        Examples
        --------
        >>> from mesa_llm_city import City, CityModel
        >>> model = CityModel(City.synthetic(rng=1, places=400), 20, rng=7)
        >>> model.run_days(1)
        >>> said = model.tell(None, "The market is open until ten", source="media", channel="phone")
        >>> model.step()
        >>> len(model.messages()) > 0
        True
        """
        agents, rows = chosen_of_both(self, query)
        message = make_message(
            self,
            text,
            minute=self.minute,
            source=source,
            channel=channel,
            danger=danger,
            place=place,
            radius_m=radius_m,
            zone=zone,
            topic=topic,
            until_min=until_min,
            stance=stance,
            intensity=intensity,
            corrects=corrects,
        )
        self.news.tell(agents, message, at_min=self.minute)
        if self.crowd_or_none is not None:
            self.crowd_or_none.news.tell(rows, message, at_min=self.minute)
        return message

    def wake(self, query: Query = None) -> list[CityAgent]:
        """Let people think at the next minute; those who sleep wake up.

        Parameters
        ----------
        query : Query
            Whom: None for all, conditions, a function, or agents or ids (see `query.chosen`).

        Returns
        -------
        list of CityAgent
            Those citizens it is about; rows of a crowd think as well. Who is under way goes on.
        """
        agents, rows = chosen_of_both(self, query)
        self.news.wake(agents, at_min=self.minute)
        if self.crowd_or_none is not None:
            self.crowd_or_none.life.wake(rows, self.minute)
        return agents


def make_message(model: ModelMessages, text: str, **given: Any) -> Message:  # noqa: ANN401 - as in tell
    """Return a message with the next number, its arguments checked (see `ModelMessages.tell`).

    Raises
    ------
    ConfigError
        Names what is wrong with the arguments.
    """
    about = {name: given[name] for name in _CHECKED}
    if defects := list(message_defects(model, text, **about)):
        raise ConfigError("; ".join(defects))
    place, zone = given["place"], given["zone"]
    model.news.count += 1
    return Message(
        id=model.news.count - 1,
        text=encodable(text),
        source=encodable(given["source"]),
        channel=given["channel"],
        minute=given["minute"],
        topic=encodable(given["topic"] or text),
        danger=float(given["danger"]),
        place=None if place is None else int(place_ids(model.city, place)[0]),
        radius_m=given["radius_m"],
        zones=() if zone is None else tuple(zone_rows(model.city, zone)),
        until_min=given["until_min"],
        stance=float(given["stance"]),
        intensity=None if given["intensity"] is None else float(given["intensity"]),
        corrects=given["corrects"],
    )


def message_defects(
    model: ModelMessages,
    text: object,
    *,
    source: object,
    channel: Any,  # noqa: ANN401 - whatever was given
    danger: object,
    place: object,
    radius_m: object,
    zone: object,
    topic: object,
    stance: object,
    intensity: object,
    corrects: object,
) -> Iterator[str]:
    """Yield all that is wrong with a message, one line each (see `ModelMessages.tell`)."""
    for name, value in (("text", text), ("source", source)):
        if not isinstance(value, str) or not value:
            yield f"{name} must be words, got {value!r}"
    if topic is not None and not isinstance(topic, str):
        yield f"topic must be words, or nothing for the text, got {topic!r}"
    if not _is_number(danger) or not 0.0 <= float(danger) <= 1.0:  # type: ignore[arg-type]
        yield f"danger must be a number from 0 (none) to 1 (the greatest), got {danger!r}"
    yield from _view_defects(stance, intensity, corrects)
    if radius_m is not None and (place is None or not _is_number(radius_m) or not radius_m >= 0):  # type: ignore[operator]
        yield f"radius_m must be metres around a place, got {radius_m!r}; give place as well"
    checks: dict[str, Callable[[], object]] = {
        "channel": lambda: channel_of(_words(channel), model.parameters.social.messages),
        "place": lambda: None if place is None else _one_place(model.city, place),
        "zone": lambda: None if zone is None else _some_zones(model.city, zone),
    }
    for name, check in checks.items():
        try:
            check()
        except ConfigError as error:
            yield f"{name}: {error.message}"


def _view_defects(stance: object, intensity: object, corrects: object) -> Iterator[str]:
    """Yield what is wrong with the view that a message takes of its topic."""
    if not _is_within(stance, -1.0):
        yield f"stance must be a number from -1 (against) to 1 (in favour), got {stance!r}"
    if intensity is not None and not _is_within(intensity, 0.0):
        yield f"intensity must be a number from 0 to 1, or nothing, got {intensity!r}"
    if not isinstance(corrects, bool):
        yield f"corrects must be true or false, got {corrects!r}"


def _is_within(value: object, least: float) -> bool:
    return _is_number(value) and least <= float(value) <= 1.0  # type: ignore[arg-type]


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _one_place(city: City, given: object) -> None:
    if len(place_ids(city, given)) != 1:
        message = f"must be one place, got {given!r}; for several give a zone or a radius"
        raise ConfigError(message)


def _some_zones(city: City, given: object) -> None:
    if not zone_rows(city, given):
        message = f"give at least one zone, got {given!r}"
        raise ConfigError(message)


def _words(given: object) -> str:
    if not isinstance(given, str):
        message = f"must be words, got {given!r}"
        raise ConfigError(message)
    return given
