"""IMDb's tarball as JSON lines: subsets of the labels, validation rows, test rows."""

from __future__ import annotations

import json
import random
import re
import tarfile
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


def prepare(tarball: Path, folder: Path, sizes: list[int], seeds: list[int]) -> None:
    """Writes train-N-S.jsonl, train-all, test (stratified) and test-all, unless they are there."""
    wanted = {f"train-{n}-{seed}": (n, seed) for n in sizes for seed in seeds}
    names = [*wanted, "train-all", "test", "test-all"]
    if all((folder / f"{name}.jsonl").exists() for name in names):
        return
    folder.mkdir(parents=True, exist_ok=True)
    splits = read(tarball)
    for name, (n, seed) in wanted.items():
        write(folder / f"{name}.jsonl", stratified(splits["train"], n, seed))
    write(folder / "train-all.jsonl", splits["train"])
    write(folder / "test.jsonl", stratified(splits["test"], TEST_ROWS, FIXED_SEED))
    write(folder / "test-all.jsonl", splits["test"])


def prepare_choice(tarball: Path, folder: Path, sizes: list[int]) -> None:
    """Writes valid.jsonl, rows of the training split, and choose-N.jsonl, other rows of it."""
    names = ["valid", *(f"choose-{n}" for n in sizes)]
    if all((folder / f"{name}.jsonl").exists() for name in names):
        return
    folder.mkdir(parents=True, exist_ok=True)
    rows = read(tarball)["train"]
    valid = stratified(rows, VALID_ROWS, FIXED_SEED)
    held = {row["id"] for row in valid}
    rest = [row for row in rows if row["id"] not in held]
    write(folder / "valid.jsonl", valid)
    for n in sizes:
        write(folder / f"choose-{n}.jsonl", stratified(rest, n, FIXED_SEED))
