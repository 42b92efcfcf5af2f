"""scikit-learn's TF-IDF of 1-2-grams and logistic regression, its C by the validation rows.

sklearn_peer.py SPEC.json OUT.json
"""

from __future__ import annotations

import pickle

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline

import figures
import measure
import thresholds

TOKENS = r"(?u)\b\w+\b|[!?]"
STRENGTHS = (1, 3, 10, 30, 100)
MANY_ROWS = 5_000  # from here on n-grams seen once are left out


class TfIdf:
    def train(self, spec: measure.Spec) -> None:
        rows, valid = spec.rows(spec.train), spec.rows(spec.valid)
        self.count = len(spec.labels)
        words = TfidfVectorizer(
            ngram_range=(1, 2),
            token_pattern=TOKENS,
            sublinear_tf=True,
            min_df=1 if len(rows.texts) <= MANY_ROWS else 2,
        )
        x, x_valid = words.fit_transform(rows.texts), words.transform(valid.texts)
        best = -1.0
        for strength in STRENGTHS:
            model = self.fitted(spec, x, rows.labels, strength)
            score = self.score(spec, model, x_valid, valid.labels)
            if score > best:
                best, self.strength, self.model = score, strength, model
        self.pipeline = make_pipeline(words, self.model)

    def fitted(self, spec: measure.Spec, x, labels: list[list[int]], strength: float):
        if not spec.several:
            return LogisticRegression(C=strength, max_iter=1_000).fit(x, [own[0] for own in labels])
        one = LogisticRegression(C=strength, solver="liblinear")
        return OneVsRestClassifier(one).fit(x, self.matrix(labels))

    def matrix(self, labels: list[list[int]]) -> np.ndarray:
        """(rows, labels) of 0 and 1."""
        result = np.zeros((len(labels), self.count), dtype=int)
        for row, own in enumerate(labels):
            result[row, own] = 1
        return result

    def score(self, spec: measure.Spec, model, x, labels: list[list[int]]) -> float:
        """Accuracy, or with several labels macro F1 at the thresholds of the greatest F1."""
        if not spec.several:
            return float(np.mean(model.predict(x) == [own[0] for own in labels]))
        p = model.predict_proba(x)
        answers = thresholds.answers(p, thresholds.chosen(labels, p))
        return figures.macro_f1(labels, answers, self.count, True)

    def save(self, spec: measure.Spec) -> None:
        spec.model.write_bytes(pickle.dumps(self.pipeline))

    def answer(self, texts: list[str]):
        several = isinstance(self.model, OneVsRestClassifier)
        return self.pipeline.predict_proba(texts) if several else self.pipeline.predict(texts)

    def settings(self) -> str:
        return f"TF-IDF of 1-2-grams, sublinear; C {self.strength} of {STRENGTHS}"


if __name__ == "__main__":
    measure.main(TfIdf())
