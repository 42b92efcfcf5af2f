"""The figures that ulmfit reports, as scikit-learn computes them."""

from __future__ import annotations

import numpy as np
from sklearn import metrics as sk


def single_figures(
    truth: np.ndarray, predicted: np.ndarray, probabilities: np.ndarray, labels: int
) -> dict[str, float]:
    """truth and predicted (rows), probabilities (rows, labels)."""
    return {
        "accuracy": float(sk.accuracy_score(truth, predicted)),
        "balancedAccuracy": float(sk.balanced_accuracy_score(truth, predicted)),
        "macroF1": float(sk.f1_score(truth, predicted, average="macro", zero_division=0)),
        "weightedF1": float(sk.f1_score(truth, predicted, average="weighted", zero_division=0)),
        "matthews": float(sk.matthews_corrcoef(truth, predicted)),
        "logLoss": float(sk.log_loss(truth, probabilities, labels=list(range(labels)))),
    }


def multi_figures(
    truth: np.ndarray, predicted: np.ndarray, probabilities: np.ndarray
) -> dict[str, float]:
    """All (rows, labels); truth and predicted of 0 and 1."""
    # a single column would be read as classes 0 and 1, not as labels
    columns = list(range(truth.shape[1]))
    if len(columns) == 1:
        truth, predicted = (np.column_stack([a, np.zeros_like(a)]) for a in (truth, predicted))
        probabilities = np.column_stack([probabilities, np.zeros_like(probabilities)])
    figures = {"subsetAccuracy": float(sk.accuracy_score(truth, predicted))}
    averages = ("micro", "macro", "weighted", "samples")
    for name, score in (
        ("F1", sk.f1_score),
        ("Precision", sk.precision_score),
        ("Recall", sk.recall_score),
    ):
        for average in averages:
            figures[average + name] = float(
                score(truth, predicted, labels=columns, average=average, zero_division=0)
            )
    own = slice(0, len(columns))
    precisions = sk.average_precision_score(truth, probabilities, average=None)
    figures["meanAveragePrecision"] = float(np.mean(precisions[own]))
    figures["microAveragePrecision"] = float(
        sk.average_precision_score(truth[:, own].ravel(), probabilities[:, own].ravel())
    )
    figures["hammingLoss"] = float(sk.hamming_loss(truth, predicted)) * truth.shape[1] / len(columns)
    return figures


def label_figures(
    truth: np.ndarray, predicted: np.ndarray, probabilities: np.ndarray
) -> list[dict[str, float]]:
    """A row for each label."""
    rows = []
    for label in range(truth.shape[1]):
        t, p = truth[:, label], predicted[:, label]
        rows.append(
            {
                "precision": float(sk.precision_score(t, p, zero_division=0)),
                "recall": float(sk.recall_score(t, p, zero_division=0)),
                "f1": float(sk.f1_score(t, p, zero_division=0)),
                "averagePrecision": float(sk.average_precision_score(t, probabilities[:, label])),
                "rows": int(t.sum()),
                "predicted": int(p.sum()),
            }
        )
    return rows
