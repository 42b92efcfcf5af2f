"""What scikit-learn makes of small sets of documents: n-grams, their weights, and linear models of them.

A column is an n-gram of token ids; ulmfit has them by length, then by ids. Models are fitted until
nothing changes any more. In all of them the intercept is penalised, as LIBLINEAR does it: softmax
regression gets a column of ones for it.
"""

from __future__ import annotations

import warnings
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.feature_selection import f_classif
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.naive_bayes import MultinomialNB
from sklearn.svm import LinearSVC

MARK = 5  # the id that no n-gram contains
Fitted = tuple[np.ndarray, np.ndarray]  # (outputs, columns), (outputs)


def documents(random: np.random.RandomState, rows: int, ids: int, length: int, skew: float) -> list[list[int]]:
    """Ids from 1 on, the first ones most frequent."""
    chances = 1 / np.arange(1, ids + 1) ** skew
    draw = lambda n: (1 + random.choice(ids, size=n, p=chances / chances.sum())).tolist()
    return [draw(random.randint(length + 1)) for _ in range(rows)]


def vectorizer(shortest: int, longest: int, minimum: int) -> CountVectorizer:
    """Of documents as ids; the n-grams are scikit-learn's own, those of the runs between two marks."""
    ngrams = CountVectorizer(token_pattern=r"\S+", ngram_range=(shortest, longest)).build_analyzer()

    def analyzer(document: list[int]) -> list[str]:
        runs = [list(run) for mark, run in groupby(document, lambda id: id == MARK) if not mark]
        return [g for run in runs for g in ngrams(" ".join(map(str, run)))]

    return CountVectorizer(analyzer=analyzer, min_df=minimum)


def counted(docs: list[list[int]], shortest: int, longest: int, minimum: int) -> tuple[list[list[int]], np.ndarray]:
    """n-grams as ids, and (documents, n-grams)."""
    found = vectorizer(shortest, longest, minimum)
    counts = found.fit_transform(docs).toarray()
    ngrams = [[int(id) for id in name.split()] for name in found.get_feature_names_out()]
    order = sorted(range(len(ngrams)), key=lambda c: (len(ngrams[c]), ngrams[c]))
    return [ngrams[c] for c in order], counts[:, order]


def ratio(counts: np.ndarray, positive: np.ndarray) -> np.ndarray:
    logs = MultinomialNB(alpha=1.0).fit(counts > 0, positive).feature_log_prob_
    return logs[1] - logs[0]


def ngram_case(name: str, docs: list[list[int]], shortest: int, longest: int, minimum: int) -> dict[str, Any]:
    ngrams, counts = counted(docs, shortest, longest, minimum)
    positive = np.arange(len(docs)) % 3 == 0
    tfidf = lambda sublinear: TfidfTransformer(sublinear_tf=sublinear).fit_transform(counts).toarray().tolist()
    return {
        "what": "ngrams",
        "name": name,
        "documents": docs,
        "shortest": shortest,
        "longest": longest,
        "minimum": minimum,
        "ngrams": ngrams,
        "counts": counts.tolist(),
        "tfIdf": tfidf(False),
        "sublinear": tfidf(True),
        "positive": positive.tolist(),
        "ratio": ratio(counts, positive).tolist(),
    }


def hinge(x: np.ndarray, positive: np.ndarray, c: float, weights: Any = None) -> Fitted:
    svm = LinearSVC(
        C=c, loss="squared_hinge", dual=True, tol=1e-9, max_iter=10**7, class_weight=weights, random_state=0
    )
    svm.fit(x, positive)
    return svm.coef_, svm.intercept_


def logistic(x: np.ndarray, positive: np.ndarray, c: float, weights: Any = None) -> Fitted:
    model = LogisticRegression(
        C=c, solver="liblinear", tol=1e-10, max_iter=10**6, class_weight=weights, random_state=0
    )
    model.fit(x, positive)
    return model.coef_, model.intercept_


