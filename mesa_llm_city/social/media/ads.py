"""Ads: posts that somebody pays for, between the posts of a feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.social.media.posts import Posts
from mesa_llm_city.social.post import NO_POST, NOBODY

__all__ = ["Ad", "AdBoard"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ad:
    """An ad.

    Parameters
    ----------
    topic : str
        What it is about.
    stance : float, default 1
        What it says of it, in [-1, 1].
    intensity : float, default 0.3
        How emotional it is, in [0, 1].
    text : str, default ""
        Its words.
    weight : float, default 1
        How often it is shown, compared with other ads; at least 0.
    label : str, default "sponsored"
        What the platform writes on it.
    to : tuple of int, optional
        Rows of the people to whom it is shown; everybody by default.
    """

    topic: str
    stance: float = 1.0
    intensity: float = 0.3
    text: str = ""
    weight: float = 1.0
    label: str = "sponsored"
    to: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        """Check the weight; the other numbers are checked when the ad is written."""
        if not self.weight >= 0:
            message = f"the weight of an ad must be at least 0, got {self.weight}"
            raise ConfigError(message)


class AdBoard:
    """The ads of a platform, and their places on pages.

    Parameters
    ----------
    ads : sequence of Ad
        The ads.
    posts : Posts
        Where they are written, as posts of kind ``"ad"`` without an author.
    n : int
        Number of people.
    minute : int, default 0
        When they are written.

    Examples
    --------
    >>> posts = Posts(["shoes"])
    >>> _ = posts.extend(author=[0, 1], topic="shoes")
    >>> board = AdBoard([Ad(topic="shoes", text="New shoes")], posts, n=3)
    >>> page, draws = np.array([[0, 1]]), np.array([[0.5, 0.5]])
    >>> board.placed(np.array([2]), page, every=2, draws=draws).tolist()
    [[0, 1, 2, -1]]
    """

    __slots__ = ("_everybody", "_shown_to", "_weight", "posts")

    def __init__(self, ads: Sequence[Ad], posts: Posts, *, n: int, minute: int = 0) -> None:
        self.posts = np.array([_written(one, posts, minute) for one in ads], dtype=np.int64)
        self._weight = np.array([one.weight for one in ads], dtype=np.float64)
        self._everybody = np.array([one.to is None for one in ads], dtype=bool)
        self._shown_to = np.stack([_mask(one, n) for one in ads]) if ads else np.ones((0, n), bool)

    def placed(self, viewers: Int, pages: Int, *, every: int, draws: Float) -> Int:
        """Return pages with ads between the posts.

        Parameters
        ----------
        viewers : ndarray of int64, shape (v,)
            Rows of people.
        pages : ndarray of int64, shape (v, p)
            Posts; -1 for none.
        every : int
            An ad follows each so many posts; of a shorter page, it follows with the chance that
            gives the same share of ads. 0 for no ads.
        draws : ndarray of float64, shape (v, p)
            Uniform numbers in [0, 1).

        Returns
        -------
        ndarray of int64, shape (v, 2p) or (v, p) without ads
            Posts and ads; -1 behind the last.
        """
        if not every or not len(self.posts) or not pages.size:
            return pages
        width = pages.shape[1]
        place = np.arange(1, width + 1)
        falls = (place % every == 0) if width >= every else draws < 1.0 / every
        chosen = self._chosen(viewers, draws)
        ads = np.where(falls & (pages >= 0), chosen, NO_POST)
        both = np.stack([pages, ads], axis=2).reshape(len(pages), -1)
        order = np.argsort(both < 0, axis=1, kind="stable")
        return np.take_along_axis(both, order, axis=1)

    def grow(self, n: int) -> None:
        """Show the ads that everybody is shown to newcomers too, n people in all."""
        everybody = self._everybody[:, np.newaxis]
        more = np.broadcast_to(everybody, (len(self.posts), n - self._shown_to.shape[1]))
        self._shown_to = np.concatenate([self._shown_to, more], axis=1)

    def _chosen(self, viewers: Int, draws: Float) -> Int:
        """Return an ad for each place, drawn by weight among those shown to the viewer."""
        weight = self._weight[:, np.newaxis] * self._shown_to[:, viewers]
        bounds = np.cumsum(weight, axis=0)
        total = bounds[-1]
        # The digits of a draw that decided whether an ad is shown are not used for which one.
        again = (draws * 2.0**20) % 1.0
        which = (again[np.newaxis] * total[:, np.newaxis] >= bounds[:, :, np.newaxis]).sum(axis=0)
        found = self.posts[np.minimum(which, len(self.posts) - 1)]
        return np.where(total[:, np.newaxis] > 0, found, NO_POST)


def _written(ad: Ad, posts: Posts, minute: int) -> int:
    new = posts.extend(
        author=[NOBODY],
        minute=minute,
        topic=ad.topic,
        stance=ad.stance,
        intensity=ad.intensity,
        kind="ad",
        label=ad.label,
        texts=[ad.text],
    )
    return int(new[0])


def _mask(ad: Ad, n: int) -> NDArray[np.bool_]:
    shown = np.full(n, ad.to is None)
    rows: ArrayLike = [] if ad.to is None else list(ad.to)
    if wrong := [one for one in ad.to or () if not 0 <= one < n]:
        message = f"an ad is shown to person {wrong[0]}, but there are {n} people, from 0"
        raise ConfigError(message)
    shown[np.asarray(rows, dtype=np.int64)] = True
    return shown
