"""Weights that scikit-learn's and SciPy's logistic regression learn on the logits of several models.

ulmfit minimises the sum of the rows' losses + |weights and biases|^2 / 2 with a weight for each
model and a bias for each class. scikit-learn knows the same function where a row has two classes
(on the difference of the logits, the bias as a column of sqrt(2)) and where labels are judged one by
one (a row for each document and label, the biases as columns of 0 and 1); of more classes SciPy
finds the minimum.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression


def regression() -> LogisticRegression:
    return LogisticRegression(C=1.0, fit_intercept=False, solver="newton-cholesky", tol=1e-14, max_iter=1000)


def two_classes(x: np.ndarray, truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """x (models, rows, 2)."""
    difference = (x[:, :, 1] - x[:, :, 0]).T
    constant = np.full((len(truth), 1), np.sqrt(2))
    fitted = regression().fit(np.hstack([difference, constant]), truth).coef_[0]
    half = fitted[-1] * np.sqrt(2) / 2
    return fitted[:-1], np.array([-half, half])


def one_by_one(x: np.ndarray, truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """x (models, rows, classes), truth (rows, classes) of 0 and 1."""
    models, rows, classes = x.shape
    columns = np.hstack([x.reshape(models, -1).T, np.tile(np.eye(classes), (rows, 1))])
    fitted = regression().fit(columns, truth.reshape(-1)).coef_[0]
    return fitted[:models], fitted[models:]


def classes(x: np.ndarray, truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    models, rows, count = x.shape
    hot = np.eye(count)[truth]

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        z = np.tensordot(theta[:models], x, 1) + theta[models:]
        whole = logsumexp(z, axis=1)
        error = np.exp(z - whole[:, None]) - hot
        gradient = np.concatenate([np.tensordot(x, error, 2), error.sum(axis=0)]) + theta
        return float(whole.sum() - (z * hot).sum() + theta @ theta / 2), gradient

    theta = np.zeros(models + count)
    for _ in range(20):  # from where the line search gave up
        theta = minimize(loss, theta, jac=True, method="BFGS", options={"gtol": 1e-12}).x
    return theta[:models], theta[models:]


def case(name: str, labelling: str, learn: Any, x: np.ndarray, truth: np.ndarray) -> dict[str, Any]:
    printed = np.round(x, 4)
    weights, biases = learn(printed.astype(np.float32).astype(np.float64), truth)
    labels = [np.flatnonzero(t).tolist() for t in truth] if truth.ndim == 2 else [[int(t)] for t in truth]
    return {
        "name": name,
        "labelling": labelling,
        "logits": printed.tolist(),
        "truth": labels,
        "weights": weights.tolist(),
        "biases": biases.tolist(),
    }


def cases(random: np.random.RandomState) -> list[dict[str, Any]]:
    out = []
    for name, models, rows in (("two models", 2, 60), ("three models, few rows", 3, 12), ("five models", 5, 200)):
        truth = random.randint(2, size=rows)
        skill = np.linspace(0.5, 2, models)[:, None, None]
        x = random.randn(models, rows, 2) + skill * np.eye(2)[truth]
        out.append(case(name, "single", two_classes, x, truth))
    truth = np.arange(20) % 2
    out.append(case("two models, never wrong", "single", two_classes, 9.0 * np.stack([np.eye(2)[truth]] * 2), truth))
    truth = random.randint(5, size=100)
    x = 2 * random.randn(2, 100, 5) + 3 * np.eye(5)[truth]
    out.append(case("five classes", "single", classes, x, truth))
    x[1] = -x[1]
    out.append(case("a model that is always wrong", "single", classes, x, truth))
    for name, models, rows, count in (("four labels", 2, 50, 4), ("a label without rows", 3, 30, 6)):
        truth = (random.rand(rows, count) < 0.3).astype(int)
        if count == 6:
            truth[:, 2] = 0
        x = random.randn(models, rows, count) + 2 * truth - 1.5
        out.append(case(name, "multi", one_by_one, x, truth))
    return out


def write(root: Path, seed: int) -> None:
    from files import Case, write_lines

    Case("stacking", {"kind": "stacking"}).write(root)
    write_lines(root / "stacking" / "cases.jsonl", cases(np.random.RandomState(seed)))
