"""fastText as its tutorial on text classification sets it; with --autotune, by its own search.

    fasttext_peer.py SPEC.json OUT.json [--autotune]

Labels go by their indices, as its own format has no blanks in them.
"""

from __future__ import annotations

import os
import re
import resource
import signal
import sys
import threading
from pathlib import Path

import fasttext
import numpy as np

import measure

SINGLE = {"lr": 1.0, "epoch": 25, "wordNgrams": 2}
SEVERAL = {"lr": 0.5, "epoch": 25, "wordNgrams": 2, "bucket": 200_000, "dim": 50, "loss": "ova"}
PREFIX = "__label__"
# fastText 0.9.2 can start the clock of its search before the search: it then never ends by itself.
# By SIGINT it ends with the best so far, or goes on if it is past the search.
GRACE = 10  # seconds
SIGNS = re.compile(r"([.!?,'/()])")


def bound_memory() -> None:
    """To half of what there is: the search leaves out what does not fit, and may try 40 GB."""
    if sys.platform == "linux":
        half = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
        resource.setrlimit(resource.RLIMIT_AS, (half, resource.getrlimit(resource.RLIMIT_AS)[1]))


def prepared(text: str) -> str:
    """As the tutorial: lower case, blanks around punctuation; a text is a line, without labels."""
    return " ".join(SIGNS.sub(r" \1 ", text).lower().replace(PREFIX, " ").split())


class FastText:
    def __init__(self, autotune: bool):
        self.autotune = autotune

    def train(self, spec: measure.Spec) -> None:
        self.several, self.count = spec.several, len(spec.labels)
        options = {"thread": spec.threads, "seed": spec.seed, "verbose": 0}
        late = threading.Timer(spec.autotune + GRACE, os.kill, (os.getpid(), signal.SIGINT))
        if self.autotune:
            # it sets all of these itself, but for the loss of several labels
            options |= {"loss": "ova"} if spec.several else {}
            options |= {"autotuneValidationFile": self.write(spec, spec.valid)}
            options |= {"autotuneDuration": spec.autotune}
            bound_memory()
            late.start()
        else:
            options |= SEVERAL if spec.several else SINGLE
        self.model = fasttext.train_supervised(input=self.write(spec, spec.train), **options)
        late.cancel()

    @staticmethod
    def write(spec: measure.Spec, file: str) -> str:
        """The rows in fastText's format."""
        to = spec.model.with_name(Path(file).stem + ".txt")
        rows = spec.rows(file)
        with to.open("w", encoding="utf-8") as out:
            for text, labels in zip(*rows, strict=True):
                out.write(" ".join([*(f"{PREFIX}{i}" for i in labels), prepared(text)]) + "\n")
        return str(to)

    def save(self, spec: measure.Spec) -> None:
        self.model.save_model(str(spec.model))

    def answer(self, texts: list[str]):
        lines = [prepared(text) for text in texts]
        if not self.several:
            labels, _ = self.model.predict(lines)
            return [int(own[0].removeprefix(PREFIX)) for own in labels]
        result = np.zeros((len(lines), self.count))
        for row, (labels, values) in enumerate(zip(*self.model.predict(lines, k=-1), strict=True)):
            for label, value in zip(labels, values, strict=True):
                result[row, int(label.removeprefix(PREFIX))] = value
        return result

    def settings(self) -> str:
        a = self.model.f.getArgs()
        names = ("lr", "epoch", "dim", "wordNgrams", "minn", "maxn", "bucket")
        chosen = ", ".join(f"{name} {getattr(a, name):g}" for name in names)
        how = f"loss {a.loss.name}, {a.thread} threads"
        return f"lower case, blanks around punctuation; {chosen}, {how}"


if __name__ == "__main__":
    measure.main(FastText("--autotune" in sys.argv[3:]))
