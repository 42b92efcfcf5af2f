"""Bags of words on the same rows: TF-IDF with logistic regression, and NB-SVM."""

from __future__ import annotations

from tempfile import TemporaryDirectory

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.svm import LinearSVC

TOKENS = r"(?u)\b\w+\b|[!?]"
FOLDS = 5


class NaiveBayesWeights(TransformerMixin, BaseEstimator):
    """Binary features times their log-count ratio (Wang and Manning 2012, alpha = 1)."""

    def fit(self, x: csr_matrix, y: np.ndarray) -> NaiveBayesWeights:
        first, second = np.unique(y)
        p = 1 + x[y == second].sum(axis=0)
        q = 1 + x[y == first].sum(axis=0)
        self.ratio_ = np.asarray(np.log((p / p.sum()) / (q / q.sum())))
        return self

    def transform(self, x: csr_matrix) -> csr_matrix:
        return x.multiply(self.ratio_).tocsr()


def models(rows: int, cache: str) -> dict[str, tuple[Pipeline, dict]]:
    """Pipelines and what is chosen by folds; bigrams seen once are left out of large sets."""
    words = {"ngram_range": (1, 2), "token_pattern": TOKENS, "min_df": 1 if rows <= 5_000 else 2}
    tfidf = TfidfVectorizer(sublinear_tf=True, **words)
    binary = CountVectorizer(binary=True, **words)
    return {
        "tfidf-lr": (
            make_pipeline(tfidf, LogisticRegression(solver="liblinear", max_iter=1000), memory=cache),
            {"logisticregression__C": [1, 10, 100]},
        ),
        "nb-svm": (
            make_pipeline(binary, NaiveBayesWeights(), LinearSVC(max_iter=5000), memory=cache),
            {"linearsvc__C": [0.001, 0.01, 0.1, 1]},
        ),
    }


def accuracies(train: list[dict], test: list[dict], seed: int) -> dict[str, float]:
    """Test accuracy of each, its strength C chosen by folds of the training rows."""
    texts, test_texts = ([row["text"].replace("<br />", " ") for row in x] for x in (train, test))
    labels, test_labels = (np.array([row["label"] for row in x]) for x in (train, test))
    results = {}
    with TemporaryDirectory() as cache:
        for name, (pipeline, grid) in models(len(train), cache).items():
            folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
            search = GridSearchCV(pipeline, grid, cv=folds).fit(texts, labels)
            results[name] = float(search.score(test_texts, test_labels))
            results[f"{name} C"] = float(next(iter(search.best_params_.values())))
    return results
