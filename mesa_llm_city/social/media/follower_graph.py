"""Who follows whom: a directed graph over the rows of people, kept in compressed rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.social.media.edge_list import read_edges
from mesa_llm_city.social.media.graph_models import homophilous_edges, preferential_edges

if TYPE_CHECKING:
    import networkx as nx
    from scipy.sparse import csr_array

__all__ = ["FollowerGraph"]


class FollowerGraph:
    """Who follows whom among n people, numbered from 0.

    The graph never changes; methods that cut or add edges return another one.

    Parameters
    ----------
    n : int
        Number of people.
    follower, followee : array_like of int, shape (m,)
        Who follows, and who is followed. Nobody follows themselves, and edges given twice
        count once.

    Attributes
    ----------
    n : int
        As given.
    indptr : ndarray of int64, shape (n + 1,)
        Where the followees of each person begin in `followees`.
    followees : ndarray of int64, shape (m,)
        Whom each follows, by person and then by number.

    Raises
    ------
    ConfigError
        If an edge has an end outside 0 to n - 1.

    Examples
    --------
    >>> graph = FollowerGraph(3, follower=[0, 1, 2, 2], followee=[2, 2, 0, 1])
    >>> graph.followees_of(2).tolist(), graph.followers_of(2).tolist()
    ([0, 1], [0, 1])
    >>> graph.follower_counts.tolist()
    [1, 1, 2]
    """

    __slots__ = ("_followers", "followees", "indptr", "n")

    def __init__(self, n: int, follower: ArrayLike = (), followee: ArrayLike = ()) -> None:
        one, other = _checked(n, follower, followee)
        # One sort over pairs written as one number orders edges and shows which are double.
        pairs = np.unique(one[one != other] * np.int64(max(n, 1)) + other[one != other])
        self.n = int(n)
        self.followees = pairs % max(n, 1)
        counts = np.bincount(pairs // max(n, 1), minlength=n) if n else np.empty(0, np.int64)
        self.indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        self._followers: tuple[Int, Int] | None = None

    def __len__(self) -> int:
        """Return the number of edges."""
        return len(self.followees)

    def __repr__(self) -> str:
        """Return the numbers of people and edges."""
        return f"FollowerGraph({self.n} people, {len(self)} edges)"

    @classmethod
    def from_edges(cls, edges: ArrayLike, n: int | None = None) -> FollowerGraph:
        """Return the graph of pairs (follower, followee), shape (m, 2), of n people.

        By default there are as many people as the greatest number in it says.
        """
        pairs = np.asarray(edges, dtype=np.int64).reshape(-1, 2)
        most = int(pairs.max(initial=-1)) + 1 if n is None else n
        return cls(most, pairs[:, 0], pairs[:, 1])

    @classmethod
    def from_ties(
        cls, others: Mapping[int, Iterable[int]], persons: Iterable[int] | None = None
    ) -> FollowerGraph:
        """Return the graph in which everybody follows those to whom they have a tie.

        Parameters
        ----------
        others : mapping of int to iterable of int
            Ids of those whom each person knows, by id of the person.
        persons : iterable of int, optional
            Ids in the order of the rows; by default those of `others`, in rising order.
            Ties to anybody else are left out.
        """
        ids = sorted(others) if persons is None else list(persons)
        row = {person: number for number, person in enumerate(ids)}
        edges = [
            (row[person], row[other])
            for person in ids
            for other in others.get(person, ())
            if other in row
        ]
        return cls.from_edges(np.array(edges, dtype=np.int64).reshape(-1, 2), len(ids))

    @classmethod
    def homophilous(
        cls,
        groups: ArrayLike,
        *,
        following: float,
        homophily: float,
        rng: np.random.Generator,
    ) -> FollowerGraph:
        """Return a random graph in which people follow their own kind more often.

        Parameters
        ----------
        groups : array_like of int, shape (n,)
            The group of each person.
        following : float
            Mean number of people that somebody follows.
        homophily : float
            Share of followees that are drawn from the own group, in [0, 1]; all others are
            drawn from everybody, the own group included.
        rng : numpy.random.Generator
            Random numbers.
        """
        kinds = np.asarray(groups)
        one, other = homophilous_edges(kinds, following, homophily, rng)
        return cls(len(kinds), one, other)

    @classmethod
    def preferential(
        cls,
        n: int,
        *,
        following: int,
        exponent: float = 3.0,
        reciprocity: float = 0.0,
        rng: np.random.Generator,
    ) -> FollowerGraph:
        """Return a random graph in which the followed get more followers.

        Parameters
        ----------
        n : int
            Number of people.
        following : int
            How many each newcomer follows; who is drawn twice counts once.
        exponent : float, default 3
            Exponent of the tail of the numbers of followers, above 2: a newcomer draws by
            followers plus ``following (exponent - 2)`` (Price 1976, J. Am. Soc. Inf. Sci. 27(5),
            292-306); 3 is that of Barabasi and Albert (1999, Science 286, 509-512).
        reciprocity : float, default 0
            Probability that a newcomer is followed back, in [0, 1].
        rng : numpy.random.Generator
            Random numbers.
        """
        one, other = preferential_edges(n, following, exponent, reciprocity, rng)
        return cls(n, one, other)

    @classmethod
    def from_file(
        cls, path: str | Path, *, directed: bool = True, people: int | None = None
    ) -> FollowerGraph:
        """Return the graph of a file with one edge a line, such as those of SNAP.

        Parameters
        ----------
        path : str or Path
            Text with two numbers or names a line, between blanks, tabs, commas or semicolons;
            ``.gz`` is unpacked. Lines that begin with ``#`` or ``%`` are left out. People are
            numbered as their numbers rise, or as their names come up.
        directed : bool, default True
            Whether the first follows the second; if not, both follow each other.
        people : int, optional
            Number of people; those beyond the file follow nobody. By default those in it.

        Raises
        ------
        DataError
            Lists the lines that are no edges; or there is no such file.
        ConfigError
            If the file has more people than said.
        """
        edges, found = read_edges(Path(path))
        if people is not None and people < found:
            message = f"{path} has {found} people, but people={people}; give at least {found}"
            raise ConfigError(message)
        if not directed:
            edges = np.concatenate([edges, edges[:, ::-1]])
        return cls.from_edges(edges, found if people is None else people)

    @property
    def following_counts(self) -> Int:
        """How many each follows, shape (n,)."""
        return np.diff(self.indptr)

    @property
    def follower_counts(self) -> Int:
        """How many follow each, shape (n,)."""
        return np.bincount(self.followees, minlength=self.n).astype(np.int64)

    @property
    def followers(self) -> Int:
        """Who follows, for each edge in the order of `followees`, shape (m,)."""
        return np.repeat(np.arange(self.n), self.following_counts)

    @property
    def edges(self) -> Int:
        """Pairs of follower and followee, shape (m, 2)."""
        return np.stack([self.followers, self.followees], axis=1)

    @property
    def reciprocity(self) -> float:
        """Share of edges that also lead back, in [0, 1]; 0 without any."""
        if not len(self):
            return 0.0
        there = self.followers * np.int64(self.n) + self.followees
        back = self.followees * np.int64(self.n) + self.followers
        return float(np.isin(back, there).mean())

    def followees_of(self, person: int) -> Int:
        """Return whom a person follows, in rising order."""
        return self.followees[self.indptr[person] : self.indptr[person + 1]]

    def followers_of(self, person: int) -> Int:
        """Return who follows a person, in rising order."""
        indptr, followers = self._reversed()
        return followers[indptr[person] : indptr[person + 1]]

    def audience_of(self, persons: ArrayLike) -> tuple[Int, Int]:
        """Return all followers of several people.

        Returns
        -------
        tuple of ndarray of int64
            For each follower of each person: the place of that person in `persons`, and the
            follower; both of the same shape.
        """
        whom = np.asarray(persons, dtype=np.int64)
        indptr, followers = self._reversed()
        return _gathered(indptr, followers, whom)

    def followed_by(self, persons: ArrayLike) -> tuple[Int, Int]:
        """Return all whom several people follow, as `audience_of` does for followers."""
        return _gathered(self.indptr, self.followees, np.asarray(persons, dtype=np.int64))

    def follows(self, persons: ArrayLike, others: ArrayLike) -> Any:  # noqa: ANN401 - bool array
        """Tell who follows whom, element by element; both broadcast."""
        one, other = np.broadcast_arrays(
            np.asarray(persons, dtype=np.int64), np.asarray(others, dtype=np.int64)
        )
        there = self.followers * np.int64(self.n) + self.followees
        key = one * np.int64(self.n) + other
        place = np.minimum(np.searchsorted(there, key), max(len(there) - 1, 0))
        known = there[place] == key if len(there) else np.zeros(key.shape, dtype=bool)
        return known & (other >= 0)

    def with_edges(
        self, follower: ArrayLike, followee: ArrayLike, n: int | None = None
    ) -> FollowerGraph:
        """Return the graph with more edges, and with more people if `n` says so."""
        one = np.concatenate([self.followers, np.asarray(follower, dtype=np.int64)])
        other = np.concatenate([self.followees, np.asarray(followee, dtype=np.int64)])
        return FollowerGraph(self.n if n is None else n, one, other)

    def without_edges(self, follower: ArrayLike, followee: ArrayLike) -> FollowerGraph:
        """Return the graph without some edges; those that are not there do not matter."""
        one = np.asarray(follower, dtype=np.int64) * np.int64(self.n)
        cut = np.isin(
            self.followers * np.int64(self.n) + self.followees,
            one + np.asarray(followee, dtype=np.int64),
        )
        return FollowerGraph(self.n, self.followers[~cut], self.followees[~cut])

    def matrix(self, weight: Float | None = None) -> csr_array:
        """Return a sparse matrix of shape (n, n) with a row for each follower."""
        from scipy.sparse import csr_array

        data = np.ones(len(self)) if weight is None else weight
        return csr_array((data, self.followees, self.indptr), shape=(self.n, self.n))

    def to_networkx(self) -> nx.DiGraph[int]:
        """Return the graph with an edge from each follower to each followee."""
        import networkx as nx

        graph: nx.DiGraph[int] = nx.DiGraph()
        graph.add_nodes_from(range(self.n))
        graph.add_edges_from(self.edges.tolist())
        return graph

    def _reversed(self) -> tuple[Int, Int]:
        if self._followers is None:
            order = np.argsort(self.followees, kind="stable")
            starts = np.concatenate([[0], np.cumsum(self.follower_counts)]).astype(np.int64)
            self._followers = starts, self.followers[order]
        return self._followers


def _gathered(indptr: Int, members: Int, rows: Int) -> tuple[Int, Int]:
    """Return the members of rows one after another, and which row each is of."""
    counts = indptr[rows + 1] - indptr[rows]
    owner = np.repeat(np.arange(len(rows)), counts)
    first = np.concatenate([[0], np.cumsum(counts)[:-1]]) if len(rows) else counts
    place = np.arange(len(owner)) - first[owner] + indptr[rows][owner]
    return owner, members[place]


def _checked(n: int, follower: ArrayLike, followee: ArrayLike) -> tuple[Int, Int]:
    if not isinstance(n, Integral) or n < 0:
        message = f"the number of people must be a whole number of at least 0, got {n!r:.80}"
        raise ConfigError(message)
    one, other = _rows("follower", follower), _rows("followee", followee)
    if len(one) != len(other):
        message = f"{len(one)} followers, but {len(other)} followees; give pairs"
        raise ConfigError(message)
    for name, rows in (("follower", one), ("followee", other)):
        if len(wrong := rows[(rows < 0) | (rows >= n)]):
            message = f"{name} {wrong[0]} does not exist; there are {n} people, numbered from 0"
            raise ConfigError(message)
    return one, other


def _rows(name: str, given: ArrayLike) -> Int:
    rows = np.asarray(given).ravel()
    if rows.size and rows.dtype.kind not in "iu":
        message = f"numbers of each {name} must be whole, got {given!r:.80}"
        raise ConfigError(message)
    return rows.astype(np.int64)