def softmax(x: np.ndarray, labels: np.ndarray, c: float, weights: Any = None) -> Fitted:
    ones = np.hstack([x, np.ones((len(x), 1))])
    model = LogisticRegression(
        C=c, solver="newton-cg", fit_intercept=False, tol=1e-10, max_iter=10**5, class_weight=weights
    )
    model.fit(ones, labels)
    return model.coef_[:, :-1], model.coef_[:, -1]


def each(fit: Any, x: np.ndarray, truth: np.ndarray, c: float, weights: Any = None) -> Fitted:
    """A model for each column of truth (rows, labels), the rows that have it weighted."""
    own = lambda k: {1: weights[k], 0: 1.0} if weights else None
    fitted = [fit(x, truth[:, k], c, own(k)) for k in range(truth.shape[1])]
    return np.vstack([f[0] for f in fitted]), np.concatenate([f[1] for f in fitted])


def solver_cases(random: np.random.RandomState) -> list[dict[str, Any]]:
    cases = []

    def case(
        name: str, labelling: str, classes: int, truth: np.ndarray, x: np.ndarray, c: float, weights: Any, **by: Fitted
    ) -> None:
        rows = [np.flatnonzero(t).tolist() for t in truth] if truth.ndim == 2 else [[int(t)] for t in truth]
        fitted = {how: {"weights": w.tolist(), "intercepts": b.tolist()} for how, (w, b) in by.items()}
        facts = {"what": "solver", "name": name, "labelling": labelling, "classes": classes}
        data = {"truth": rows, "x": x.tolist(), "strength": c, "weights": weights, **fitted}
        cases.append({**facts, **data})

    def matrix(rows: int, columns: int, signal: np.ndarray) -> np.ndarray:
        x = random.rand(rows, columns) * (random.rand(rows, columns) < 0.4)
        x[:, : signal.shape[1]] *= 1 + signal
        return np.round(x, 3).astype(np.float32).astype(np.float64)

    for c in (0.05, 1.0, 20.0):
        for weights in (None, [1.0, 2.5]):
            truth = random.randint(2, size=40)
            x = matrix(40, 15, np.eye(2)[truth])
            own = dict(enumerate(weights)) if weights else None
            by = {"hinge": hinge(x, truth, c, own), "logistic": logistic(x, truth, c, own)}
            case(f"two classes, C {c}, weights {weights}", "single", 2, truth, x, c, weights, **by)
    for weights in (None, [0.5, 2.0, 1.0, 3.0]):
        truth = random.randint(4, size=60)
        x = matrix(60, 12, np.eye(4)[truth])
        own = dict(enumerate(weights)) if weights else None
        by = {"hinge": hinge(x, truth, 2.0, own), "softmax": softmax(x, truth, 2.0, own)}
        case(f"four classes, weights {weights}", "single", 4, truth, x, 2.0, weights, **by)
        several = random.rand(60, 4) < 0.3
        x = matrix(60, 12, several)
        by = {"hinge": each(hinge, x, several, 2.0, weights), "logistic": each(logistic, x, several, 2.0, weights)}
        case(f"four labels, weights {weights}", "multi", 4, several, x, 2.0, weights, **by)
    truth = np.arange(30) // 15
    x = np.round(np.eye(2)[truth] * (1 + random.rand(30, 1)), 3).astype(np.float32).astype(np.float64)
    by = {"hinge": hinge(x, truth, 100.0), "logistic": logistic(x, truth, 100.0)}
    case("never wrong, great C", "single", 2, truth, x, 100.0, None, **by)
    return cases


