"""Computes the figures of an evaluation again with scikit-learn.

    ulmfit evaluate MODEL CORPUS --json --predictions ROWS.jsonl > FIGURES.json
    python metrics.py ROWS.jsonl [FIGURES.json]

Prints every figure, with FIGURES.json also ulmfit's and the difference, those of labels too; exit 1 if one
differs by more than 1e-9. A log loss is compared to 1e-6: the rows hold probabilities as float32, the
figure comes from logits. A row has one label if all have, in truth and answer, unless FIGURES.json says otherwise.
"""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from sklearn_figures import label_figures, multi_figures, single_figures

TOLERANCE = {"logLoss": 1e-6, "loss": 1e-6}


def matrix(rows: list[dict[str, Any]], key: str, labels: list[str]) -> np.ndarray:
    """(rows, labels) of 0 and 1."""
    at = {label: i for i, label in enumerate(labels)}
    result = np.zeros((len(rows), len(labels)), dtype=int)
    for r, row in enumerate(rows):
        for label in row[key]:
            result[r, at[label]] = 1
    return result


def binary_cross_entropy(truth: np.ndarray, probabilities: np.ndarray) -> float:
    p = np.clip(np.where(truth == 1, probabilities, 1 - probabilities), 1e-45, 1)
    return float(-np.log(p).mean())


def compare(name: str, theirs: float, ours: float | None) -> bool:
    """Whether ulmfit's agrees; null where there is nothing to divide by, which is 0 here."""
    difference = abs(theirs - (ours or 0.0))
    within = difference <= TOLERANCE.get(name, 1e-9)
    print(f"{name:40s} {theirs:.12f} {ours or 0.0:.12f} {difference:.1e}{'' if within else ' DIFFERS'}")
    return within


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("rows")
    parser.add_argument("figures", nargs="?")
    args = parser.parse_args()
    warnings.filterwarnings("ignore")  # of what is not defined and taken for 0
    with open(args.rows, encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    ours = json.loads(Path(args.figures).read_text("utf-8")) if args.figures else None
    labels = list(rows[0]["probabilities"])
    truth, predicted = matrix(rows, "truth", labels), matrix(rows, "predicted", labels)
    # as float32, as ulmfit ranks them
    scores = np.array([[row["probabilities"][label] for label in labels] for row in rows], np.float32)
    scores = scores.astype(np.float64)
    single = bool((truth.sum(axis=1) == 1).all() and (predicted.sum(axis=1) == 1).all())
    if ours is not None:
        single = ours["labelling"] == "single"
    if single:
        normed = scores / scores.sum(axis=1, keepdims=True)
        theirs = single_figures(truth.argmax(axis=1), predicted.argmax(axis=1), normed, len(labels))
    else:
        theirs = multi_figures(truth, predicted, scores)
        theirs["loss"] = binary_cross_entropy(truth, scores)
    if ours is None:
        print(json.dumps(theirs, indent=1))
        return 0
    within = [compare("rows", len(rows), ours["rows"])]
    within += [compare(name, value, ours[name]) for name, value in theirs.items()]
    for own, row in zip(label_figures(truth, predicted, scores), ours["classes"], strict=True):
        if single:
            del own["averagePrecision"]
        within += [compare(f"{name} of {row['label']}"[:40], v, row[name]) for name, v in own.items()]
    print(f"{len(within)} figures, {within.count(False)} differ")
    return 0 if all(within) else 1


if __name__ == "__main__":
    sys.exit(main())
