"""IMDb's tarball as JSON lines: subsets of the labels, validation rows, test rows."""

from __future__ import annotations

import json
import random
import re
import tarfile
from collections.abc import Callable
from pathlib import Path

MEMBER = re.compile(r"^[^/]+/(train|test)/(neg|pos)/([^/]+\.txt)$")
TEST_ROWS = 5_000
VALID_ROWS = 3_000
FIXED_SEED = 0

Row = dict[str, str]


def read(tarball: Path) -> dict[str, list[Row]]:
    """Labelled rows by split, sorted by file name."""
    splits: dict[str, list[Row]] = {"train": [], "test": []}
    with tarfile.open(tarball) as tar:
        for member in tar:
            if place := MEMBER.match(member.name):
                split, label, name = place.groups()
                text = tar.extractfile(member).read().decode("utf-8")
                splits[split].append({"id": f"{label}/{name}", "label": label, "text": text})
    for rows in splits.values():
        rows.sort(key=lambda row: row["id"])
    return splits


def stratified(rows: list[Row], n: int, seed: int) -> list[Row]:
    """n rows, as many of each label, in shuffled order."""
    generator = random.Random(seed)
    labels = sorted({row["label"] for row in rows})
    chosen: list[Row] = []
    for label in labels:
        of_label = [row for row in rows if row["label"] == label]
        chosen += generator.sample(of_label, n // len(labels))
    generator.shuffle(chosen)
    return chosen


def write(path: Path, rows: list[Row]) -> None:
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    part.rename(path)


def load(path: Path) -> list[Row]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def make(
    tarball: Path, folder: Path, files: dict[str, Callable[[dict[str, list[Row]]], list[Row]]]
) -> None:
    """Writes NAME.jsonl, the rows a function takes from the splits, unless all are there."""
    if all((folder / f"{name}.jsonl").exists() for name in files):
        return
    folder.mkdir(parents=True, exist_ok=True)
    splits = read(tarball)
    for name, rows in files.items():
        write(folder / f"{name}.jsonl", rows(splits))


def prepare(tarball: Path, folder: Path, sizes: list[int], seeds: list[int]) -> None:
    """train-N-SEED, train-all, test (stratified) and test-all."""
    subsets = {
        f"train-{n}-{seed}": lambda splits, n=n, seed=seed: stratified(splits["train"], n, seed)
        for n in sizes
        for seed in seeds
    }
    make(tarball, folder, {
        **subsets,
        "train-all": lambda splits: splits["train"],
        "test": lambda splits: stratified(splits["test"], TEST_ROWS, FIXED_SEED),
        "test-all": lambda splits: splits["test"],
    })


def prepare_choice(tarball: Path, folder: Path, sizes: list[int]) -> None:
    """valid, rows of the training split, and choose-N, other rows of it."""

    def valid(splits: dict[str, list[Row]]) -> list[Row]:
        return stratified(splits["train"], VALID_ROWS, FIXED_SEED)

    def chosen(splits: dict[str, list[Row]], n: int) -> list[Row]:
        held = {row["id"] for row in valid(splits)}
        return stratified([r for r in splits["train"] if r["id"] not in held], n, FIXED_SEED)

    subsets = {f"choose-{n}": lambda splits, n=n: chosen(splits, n) for n in sizes}
    make(tarball, folder, {"valid": valid, **subsets})
