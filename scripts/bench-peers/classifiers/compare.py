"""Other libraries on the rows of a comparison of ulmfit: what they reach and what they cost.

DIR is a folder that ulmfit compare has made with test rows. Each library learns from the same
training rows for every number of labels and seed there is, in a process of its own, one after
another, and answers the same test rows. The table stands in DIR/peers.md and DIR/peers.json, the
families of the comparison among them; what is measured already (DIR/peers/) is not measured again.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import figures
import report
import thresholds
from libraries import PEERS, SINGLE_ONLY, VERSIONS, command

TRAIN = re.compile(r"train(?:-(\d+))?\.jsonl")
COSTS = ("trainingSeconds", "peakBytes", "modelBytes", "textsPerSecond")


class Rows(NamedTuple):
    """The files of one seed and number of labels."""

    train: Path
    count: int  # as asked for; 0: all
    seed: int | None  # None: the comparison's one

    @property
    def valid(self) -> Path:
        return self.train.with_name("valid.jsonl")

    @property
    def test(self) -> Path:
        return self.train.with_name("test.jsonl")

    def run(self, name: str) -> str:
        """As ulmfit compare names its runs."""
        seed = "" if self.seed is None else f"-s{self.seed}"
        return name + (f"-{self.count}" if self.count else "") + seed


def rows_of(folder: Path) -> list[Rows]:
    """By seed, then by number of labels, all of them last."""
    found = []
    for train in sorted((folder / "rows").rglob("train*.jsonl")):
        if name := TRAIN.fullmatch(train.name):
            seed = None if train.parent.name == "rows" else int(train.parent.name.removeprefix("s"))
            found.append(Rows(train, int(name[1] or 0), seed))
    if not found:
        sys.exit(
            f"compare-peers: {folder}: no rows/train.jsonl;"
            " name the DIR of: ulmfit compare CORPUS --out DIR"
        )
    for rows in found:
        if not rows.test.exists():
            sys.exit(
                f"compare-peers: {folder}: there are no test rows, and libraries choose by the"
                " validation rows; compare with --test FILE or --set corpus.testFraction=0.1"
            )
    return sorted(found, key=lambda r: (r.seed or 0, r.count or sys.maxsize))


class Failure(Exception):
    """Of a library; those after it are measured all the same."""


class Folder:
    """A comparison, and what was measured beside it."""

    def __init__(self, path: Path, autotune: int):
        self.path = path
        self.autotune = autotune
        self.rows = rows_of(path)
        if not (path / "compare.json").exists():
            sys.exit(
                f"compare-peers: {path}: the comparison has not ended;"
                " go on with it by ulmfit compare --resume"
            )
        told = json.loads((path / "compare.json").read_text("utf-8"))
        self.own_seed: int = told["families"][0]["runs"][0]["seed"]
        first = json.loads(self.rows[0].train.open(encoding="utf-8").readline())
        self.several = "labels" in first
        self.label = "labels" if self.several else "label"
        self.texts = [key for key in first if key not in ("id", self.label)]
        self.results = path / "peers"
        self.results.mkdir(exist_ok=True)
        for left in self.results.glob(".*"):  # by one that was killed
            shutil.rmtree(left)

    def seed(self, rows: Rows) -> int:
        return self.own_seed if rows.seed is None else rows.seed

    def read(self, file: Path) -> list[list[str]]:
        """The labels of its rows."""
        with file.open(encoding="utf-8") as lines:
            given = [json.loads(line)[self.label] for line in lines]
        return given if self.several else [[label] for label in given]

    def labels(self, rows: Rows) -> list[str]:
        files = [*rows.train.parent.glob("train*.jsonl"), rows.valid, rows.test]
        return sorted({label for file in files for own in self.read(file) for label in own})

    def known(self, peer: str, rows: Rows) -> dict[str, Any]:
        """What a result is of."""
        digest = hashlib.sha256()
        for file in (rows.train, rows.valid, rows.test):
            digest.update(file.read_bytes())
        autotune = {"autotuneSeconds": self.autotune} if peer == "fasttext-autotune" else {}
        return {"rows": digest.hexdigest(), **autotune}

    def before(self, peer: str, rows: Rows) -> dict[str, Any] | None:
        """What was measured of the same rows."""
        file = self.file(peer, rows)
        result = json.loads(file.read_text("utf-8")) if file.exists() else None
        return result if result and result["of"] == self.known(peer, rows) else None

    def file(self, peer: str, rows: Rows) -> Path:
        return self.results / f"{rows.run(peer)}.json"

    def measured(self, peer: str, rows: Rows) -> None:
        """Measures it, unless that was done."""
        if self.before(peer, rows):
            return
        print(f"{self.path}: {rows.run(peer)}", file=sys.stderr, flush=True)
        result = {"of": self.known(peer, rows), **self.measure(peer, rows)}
        part = self.file(peer, rows).with_suffix(".part")
        part.write_text(json.dumps(result) + "\n", "utf-8")
        part.rename(self.file(peer, rows))

    def measure(self, peer: str, rows: Rows) -> dict[str, Any]:
        labels = self.labels(rows)
        with tempfile.TemporaryDirectory(dir=self.results, prefix=".") as scratch:
            spec, out, model = (
                Path(scratch).resolve() / name for name in ("spec.json", "out.json", "model")
            )
            spec.write_text(
                json.dumps(
                    {
                        "train": str(rows.train),
                        "valid": str(rows.valid),
                        "measured": str(rows.test),
                        "texts": self.texts,
                        "label": self.label,
                        "several": self.several,
                        "labels": labels,
                        "seed": self.seed(rows),
                        "threads": report.cores(),
                        "autotuneSeconds": self.autotune,
                        "model": str(model),
                    }
                ),
                "utf-8",
            )
            extra = ["--autotune"] if peer.endswith("-autotune") else []
            done = subprocess.run(
                [*command(peer), spec, out, *extra],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
            if done.returncode:
                sys.stderr.write(done.stderr)
                raise Failure(f"{rows.run(peer)} failed, exit {done.returncode}")
            result = json.loads(out.read_text("utf-8"))
            result["modelBytes"] = model.stat().st_size
        index = {name: i for i, name in enumerate(labels)}
        truth, valid = (
            [[index[name] for name in own] for own in self.read(f)] for f in (rows.test, rows.valid)
        )
        return self.with_figures(result, truth, valid, len(labels))

    def with_figures(
        self, result: dict, truth: figures.Rows, valid: figures.Rows, labels: int
    ) -> dict:
        """Figures in place of answers; of several labels at one half and at chosen thresholds."""
        if self.several:
            p, p_valid = (
                np.array(result.pop(key)) for key in ("probabilities", "validProbabilities")
            )
            answers = {
                "": thresholds.answers(p, thresholds.chosen(valid, p_valid)),
                " at 0.5": thresholds.answers(p, 0.5),
            }
        else:
            answers = {"": [[label] for label in result.pop("answers")]}
        result["figures"] = {
            how: figures.of(truth, a, labels, self.several) for how, a in answers.items()
        }
        result["testRows"] = len(truth)
        result["textsPerSecond"] = len(truth) / result.pop("predictSeconds")
        return result


def table(folder: Folder) -> None:
    """Of all that was measured."""
    runs = report.families(folder.path, len(folder.labels(folder.rows[0])), folder.several)
    settings: dict[str, list[str]] = {}  # and the numbers of labels they were of
    for peer, rows in itertools.product(PEERS, folder.rows):
        if result := folder.before(peer, rows):
            labels = str(rows.count or "all")
            told = settings.setdefault(
                f"{peer} ({VERSIONS[peer]}, {result['runtime']}): {result['settings']}", []
            )
            told += [] if labels in told else [labels]
            for how, own in result["figures"].items():
                runs.append(
                    {
                        "name": peer + how,
                        "labels": labels,
                        "seed": folder.seed(rows),
                        "testRows": result["testRows"],
                        "trainingRows": len(folder.read(rows.train)),
                        **own,
                        **{key: result[key] for key in COSTS},
                    }
                )
    notes = [f"{line}; {', '.join(labels)} labels" for line, labels in settings.items()]
    notes += [f"{peer} is left out: {why}" for peer, why in SINGLE_ONLY.items() if folder.several]
    report.write(folder.path, runs, notes, folder.several)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="scripts/compare-peers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folders", metavar="DIR", type=Path, nargs="+", help="of ulmfit compare")
    parser.add_argument("--peers", default=",".join(PEERS), help="of %(default)s (default: all)")
    parser.add_argument(
        "--autotune",
        metavar="SECONDS",
        type=int,
        default=60,
        help="how long fasttext-autotune searches (default: 60; fastText's own is 300)",
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="measure again what was measured before"
    )
    arguments = parser.parse_args()
    if arguments.autotune < 1:
        parser.error(f"--autotune {arguments.autotune}: at least 1 second")
    peers = list(dict.fromkeys(arguments.peers.split(",")))
    for peer in peers:
        if peer not in PEERS:
            parser.error(f"--peers {peer}: there are {', '.join(PEERS)}")
        command(peer)
    folders = [Folder(path, arguments.autotune) for path in arguments.folders]
    failures: list[str] = []
    for folder in folders:
        for rows, peer in itertools.product(folder.rows, peers):
            if arguments.overwrite:
                folder.file(peer, rows).unlink(missing_ok=True)
            if folder.several and peer in SINGLE_ONLY:
                continue
            try:
                folder.measured(peer, rows)
            except Failure as failure:
                failures.append(f"{folder.path}: {failure}")
        table(folder)
    if failures:
        sys.exit("compare-peers: " + "; ".join(failures))


def interrupted(*_: Any) -> None:
    print("compare-peers: interrupted; the same command goes on", file=sys.stderr)
    sys.exit(130)


if __name__ == "__main__":
    # an exit ends the library's process, too, and removes what it has written
    signal.signal(signal.SIGTERM, interrupted)
    signal.signal(signal.SIGINT, interrupted)
    main()
