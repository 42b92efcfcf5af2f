"""Tokens of fastai 2's rules around spaCy's tokenizer, and vocabularies of their counts."""

from __future__ import annotations

import tarfile
from collections import Counter
from pathlib import Path

import numpy as np
from fastai.text.core import tokenize_texts
from fastai.text.data import make_vocab

from files import Case, write_json, write_lines

REVIEWS = 2000
LIMITS = [(3, 60000), (1, 60000), (2, 100), (1, 21)]


def lines(file: Path) -> list[str]:
    """One text a line; \\n and \\t stand for line end and tab, other backslashes for themselves."""
    texts = file.read_text(encoding="utf-8").split("\n")
    return [t.replace("\\n", "\n").replace("\\t", "\t") for t in texts if t and t[0] != "%"]


def reviews(tarball: Path, seed: int) -> list[str]:
    """REVIEWS reviews of both splits and labels, drawn by the seed from the sorted names."""
    with tarfile.open(tarball) as tar:
        members = {
            m.name: m
            for m in tar
            if m.isfile() and m.name.endswith(".txt") and m.name.split("/")[-2] in ("pos", "neg")
        }
        names = sorted(members)
        chosen = sorted(np.random.RandomState(seed).choice(len(names), REVIEWS, replace=False))
        wanted = sorted((members[names[i]] for i in chosen), key=lambda m: m.offset)
        texts = {m.name: tar.extractfile(m).read().decode("utf-8") for m in wanted}
    return [texts[names[i]] for i in chosen]


def write(root: Path, name: str, texts: list[str], source: str) -> None:
    tokens = [list(t) for t in tokenize_texts(texts, n_workers=0)]
    case = Case(f"tokens-{name}", {"kind": "tokens", "source": source, "documents": len(texts)})
    case.write(root)
    rows = [{"text": text, "tokens": row} for text, row in zip(texts, tokens)]
    write_lines(root / case.name / "documents.jsonl", rows)
    counts = Counter(token for row in tokens for token in row)
    vocabularies = [
        {"minFreq": low, "maxVocab": most, "itos": make_vocab(counts, low, most)}
        for low, most in LIMITS
    ]
    case = Case(f"vocabulary-{name}", {"kind": "vocabulary", "source": source})
    case.write(root)
    content = {"counts": list(counts.items()), "vocabularies": vocabularies}
    write_json(root / case.name / "vocabularies.json", content)
