"""A run that follows another one: whenever that has made a step, it goes to the same minute."""

from __future__ import annotations

from dataclasses import dataclass

from mesa_llm_city.ui.page.listeners import outside_kernels
from mesa_llm_city.ui.page.runner import Runner
from mesa_llm_city.ui.views.protocols import view_of

__all__ = ["Following"]


class Following:
    """Keeps a run at the minute of another one, never beyond it (see `Companion`).

    Both step in turn: the next step of the leader waits until the follower has come to the same
    minute, since both may ask one language model. When the leader pauses, the follower still comes
    to its minute, unless that asks a language model: then it pauses at once. What stops the
    follower stops the leader. A follower that is ahead stands still until the leader has come to
    it. One that is behind catches up at once, unless that asks a language model: then it waits
    until the leader goes on, or until `go_on`.

    Parameters
    ----------
    leader : Runner
        What runs the leader.
    follower : Runner
        What runs the follower.
    name : str
        Name of the leader.

    Examples
    --------
    >>> from mesa_llm_city import City, CityModel
    >>> from mesa_llm_city.simulation.saving import restored, snapshot
    >>> model = CityModel(City.synthetic(rng=1, places=400), 20, rng=7)
    >>> fork = restored(snapshot(model))
    >>> leader, follower = Runner(model), Runner(fork)
    >>> following = Following(leader, follower, "first run")
    >>> leader.step()
    >>> leader.wait(10.0) and following.wait(10.0)
    True
    >>> model.minute, fork.minute
    (5, 5)
    >>> following.end()
    >>> leader.close()
    >>> follower.close()
    """

    def __init__(self, leader: Runner, follower: Runner, name: str) -> None:
        self._leader, self._follower = leader, follower
        self._there = _WhereAnotherIs(name, leader.city)
        self._has_ended = self._may_go = False
        # They outlive the page on which the comparison was begun.
        with outside_kernels():
            self._stops = [runner.each_step(self._look) for runner in (leader, follower)]
        leader.companions = (*leader.companions, self)
        if leader.playing or not self.asks:
            self.go_on()

    @property
    def asks(self) -> bool:
        """Whether the follower asks a language model as it goes on."""
        return bool(getattr(self._follower.city, "prompts", ()))

    @property
    def leader(self) -> Runner:
        """What runs the leader."""
        return self._leader

    @property
    def trouble(self) -> str:
        """What has stopped the follower; empty if nothing has."""
        return self._follower.error

    @property
    def waits(self) -> bool:
        """Whether the follower is behind, and stays so until it is let go on."""
        stands = self._follower.is_held or not self._may_go or bool(self.trouble)
        return stands and self.is_behind() and not self._leader.busy

    def is_behind(self) -> bool:
        """Tell whether the follower has not come to the minute of the leader yet."""
        follower = self._follower
        if self._has_ended:
            # What it still asks is answered before the leader asks.
            return follower.busy
        is_short = not self._there.is_met(follower.city) and not follower.finished
        return is_short or follower.busy

    def pause(self) -> None:
        """Pause the follower, unless it comes to the minute of the leader without asking."""
        if self.asks:
            self._follower.pause()

    def go_on(self) -> None:
        """Let the follower catch up, also after a pause or an error."""
        self._may_go = True
        self._follower.release()
        self._look()

    def wait(self, timeout_s: float) -> bool:
        """Wait until the follower stands still; return False if that takes too long."""
        return self._follower.wait(timeout_s)

    def end(self) -> None:
        """Let both go their own ways, once the follower has finished its step."""
        self._has_ended = True
        self._follower.stop_after_step()
        self._look()

    def _look(self) -> None:
        """Do what is due after a step of either."""
        if self._has_ended:
            self._leave()
        elif self._follower.error:
            self._leader.pause()
        elif not self.is_behind():
            self._leader.wake()
        elif self._may_go and not self._leader.busy:
            self._follower.follow(self._there)

    def _leave(self) -> None:
        """Leave the leader, unless the follower is in the middle of a step."""
        if self._follower.busy:
            return
        for stop in self._stops:
            stop()
        leader = self._leader
        leader.companions = tuple(one for one in leader.companions if one is not self)
        leader.wake()


@dataclass(frozen=True, slots=True)
class _WhereAnotherIs:
    """Stop at the minute of another run."""

    name: str
    city: object

    @property
    def label(self) -> str:
        """The run, in words."""
        return f"the time of {self.name}"

    def is_met(self, city: object) -> bool:
        """Tell whether that minute has come."""
        return view_of(city).minute >= view_of(self.city).minute

    def share(self, city: object) -> float | None:
        """Return None: the other run goes on."""
        del city
        return None
