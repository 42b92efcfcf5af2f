"""Splits a table with a label column into train.csv and test.csv, each label's share the same in both.

    split.py TABLE.csv OUT [--label label] [--test 0.1] [--seed 42]
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

from sklearn.model_selection import train_test_split


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("table")
    parser.add_argument("out", type=Path)
    parser.add_argument("--label", default="label")
    parser.add_argument("--test", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=42)
    args = parser.parse_args()
    with open(args.table, encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    labels = [row[header.index(args.label)] for row in rows]
    parts = train_test_split(rows, test_size=args.test, stratify=labels, random_state=args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    for name, part in zip(("train", "test"), parts):
        with open(args.out / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *part])
        print(f"{name}: {len(part)} rows")


if __name__ == "__main__":
    main()
