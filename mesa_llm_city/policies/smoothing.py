"""Smoothing of sparse cells: what a cell lacks in answers it takes from the coarser one."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.core.values import Float, Int

__all__ = ["level_shares", "parent_codes", "smoothed"]


def parent_codes(codes: Int, sizes: tuple[int, ...], level: int) -> Int:
    """Return the codes of cells with the last `level` dimensions dropped.

    Parameters
    ----------
    codes : ndarray of int64, shape (m,)
        Codes over all dimensions, the last one counting fastest.
    sizes : tuple of int
        Number of bands of each dimension.
    level : int
        How many dimensions are dropped, from 0 to their number.

    Examples
    --------
    >>> parent_codes(np.array([7, 11]), (2, 6), 1)
    array([1, 1])
    """
    dropped = sizes[len(sizes) - level :]
    return np.asarray(codes // int(np.prod(dropped, dtype=np.int64)), dtype=np.int64)


def level_shares(counts: Int, moments: Int, codes: Int) -> tuple[Int, Float, Int, Int]:
    """Return the answers of coarser cells, each finer one weighted by how often it occurs.

    ``s(c, a) = sum_i moments_i n_ia / n_i / sum_i moments_i`` over the cells i within c.

    Parameters
    ----------
    counts : ndarray of int64, shape (m, answers)
        Answers of each cell ``n_ia``; at least one a cell.
    moments : ndarray of int64, shape (m,)
        How often each cell occurs, at least 1.
    codes : ndarray of int64, shape (m,)
        The coarser cell of each.

    Returns
    -------
    codes : ndarray of int64, shape (k,)
        The coarser cells, rising.
    shares : ndarray of float64, shape (k, answers)
        Shares of answers.
    answers : ndarray of int64, shape (k,)
        Number of answers in each.
    moments : ndarray of int64, shape (k,)
        How often each occurs.

    Examples
    --------
    >>> shares = level_shares(np.array([[2, 0], [0, 1]]), np.array([3, 1]), np.array([0, 0]))[1]
    >>> shares
    array([[0.75, 0.25]])
    """
    known, row = np.unique(codes, return_inverse=True)
    within = counts / counts.sum(axis=1, keepdims=True)
    total = np.zeros((len(known), counts.shape[1]))
    np.add.at(total, row, within * moments[:, np.newaxis])
    often, answers = np.zeros(len(known), np.int64), np.zeros(len(known), np.int64)
    np.add.at(often, row, moments)
    np.add.at(answers, row, counts.sum(axis=1))
    return known, total / often[:, np.newaxis], answers, often


def smoothed(shares: Float, answers: Int, parents: Float, strength: float) -> Float:
    """Return probabilities between a cell's own answers and those of the coarser cell.

    ``p(a) = (n s(a) + strength p_parent(a)) / (n + strength)``: the mean of a Dirichlet
    distribution whose prior is the coarser cell [1]_.

    Parameters
    ----------
    shares : ndarray of float64, shape (k, answers)
        Shares of the answers in each cell.
    answers : ndarray of int64, shape (k,)
        Number of answers n of each cell.
    parents : ndarray of float64, shape (k, answers)
        Probabilities in the coarser cell of each.
    strength : float
        Number of answers that the coarser cell counts for, above 0.

    References
    ----------
    .. [1] MacKay and Bauman Peto (1995), A hierarchical Dirichlet language model. Natural
       Language Engineering 1(3), 289-308. https://doi.org/10.1017/S1351324900000218

    Examples
    --------
    >>> smoothed(np.array([[1.0, 0.0]]), np.array([3]), np.array([[0.5, 0.5]]), 1.0)
    array([[0.875, 0.125]])
    """
    weight = answers[:, np.newaxis]
    mixed: Float = (weight * shares + strength * parents) / (weight + strength)
    return mixed
