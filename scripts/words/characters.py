"""NB-SVM on character n-grams (1 to 5), for languages without blanks between words.

    characters.py TRAIN.csv TEST.csv [--text review] [--label label] [--longest 2 3 5]

Binary features times their naive-Bayes log-count ratio (Wang and Manning 2012), linear SVM; lengths of
the n-grams and strength C by five folds of the training rows. Two labels. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics import f1_score
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "curve"))
from baselines import NaiveBayesWeights


def rows(path: str, text: str, label: str) -> tuple[list[str], np.ndarray]:
    with open(path, encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    return [row[text] for row in table], np.array([row[label] for row in table])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("train")
    parser.add_argument("test")
    parser.add_argument("--text", default="review")
    parser.add_argument("--label", default="label")
    parser.add_argument("--longest", type=int, nargs="+", default=[2, 3, 5])
    parser.add_argument("--seed", type=int, default=42)
    args = parser.parse_args()
    started = time.time()
    texts, labels = rows(args.train, args.text, args.label)
    test_texts, test_labels = rows(args.test, args.text, args.label)
    search = GridSearchCV(
        make_pipeline(
            CountVectorizer(binary=True, analyzer="char"), NaiveBayesWeights(), LinearSVC(max_iter=5000)
        ),
        {
            "countvectorizer__ngram_range": [(1, n) for n in args.longest],
            "linearsvc__C": [0.001, 0.003, 0.01, 0.03, 0.1],
        },
        cv=StratifiedKFold(5, shuffle=True, random_state=args.seed),
    ).fit(texts, labels)
    answers = search.predict(test_texts)
    print(
        json.dumps(
            {
                "chosen": {k.split("__")[1]: v for k, v in search.best_params_.items()},
                "accuracy": float(np.mean(answers == test_labels)),
                "macroF1": f1_score(test_labels, answers, average="macro"),
                "train": len(texts),
                "test": len(test_texts),
                "seconds": round(time.time() - started, 1),
            }
        )
    )


if __name__ == "__main__":
    main()
