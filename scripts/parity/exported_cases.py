"""What PyTorch and ONNX Runtime make of networks that ulmfit exported."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from files import Case


def write(root: Path, networks: Path) -> None:
    """NETWORKS holds what NetworkFiles wrote: documents.json, and a folder a network."""
    documents = json.loads((networks / "documents.json").read_text("utf-8"))
    for folder in sorted(f for f in networks.iterdir() if f.is_dir()):
        case(folder, documents).write(root)


def case(folder: Path, documents: list[list[int]]) -> Case:
    model = folder / "onnx/model.onnx"
    file = hashlib.sha256(model.read_bytes()).hexdigest()
    out = Case(f"exported-{folder.name}", {"kind": "exported", "network": folder.name, "onnx": file})
    script = torch.jit.load(folder / "torchscript/model.pt")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options)
    for name, run in (("torch", in_torch(script)), ("onnx", in_onnx(session))):
        out.add(f"{name}/together", run(*padded(documents)))
        out.add(f"{name}/alone", np.concatenate([run(*padded([d])) for d in documents]))
    return out


def padded(documents: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Ids (documents, longest), behind each document a number that is no token's; lengths."""
    lengths = np.array([len(d) for d in documents])
    ids = np.full((len(documents), lengths.max()), -7)
    for row, document in zip(ids, documents):
        row[: len(document)] = document
    return ids, lengths


def in_torch(script):
    def run(ids: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        return script(torch.tensor(ids), torch.tensor(lengths)).numpy()

    return run


def in_onnx(session):
    def run(ids: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        return session.run(["logits"], {"ids": ids, "lengths": lengths})[0]

    return run
