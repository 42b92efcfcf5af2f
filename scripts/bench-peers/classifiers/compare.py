"""Other libraries on the rows of a comparison of ulmfit: what they reach and what they cost.

DIR is a folder that ulmfit compare has made with test rows. Each library learns from the same training
rows for every number of labels and seed there is, in a process of its own, one after another, and answers
the same test rows. The table stands in DIR/peers.md and DIR/peers.json, the families of the comparison
among them; what is measured already (DIR/peers/) is not measured again.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import figures
import numpy as np
import report
import thresholds

HOME = Path(__file__).resolve().parents[3]
HERE = Path(__file__).resolve().parent
JAVA = HOME / "target" / "bench-peers"
FASTTEXT = HOME / ".venv-fasttext" / "bin" / "python"
SETUP = "run scripts/bench-peers/classifiers/setup"
TRAIN = re.compile(r"train(?:-(\d+))?\.jsonl")
VERSIONS = {  # of requirements.txt, requirements-fasttext.txt and pom.xml
    "fasttext": "fastText 0.9.2",
    "fasttext-autotune": "fastText 0.9.2",
    "tribuo": "Tribuo 4.3.2",
    "opennlp": "OpenNLP 2.5.9",
    "tfidf-lr": "scikit-learn 1.9.1",
}
PEERS = tuple(VERSIONS)
COSTS = ("trainingSeconds", "peakBytes", "modelBytes", "textsPerSecond")
SINGLE_ONLY = {"opennlp": "OpenNLP gives a text one category"}


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


def command(peer: str) -> list[str]:
    """What measures it, but for the names of its two files."""
    if peer in ("tribuo", "opennlp"):
        classpath = JAVA / "classpath"
        if not classpath.exists():
            sys.exit(f"compare-peers: {peer} is not built; {SETUP}")
        java = Path(os.environ["JAVA_HOME"]) / "bin" / "java" if "JAVA_HOME" in os.environ else "java"
        return [str(java), "-cp", f"{JAVA / 'classes'}:{classpath.read_text()}", "peers.Main", peer]
    if peer == "tfidf-lr":
        return [sys.executable, str(HERE / "sklearn_peer.py")]
    if not FASTTEXT.exists():
        sys.exit(f"compare-peers: no {FASTTEXT}; {SETUP}")
    return [str(FASTTEXT), str(HERE / "fasttext_peer.py")]




def rows_of(folder: Path) -> list[Rows]:
    """By seed, then by number of labels, all of them last."""
    found = []
    for train in sorted((folder / "rows").rglob("train*.jsonl")):
        if name := TRAIN.fullmatch(train.name):
            seed = None if train.parent.name == "rows" else int(train.parent.name.removeprefix("s"))
            found.append(Rows(train, int(name[1] or 0), seed))
    if not found:
        sys.exit(f"compare-peers: {folder}: no rows/train.jsonl; name the DIR of: ulmfit compare CORPUS --out DIR")
    for rows in found:
        if not rows.test.exists():
            sys.exit(f"compare-peers: {folder}: there are no test rows, and libraries choose by the validation"
                     " rows; compare with --test FILE or --set corpus.testFraction=0.1")
    return sorted(found, key=lambda r: (r.seed or 0, r.count or sys.maxsize))


class Folder:
    """A comparison, and what was measured beside it."""

    def __init__(self, path: Path, autotune: int):
        self.path = path
        self.autotune = autotune
        self.rows = rows_of(path)
        if not (path / "compare.json").exists():
            sys.exit(f"compare-peers: {path}: the comparison has not ended; go on with it by ulmfit compare --resume")
        told = json.loads((path / "compare.json").read_text("utf-8"))
        self.own_seed: int = told["families"][0]["runs"][0]["seed"]
        first = json.loads(self.rows[0].train.open(encoding="utf-8").readline())
        self.several = "labels" in first
        self.label = "labels" if self.several else "label"
        self.texts = [key for key in first if key not in ("id", self.label)]
        self.results = path / "peers"
        self.results.mkdir(exist_ok=True)

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
            spec, out, model = (Path(scratch).resolve() / name for name in ("spec.json", "out.json", "model"))
            spec.write_text(json.dumps({
                "train": str(rows.train), "valid": str(rows.valid), "measured": str(rows.test),
                "texts": self.texts, "label": self.label, "several": self.several, "labels": labels,
                "seed": self.seed(rows), "threads": report.cores(),
                "autotuneSeconds": self.autotune, "model": str(model),
            }), "utf-8")
            extra = ["--autotune"] if peer.endswith("-autotune") else []
            done = subprocess.run([*command(peer), spec, out, *extra], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE, text=True)
            if done.returncode:
                last = done.stderr.strip().splitlines()[-1:] or ["no message"]
                sys.stderr.write(done.stderr)
                sys.exit(f"compare-peers: {rows.run(peer)} failed ({done.returncode}): {last[0]}")
            result = json.loads(out.read_text("utf-8"))
            result["modelBytes"] = model.stat().st_size
        index = {name: i for i, name in enumerate(labels)}
        truth, valid = ([[index[name] for name in own] for own in self.read(f)] for f in (rows.test, rows.valid))
        return self.with_figures(result, truth, valid, len(labels))

    def with_figures(self, result: dict, truth: figures.Rows, valid: figures.Rows, labels: int) -> dict:
        """What it answers is kept as figures; with several labels at one half and at chosen thresholds."""
        if self.several:
            p, p_valid = (np.array(result.pop(key)) for key in ("probabilities", "validProbabilities"))
            answers = {
                "": thresholds.answers(p, thresholds.chosen(valid, p_valid)),
                " at 0.5": thresholds.answers(p, 0.5),
            }
        else:
            answers = {"": [[label] for label in result.pop("answers")]}
        result["figures"] = {how: figures.of(truth, a, labels, self.several) for how, a in answers.items()}
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
            told = settings.setdefault(f"{peer} ({VERSIONS[peer]}, {result['runtime']}): {result['settings']}", [])
            told += [] if labels in told else [labels]
            for how, own in result["figures"].items():
                runs.append({
                    "name": peer + how, "labels": labels, "seed": folder.seed(rows), "testRows": result["testRows"],
                    "trainingRows": len(folder.read(rows.train)), **own, **{key: result[key] for key in COSTS},
                })
    notes = [f"{line}; {', '.join(labels)} labels" for line, labels in settings.items()]
    notes += [f"{peer} is left out: {why}" for peer, why in SINGLE_ONLY.items() if folder.several]
    report.write(folder.path, runs, notes, folder.several)


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/compare-peers", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", metavar="DIR", type=Path, nargs="+", help="of ulmfit compare")
    parser.add_argument("--peers", default=",".join(PEERS), help="of %(default)s (default: all)")
    parser.add_argument("--autotune", metavar="SECONDS", type=int, default=60,
                        help="how long fasttext-autotune searches (default: 60; fastText's own is 300)")
    parser.add_argument("--overwrite", action="store_true", help="measure again what was measured before")
    arguments = parser.parse_args()
    peers = list(dict.fromkeys(arguments.peers.split(",")))
    for peer in peers:
        if peer not in PEERS:
            parser.error(f"--peers {peer}: there are {', '.join(PEERS)}")
        command(peer)
    folders = [Folder(path, arguments.autotune) for path in arguments.folders]
    for folder in folders:
        if arguments.overwrite:
            shutil.rmtree(folder.results)
            folder.results.mkdir()
        for rows in folder.rows:
            for peer in peers:
                if not (folder.several and peer in SINGLE_ONLY):
                    folder.measured(peer, rows)
        table(folder)


if __name__ == "__main__":
    main()