def learner_cases(random: np.random.RandomState) -> list[dict[str, Any]]:
    """From counts to the weights of whole models."""
    cases = []
    for classes in (2, 3):
        docs = documents(random, 60, 12, 14, 0.7)
        truth = np.array([int(d.count(3) > d.count(2)) + int(classes == 3 and d.count(4) > 0) for d in docs])
        _, counts = counted(docs, 1, 2, 2)
        tfidf = TfidfTransformer(sublinear_tf=True).fit_transform(counts).toarray()
        plain = TfidfTransformer().fit_transform(counts).toarray()
        regression = (logistic if classes == 2 else softmax)(tfidf, truth, 3.0)
        weights, intercepts = [], []
        for k in range(1, 2) if classes == 2 else range(classes):
            r = ratio(counts, truth == k)
            w, b = hinge((counts > 0) * r, truth == k, 0.1)
            weights.append((r * (0.25 * w[0] + 0.75 * np.abs(w[0]).mean())).tolist())
            intercepts.append(float(b[0]))
        cases.append(
            {
                "what": "learner",
                "name": f"{classes} classes",
                "classes": classes,
                "documents": docs,
                "truth": [[int(t)] for t in truth],
                "regression": {"weights": regression[0].tolist(), "intercepts": regression[1].tolist()},
                "anovaF": np.nan_to_num(f_classif(plain, truth)[0]).tolist(),
                "naiveBayesSvm": {"weights": weights, "intercepts": intercepts},
            }
        )
    return cases


def platt_cases(random: np.random.RandomState) -> list[dict[str, Any]]:
    """CalibratedClassifierCV on a classifier that is there already and answers with one column."""
    cases = []
    for name, rows, skill, share in (("fair", 80, 1.0, 0.5), ("rare", 200, 1.5, 0.05), ("certain", 30, 9.0, 0.5)):
        positive = random.rand(rows) < share
        margins = np.round(random.randn(rows) + skill * (2 * positive - 1), 4)
        model = LinearSVC(random_state=0).fit(margins[:, None], positive)
        model.coef_, model.intercept_ = np.ones((1, 1)), np.zeros(1)
        calibrated = CalibratedClassifierCV(FrozenEstimator(model), method="sigmoid").fit(margins[:, None], positive)
        cases.append(
            {
                "what": "platt",
                "name": name,
                "margins": margins.tolist(),
                "positive": positive.tolist(),
                "probabilities": calibrated.predict_proba(margins[:, None])[:, 1].tolist(),
            }
        )
    return cases


def figure_cases(random: np.random.RandomState) -> list[dict[str, Any]]:
    cases = []
    for labelling, classes in (("single", 2), ("single", 4), ("multi", 4)):
        margins = np.round(random.randn(30, 1 if (labelling, classes) == ("single", 2) else classes), 3)
        if labelling == "multi":
            truth, answers = random.rand(30, classes) < 0.4, margins > 0
            truth[:, 2] = False
            rows = [np.flatnonzero(t).tolist() for t in truth]
        else:
            truth = random.randint(classes, size=30)
            answers = margins.argmax(axis=1) if classes > 2 else (margins[:, 0] > 0).astype(int)
            rows = [[int(t)] for t in truth]
        f1 = lambda mean: f1_score(truth, answers, average=mean, zero_division=0)
        cases.append(
            {
                "what": "figures",
                "name": f"{labelling}, {classes}",
                "labelling": labelling,
                "classes": classes,
                "truth": rows,
                "margins": margins.tolist(),
                "figures": {
                    "ACCURACY": accuracy_score(truth, answers),
                    "MACRO_F1": f1("macro"),
                    "MICRO_F1": f1("micro"),
                },
            }
        )
    return cases


def cases(random: np.random.RandomState) -> list[dict[str, Any]]:
    docs = documents(random, 25, 9, 20, 0.8)
    long = documents(random, 12, 4, 40, 0.5)
    return [
        ngram_case("words, 1 to 2", docs, 1, 2, 2),
        ngram_case("all words", docs, 1, 1, 1),
        ngram_case("three alone", docs, 3, 3, 2),
        ngram_case("characters, 2 to 5", long, 2, 5, 3),
        ngram_case("up to eight", long[:6], 7, 8, 1),
        *solver_cases(random),
        *learner_cases(random),
        *platt_cases(random),
        *figure_cases(random),
    ]


def write(root: Path, seed: int) -> None:
    from files import Case, write_lines

    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a model that did not settle is no measure
        made = cases(np.random.RandomState(seed))
    Case("ngram", {"kind": "ngram"}).write(root)
    write_lines(root / "ngram" / "cases.jsonl", made)
