"""Temperatures that scikit-learn's CalibratedClassifierCV and SciPy's root finder choose.

scikit-learn (1.8 and later) scales logits where a row has one of several labels; it minimises the log
loss over the logarithm of 1 / T, so its last digits are those of a minimum. SciPy finds the root of the
slope, for any number of labels, and has them all.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator

LEAST, MOST = 0.01, 100.0


class Logits(ClassifierMixin, BaseEstimator):
    """A classifier whose answers are given: the rows are the logits."""

    def fit(self, x: np.ndarray, y: np.ndarray) -> Logits:
        self.classes_ = np.unique(y)
        return self

    def decision_function(self, x: np.ndarray) -> np.ndarray:
        return x[:, 0] if x.shape[1] == 1 else x

    def predict(self, x: np.ndarray) -> np.ndarray:
        return (x[:, 0] > 0).astype(int) if x.shape[1] == 1 else x.argmax(axis=1)


def of_scikit_learn(z: np.ndarray, truth: np.ndarray) -> float:
    x = (z[:, 1:] - z[:, :1]) / 2 if z.shape[1] == 2 else z  # of one column x it makes -x and x
    known = FrozenEstimator(Logits().fit(x, truth))
    fitted = CalibratedClassifierCV(known, method="temperature").fit(x, truth)
    return 1 / float(fitted.calibrated_classifiers_[0].calibrators[0].beta_)


def slope(sharpness: float, z: np.ndarray, hot: np.ndarray, multi: bool) -> float:
    p = expit(sharpness * z) if multi else softmax(sharpness * z, axis=1)
    return float(((p - hot) * z).sum())


def case(name: str, z: np.ndarray, truth: np.ndarray) -> dict[str, Any]:
    multi = truth.ndim == 2
    z = np.round(z, 4).astype(np.float32).astype(np.float64)
    hot = truth if multi else np.eye(z.shape[1])[truth]
    ends = [slope(1 / t, z, hot, multi) for t in (MOST, LEAST)]
    found = ends[0] < 0 < ends[1]
    out = {
        "name": name,
        "labelling": "multi" if multi else "single",
        "logits": z.tolist(),
        "truth": [np.flatnonzero(t).tolist() for t in truth] if multi else [[int(t)] for t in truth],
    }
    if found:
        sharpness = brentq(slope, 1 / MOST, 1 / LEAST, (z, hot, multi), xtol=1e-15, rtol=1e-14)
        out["temperature"] = 1 / sharpness
    if found and not multi:
        out["scikit-learn"] = of_scikit_learn(z, truth)
    return out


def cases(random: np.random.RandomState) -> list[dict[str, Any]]:
    out = []
    for name, classes, rows, scale in (
        ("two classes, too sure", 2, 60, 3.0),
        ("two classes, not sure enough", 2, 60, 0.2),
        ("five classes, too sure", 5, 80, 8.0),
        ("five classes, about right", 5, 80, 1.0),
        ("ten classes", 10, 90, 2.5),
        ("logits near the bounds", 3, 60, 60.0),
    ):
        truth = random.permutation(rows) % classes
        z = scale * (random.randn(rows, classes) + 1.5 * np.eye(classes)[truth])
        out.append(case(name, z, truth))
    truth = random.randint(3, size=40)
    sure = np.full((40, 3), -2.0) + 4 * np.eye(3)[truth]
    out.append(case("each row right", sure, truth))
    out.append(case("no better than chance", sure, (truth + 1) % 3))
    out.append(case("nothing said", np.zeros((40, 3)), truth))
    for name, rows, count, scale in (("four labels, too sure", 70, 4, 4.0), ("nine labels, not sure", 50, 9, 0.3)):
        truth = (random.rand(rows, count) < 0.3).astype(int)
        out.append(case(name, scale * (random.randn(rows, count) + 2 * truth - 1.2), truth))
    return out


def write(root: Path, seed: int) -> None:
    from files import Case, write_lines

    Case("temperature", {"kind": "temperature"}).write(root)
    write_lines(root / "temperature" / "cases.jsonl", cases(np.random.RandomState(seed)))
