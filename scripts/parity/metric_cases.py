"""Figures of scikit-learn on small sets of answers, for one label a row and for several."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
from sklearn import metrics as sk

from sklearn_figures import label_figures, multi_figures, single_figures

# what the answers are like: (name, rows, labels, share of pairs that have a label)
MULTI = [
    ("random", 40, 6, 0.3),
    ("random, more labels than rows", 8, 20, 0.1),
    ("dense", 25, 4, 0.8),
    ("one label", 20, 1, 0.4),
]


def indices(row: np.ndarray) -> list[int]:
    return np.flatnonzero(row).tolist()


def best_f1(truth: np.ndarray, scores: np.ndarray) -> float:
    """The greatest F1 on the precision-recall curve; 0 without positives."""
    if not truth.any():
        return 0.0
    precision, recall, _ = sk.precision_recall_curve(truth, scores)
    return float(np.max(2 * precision * recall / np.maximum(precision + recall, 1e-300)))


def multi(name: str, truth: np.ndarray, scores: np.ndarray, predicted: np.ndarray) -> dict[str, Any]:
    truth, predicted = truth.astype(int), predicted.astype(int)
    printed = np.round(scores, 6)
    scores = printed.astype(np.float32).astype(np.float64)  # what ulmfit reads
    few = truth.sum(axis=0) < 10
    return {
        "name": name,
        "labelling": "multi",
        "labels": truth.shape[1],
        "truth": [indices(row) for row in truth],
        "predicted": [indices(row) for row in predicted],
        "probabilities": printed.tolist(),
        "figures": multi_figures(truth, predicted, scores),
        "perLabel": label_figures(truth, predicted, scores),
        "bestF1": [best_f1(truth[:, label], scores[:, label]) for label in range(len(few))],
        "bestF1OfFew": best_f1(truth[:, few].ravel(), scores[:, few].ravel()),
    }


def multis(random: np.random.RandomState) -> list[dict[str, Any]]:
    cases = []
    for name, rows, labels, share in MULTI:
        for digits in (1, 6):  # one digit: many ties
            truth = random.rand(rows, labels) < share
            scores = np.round(0.6 * random.rand(rows, labels) + 0.4 * truth * random.rand(rows, labels), digits)
            tied = ", ties" if digits == 1 else ""
            cases.append(multi(name + tied, truth, scores, scores >= 0.5))
    truth = random.rand(200, 5) < np.array([0.5, 0.2, 0.1, 0.03, 0.02])
    scores = 1 / (1 + np.exp(-(3 * truth - 2 + random.randn(200, 5))))
    cases.append(multi("frequent and rare", truth, scores, scores >= 0.5))
    truth = random.rand(30, 5) < 0.3
    scores = random.rand(30, 5)
    untested = truth.copy()
    untested[:, [1, 3]] = False
    answers = scores >= 0.5
    answers[:, 3] = False
    cases.append(multi("labels without rows, answered and never answered", untested, scores, answers))
    silent = scores >= 0.5
    silent[:, 2] = False
    cases.append(multi("a label never answered", truth, scores, silent))
    none = truth.copy()
    none[:12] = False
    sparse = scores >= 0.8
    sparse[6:20] = False
    cases.append(multi("rows with none, in truth and answer", none, scores, sparse))
    cases.append(multi("all right", truth, np.where(truth, 0.9, 0.1), truth))
    cases.append(multi("all wrong", truth, np.where(truth, 0.1, 0.9), ~truth))
    cases.append(multi("no row has a label", np.zeros((6, 3)), scores[:6, :3], scores[:6, :3] >= 0.5))
    cases.append(multi("nothing answered", truth, scores, np.zeros_like(truth)))
    cases.append(multi("all probabilities equal", truth, np.full((30, 5), 0.5), np.ones_like(truth)))
    cases.append(multi("probabilities 0 and 1", truth, (scores >= 0.4).astype(float), scores >= 0.4))
    return cases


def single(name: str, labels: int, truth: np.ndarray, logits: np.ndarray) -> dict[str, Any]:
    printed = np.round(logits, 4)
    logits = printed.astype(np.float32)  # what ulmfit reads
    predicted = logits.argmax(axis=1)
    return {
        "name": name,
        "labelling": "single",
        "labels": labels,
        "truth": [[int(t)] for t in truth],
        "predicted": [[int(p)] for p in predicted],
        "logits": printed.tolist(),
        "figures": single_figures(truth, predicted, softmax(logits), labels),
    }


def softmax(logits: np.ndarray) -> np.ndarray:
    e = np.exp(logits.astype(np.float64) - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def singles(random: np.random.RandomState) -> list[dict[str, Any]]:
    cases = []
    for name, rows, labels in (("two classes", 30, 2), ("five classes", 60, 5), ("one row", 1, 3)):
        truth = random.randint(labels, size=rows)
        logits = random.randn(rows, labels) + 1.5 * np.eye(labels)[truth]
        cases.append(single(name, labels, truth, logits))
    uneven = (random.rand(80) < 0.05).astype(int)
    cases.append(single("uneven", 2, uneven, random.randn(80, 2) + [[1.5, 0]]))
    truth = random.choice([0, 2, 4], size=40)
    logits = random.randn(40, 6)
    cases.append(single("classes absent from the truth", 6, truth, logits))
    logits[:, [1, 5]] = -9
    cases.append(single("classes absent from truth and answer", 6, truth, logits))
    logits[:, 2] = -9
    cases.append(single("a class never answered", 6, truth, logits))
    cases.append(single("one class answered", 6, truth, np.tile([0, 0, 3, 0, 0, 0], (40, 1))))
    cases.append(single("one class in the truth", 3, np.ones(10, int), random.randn(10, 3)))
    cases.append(single("all right", 6, truth, 5 * np.eye(6)[truth]))
    cases.append(single("all wrong", 6, truth, 5 * np.eye(6)[(truth + 1) % 6]))
    cases.append(single("nothing but one class", 2, np.zeros(4, int), np.tile([2, 1], (4, 1))))
    return cases


def write(root: Path, seed: int) -> None:
    from files import Case, write_lines

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what is not defined and taken for 0
        random = np.random.RandomState(seed)
        cases = multis(random) + singles(random)
    Case("metrics", {"kind": "metrics"}).write(root)
    write_lines(root / "metrics" / "cases.jsonl", cases)
