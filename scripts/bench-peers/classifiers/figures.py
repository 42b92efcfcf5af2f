"""The figures of ulmfit compare, from answers: accuracy with its interval, macro and micro F1.

Truth and answers are lists of indices of labels, one list a row. test_figures.py holds them against
scikit-learn's.
"""

from __future__ import annotations

import math

Rows = list[list[int]]
Z95 = 1.959963984540054


def accuracy(truth: Rows, answers: Rows) -> float:
    """Rows with all labels right, and no other given."""
    return sum(sorted(t) == sorted(a) for t, a in zip(truth, answers, strict=True)) / len(truth)


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """Wilson's interval of 95%."""
    p, z2 = hits / trials, Z95 * Z95
    middle = (p + z2 / (2 * trials)) / (1 + z2 / trials)
    half = Z95 * math.sqrt(p * (1 - p) / trials + z2 / (4 * trials * trials)) / (1 + z2 / trials)
    return max(0.0, middle - half), min(1.0, middle + half)


def counts(truth: Rows, answers: Rows, labels: int) -> tuple[list[int], list[int]]:
    """For each label how often it is in truth and answer, and how often in each, added up."""
    both, either = [0] * labels, [0] * labels
    for t, a in zip(truth, answers, strict=True):
        for label in t:
            either[label] += 1
            both[label] += label in a
        for label in a:
            either[label] += 1
    return both, either


def macro_f1(truth: Rows, answers: Rows, labels: int, several: bool) -> float:
    """The mean over all labels, or, with one label a row, over those of which there is one."""
    both, either = counts(truth, answers, labels)
    own = [2 * b / e if e else 0.0 for b, e in zip(both, either, strict=True)]
    counted = labels if several else sum(e > 0 for e in either)
    return sum(own) / counted


def micro_f1(truth: Rows, answers: Rows, labels: int) -> float:
    both, either = counts(truth, answers, labels)
    return 2 * sum(both) / max(1, sum(either))


def of(truth: Rows, answers: Rows, labels: int, several: bool) -> dict[str, float]:
    """All of them; micro F1 where it is not the accuracy."""
    figures = {
        "accuracy": accuracy(truth, answers),
        "macroF1": macro_f1(truth, answers, labels, several),
    }
    return figures | ({"microF1": micro_f1(truth, answers, labels)} if several else {})
