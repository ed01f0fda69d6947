"""Which note an entry is about: linear discriminant analysis over the lines by which each note is known.

The nearest single line decides badly, since lines typed at night are near each other by their tone, whatever they are about. A linear
discriminant (Fisher, 1936; one covariance for all notes, shrunk toward a multiple of the identity as by Ledoit and Wolf, 2004) leaves
out the directions in which the lines of one note differ among themselves. It is computed from the library's own vectors in
milliseconds: there is nothing to train, ship or keep in step.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.library.vectors import Matrix

_SHRINK = 0.35  # chosen on the tuning rows of evals/datasets, as all numbers here
Weights = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one note: `vectors` has shape (lines, dimensions), `weights` one number a line."""

    vectors: Matrix
    weights: Weights


class Discriminant:
    """Scores entries against groups of lines; column i of all scores is group i."""

    def __init__(self, groups: Sequence[Group]) -> None:
        means = np.stack([np.average(group.vectors, axis=0, weights=group.weights) for group in groups]).astype(np.float64)
        self._middle = means.mean(axis=0)
        offsets = means - self._middle
        self._slopes = np.linalg.solve(_shrunk(_within(groups, means)), offsets.T).T.astype(np.float32)
        self._biases = (-0.5 * np.einsum("ij,ij->i", self._slopes, offsets)).astype(np.float32)

    def scores(self, queries: Matrix) -> Matrix:
        """Return the score of each query for each group, shape (queries, groups); higher is likelier."""
        scores: Matrix = (queries - self._middle).astype(np.float32) @ self._slopes.T + self._biases
        return scores


def _within(groups: Collection[Group], means: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the covariance of lines around the mean of their own note."""
    total, weight = np.zeros((means.shape[1],) * 2, np.float64), 0.0
    for group, mean in zip(groups, means, strict=True):
        away = (group.vectors - mean) * np.sqrt(group.weights)[:, None]
        total += away.T @ away
        weight += float(group.weights.sum())
    return total / max(weight, 1e-9)


def _shrunk(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    spread = max(float(np.trace(covariance)) / len(covariance), 1e-6)
    return (1 - _SHRINK) * covariance + _SHRINK * spread * np.eye(len(covariance))
