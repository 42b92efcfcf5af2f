"""From which probability on a label is answered, chosen on validation rows as ulmfit does."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "words"))
from multilabel import choose  # noqa: E402


def chosen(truth: list[list[int]], probabilities: np.ndarray) -> np.ndarray:
    """(labels), from truth and probabilities (rows, labels) of rows that were not trained on."""
    matrix = np.zeros(probabilities.shape, dtype=int)
    for row, labels in enumerate(truth):
        matrix[row, labels] = 1
    return choose(matrix, probabilities)


def answers(probabilities: np.ndarray, thresholds: np.ndarray | float) -> list[list[int]]:
    return [np.flatnonzero(row).tolist() for row in probabilities >= thresholds]
