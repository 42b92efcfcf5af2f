#!/usr/bin/env python3
"""Comparisons of ulmfit's families on four public data sets, for scripts/compare-peers.

    corpora.py OUT [NAME...] [-- OPTIONS]

makes OUT/trec (TREC-6), OUT/sms (SMS spam, a tenth of the rows to test), OUT/goemotions (several
labels a row) and OUT/imdb (5,000 fixed test rows) by ulmfit compare, or goes on with them; OPTIONS
are its own, such as --families, --labels and --seeds, in place of the default ones:
--families ngram-nbsvm --labels 100,1000,all.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(HOME / "scripts" / "curve"))
import data  # noqa: E402

DEFAULTS = ["--families", "ngram-nbsvm", "--labels", "100,1000,all"]


def trec(folder: Path, out: Path) -> list[str]:
    return [
        str(folder / "trec/train.txt"),
        "--test",
        str(folder / "trec/test.txt"),
        "--charset",
        "ISO-8859-1",
        "--line-pattern",
        r"(?<label>[^:]+):\S+ (?<text>.*)",
    ]


def sms(folder: Path, out: Path) -> list[str]:
    return [
        str(folder / "sms_spam/SMSSpamCollection"),
        "--format",
        "tsv",
        "--no-header",
        "--label-column",
        "0",
        "--text-column",
        "1",
        "--set",
        "corpus.testFraction=0.1",
    ]


def goemotions(folder: Path, out: Path) -> list[str]:
    train, valid, test, labels = (
        str(folder / "goemotions" / name)
        for name in ("train.tsv", "dev.tsv", "test.tsv", "labels.txt")
    )
    return [
        train,
        "--valid",
        valid,
        "--test",
        test,
        "--label-names",
        labels,
        "--text-column",
        "0",
        "--label-column",
        "1",
        "--label-separator",
        ",",
    ]


def imdb(folder: Path, out: Path) -> list[str]:
    rows = out / "imdb-rows"
    data.make(
        folder / "imdb/aclImdb.tar.gz",
        rows,
        {
            "train": lambda splits: splits["train"],
            "test": lambda splits: data.stratified(splits["test"], data.TEST_ROWS, data.FIXED_SEED),
        },
    )
    return [str(rows / "train.jsonl"), "--test", str(rows / "test.jsonl")]


CORPORA = {"trec": trec, "sms": sms, "goemotions": goemotions, "imdb": imdb}


def main() -> None:
    given = sys.argv[1:]
    own, options = (
        (given[: given.index("--")], given[given.index("--") + 1 :])
        if "--" in given
        else (given, DEFAULTS)
    )
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", metavar="OUT", type=Path, help="where the comparisons go")
    parser.add_argument(
        "names", metavar="NAME", nargs="*", help="of trec, sms, goemotions, imdb (default: all)"
    )
    parser.add_argument(
        "--data",
        metavar="DIR",
        type=Path,
        default=HOME / "../shared/data",
        help="folder of the data sets (default: ../shared/data)",
    )
    arguments = parser.parse_args(own)
    names = arguments.names or list(CORPORA)
    if unknown := [name for name in names if name not in CORPORA]:
        parser.error(f"{unknown[0]}: there are {', '.join(CORPORA)}")
    if not arguments.data.is_dir():
        parser.error(
            f"--data {arguments.data}: not there;"
            " name the folder that has trec/, sms_spam/, goemotions/, imdb/"
        )
    for name in names:
        out = arguments.out / name
        command = [
            str(HOME / "scripts/ulmfit"),
            "compare",
            *CORPORA[name](arguments.data.resolve(), arguments.out),
            "--out",
            str(out),
            *options,
        ]
        done = subprocess.run([*command, *(["--resume"] if out.exists() else [])])
        if done.returncode:
            sys.exit(done.returncode)


if __name__ == "__main__":
    main()
