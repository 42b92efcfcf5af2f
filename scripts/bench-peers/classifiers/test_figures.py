"""figures.py against scikit-learn's and SciPy's numbers (src/test/resources/parity/compare).

python3 test_figures.py
"""

from __future__ import annotations

import json
import unittest
from pathlib import Path

import figures
import report

CASES = Path(__file__).resolve().parents[3] / "src/test/resources/parity/compare/cases.jsonl"


def cases(kind: str) -> list[dict]:
    with CASES.open(encoding="utf-8") as lines:
        return [case for case in map(json.loads, lines) if case["kind"] == kind]


class FiguresTest(unittest.TestCase):
    def test_macro_f1_is_scikit_learns(self) -> None:
        given = cases("macroF1")
        self.assertGreaterEqual(len(given), 3)
        for case in given:
            with self.subTest(case["name"]):
                several = case["labelling"] == "multi"
                value = figures.macro_f1(case["truth"], case["predicted"], case["labels"], several)
                self.assertAlmostEqual(case["value"], value, delta=1e-12)

    def test_wilsons_interval_is_scipys(self) -> None:
        given = cases("wilson")
        self.assertGreaterEqual(len(given), 5)
        for case in given:
            with self.subTest(f"{case['hits']} of {case['trials']}"):
                for expected, value in zip(
                    case["interval"], figures.wilson(case["hits"], case["trials"]), strict=True
                ):
                    self.assertAlmostEqual(expected, value, delta=1e-12)

    def test_several_labels(self) -> None:
        truth, answers = [[0, 2], [], [1]], [[2, 0], [1], []]
        own = figures.of(truth, answers, 4, several=True)
        self.assertAlmostEqual(1 / 3, own["accuracy"])  # any order, all of them
        self.assertAlmostEqual(
            2 / 4, own["macroF1"]
        )  # two of four labels are right, one is nowhere
        self.assertAlmostEqual(2 * 2 / 6, own["microF1"])

    def test_a_label_that_is_nowhere_counts_only_among_several(self) -> None:
        truth, answers = [[0], [1]], [[0], [1]]
        self.assertEqual(
            {"accuracy": 1.0, "macroF1": 1.0}, figures.of(truth, answers, 3, several=False)
        )

    def test_rows_must_be_as_many(self) -> None:
        with self.assertRaises(ValueError):
            figures.accuracy([[0], [1]], [[0]])


class ReportTest(unittest.TestCase):
    def run_of(self, name: str, seed: int, accuracy: float) -> dict:
        return {
            "name": name,
            "labels": "all",
            "seed": seed,
            "testRows": 20,
            "trainingRows": 1234,
            "accuracy": accuracy,
            "macroF1": 0.5,
            "trainingSeconds": 61.0,
            "peakBytes": None,
            "modelBytes": 5_500_000,
            "textsPerSecond": 1e4,
        }

    def test_one_seed_has_an_interval(self) -> None:
        lines = report.markdown(
            [self.run_of("a", 1, 0.8), self.run_of("b", 1, 0.85)], ["note"], False
        ).splitlines()
        self.assertEqual(
            "| b | 1,234 | 85.0% | 64.0-94.8 | 50.0% | 1:01 | - | 5.5 MB | 10,000 |", lines[2]
        )
        self.assertTrue(lines[3].startswith("| a |"))
        self.assertEqual("- note", lines[-1])

    def test_seeds_have_a_deviation(self) -> None:
        lines = report.markdown(
            [self.run_of("a", 1, 0.8), self.run_of("a", 2, 0.9)], [], False
        ).splitlines()
        self.assertIn("| a | 1,234 | 85.0% ± 7.1 | 50.0% ± 0.0 |", lines[2])

    def test_missing_seeds_are_told(self) -> None:
        runs = [self.run_of("a", 1, 0.8), self.run_of("a", 2, 0.9), self.run_of("b", 1, 0.8)]
        lines = report.markdown(runs, [], False).splitlines()
        self.assertIn("| b (1 of 2 seeds) | 1,234 | 80.0% | 50.0% |", lines[3])

    def test_sizes(self) -> None:
        sizes = [report.size(n) for n in (0, 999, 1_000, 9_960_000, 123_456_789, 2_500_000_000)]
        self.assertEqual(["0 B", "999 B", "1 kB", "10.0 MB", "123 MB", "2.5 GB"], sizes)


if __name__ == "__main__":
    unittest.main()
