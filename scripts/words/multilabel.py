"""A bag of words on rows of several labels: TF-IDF of 1-2-grams, a logistic regression for each label.

    multilabel.py TRAIN.tsv VALID.tsv TEST.tsv [--weights balanced] [--c 1 3 10 30]

Rows are text<TAB>indices<TAB>id, the indices separated by commas (GoEmotions as it is published). The
strength C is the one of the highest macro F1 on the validation rows; thresholds are chosen on the same
rows as ulmfit chooses them: for each label the greatest F1, one threshold for all labels of fewer than
10 rows. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import csv
import json
import time

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, f1_score, precision_recall_curve
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import MultiLabelBinarizer

TOKENS = r"(?u)\b\w+\b|[!?]"
FEWEST = 10


def rows(path: str) -> tuple[list[str], list[list[int]]]:
    with open(path, encoding="utf-8", newline="") as file:
        cells = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [c[0] for c in cells], [[int(i) for i in c[1].split(",")] for c in cells]


def best(truth: np.ndarray, p: np.ndarray) -> float:
    precision, recall, thresholds = precision_recall_curve(truth, p)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    return float(thresholds[np.argmax(f1[:-1])]) if truth.any() else 0.5


def choose(truth: np.ndarray, p: np.ndarray) -> np.ndarray:
    few = truth.sum(axis=0) < FEWEST
    shared = best(truth[:, few].ravel(), p[:, few].ravel()) if few.any() else 0.5
    return np.array([shared if few[k] else best(truth[:, k], p[:, k]) for k in range(p.shape[1])])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs=3)
    parser.add_argument("--weights", choices=["none", "balanced"], default="none")
    parser.add_argument("--c", type=float, nargs="+", default=[1, 3, 10, 30])
    args = parser.parse_args()
    started = time.time()
    (texts, labels), (valid_texts, valid_labels), (test_texts, test_labels) = map(rows, args.files)
    binarizer = MultiLabelBinarizer().fit(labels + valid_labels + test_labels)
    y, valid, test = map(binarizer.transform, (labels, valid_labels, test_labels))
    words = TfidfVectorizer(ngram_range=(1, 2), token_pattern=TOKENS, min_df=2, sublinear_tf=True)
    x, x_valid, x_test = words.fit_transform(texts), words.transform(valid_texts), words.transform(test_texts)
    chosen: tuple = (-1.0,)
    for c in args.c:
        one = LogisticRegression(
            C=c, solver="liblinear", class_weight=None if args.weights == "none" else args.weights
        )
        model = OneVsRestClassifier(one).fit(x, y)
        p = model.predict_proba(x_valid)
        thresholds = choose(valid, p)
        macro = f1_score(valid, p >= thresholds, average="macro", zero_division=0)
        if macro > chosen[0]:
            chosen = (macro, c, model, thresholds)
    _, c, model, thresholds = chosen
    p = model.predict_proba(x_test)
    answers = p >= thresholds
    print(
        json.dumps(
            {
                "C": c,
                "weights": args.weights,
                "features": x.shape[1],
                "macroF1": f1_score(test, answers, average="macro", zero_division=0),
                "microF1": f1_score(test, answers, average="micro", zero_division=0),
                "meanAveragePrecision": average_precision_score(test, p, average="macro"),
                "macroF1AtOneHalf": f1_score(test, p >= 0.5, average="macro", zero_division=0),
                "seconds": round(time.time() - started, 1),
            }
        )
    )


if __name__ == "__main__":
    main()
