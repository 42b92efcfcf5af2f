"""Cases on disk: a folder with case.json and tensors.safetensors."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

DTYPES = {"float32": "F32", "float64": "F64", "int64": "I64"}


def write_safetensors(file: Path, tensors: dict[str, np.ndarray]) -> None:
    """Eight bytes of header length, a JSON header, the values little-endian."""
    header: dict[str, Any] = {}
    at = 0
    for name, array in tensors.items():
        header[name] = {
            "dtype": DTYPES[array.dtype.name],
            "shape": list(array.shape),
            "data_offsets": [at, at + array.nbytes],
        }
        at += array.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(file, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text)
        for array in tensors.values():
            out.write(np.ascontiguousarray(array).tobytes())


def read_safetensors(file: Path) -> dict[str, np.ndarray]:
    content = file.read_bytes()
    length = struct.unpack("<Q", content[:8])[0]
    header = json.loads(content[8 : 8 + length])
    header.pop("__metadata__", None)
    types = {"F16": "<f2", "F32": "<f4", "F64": "<f8", "I64": "<i8"}
    tensors = {}
    for name, info in header.items():
        begin, end = (8 + length + at for at in info["data_offsets"])
        values = np.frombuffer(content[begin:end], types[info["dtype"]])
        tensors[name] = values.reshape(info["shape"])
    return tensors


@dataclass
class Case:
    """What both sides read: inputs, weights and what fastai made of them."""

    name: str
    facts: dict[str, Any]
    tensors: dict[str, np.ndarray] = field(default_factory=dict)

    def add(self, name: str, value: torch.Tensor | np.ndarray | list[float]) -> None:
        if isinstance(value, torch.Tensor):
            value = value.detach().cpu().as_subclass(torch.Tensor).numpy()
        array = np.array(value, copy=True)
        if array.dtype.name not in DTYPES:
            raise TypeError(f"{self.name}: {name} is {array.dtype}")
        self.tensors[name] = array

    def add_all(self, prefix: str, tensors: dict[str, torch.Tensor]) -> None:
        for name, tensor in tensors.items():
            self.add(f"{prefix}/{name}", tensor)

    def write(self, root: Path) -> None:
        folder = root / self.name
        folder.mkdir(parents=True, exist_ok=True)
        write_json(folder / "case.json", self.facts)
        if self.tensors:
            write_safetensors(folder / "tensors.safetensors", self.tensors)
        print(f"  {self.name}", flush=True)


def write_json(file: Path, value: Any) -> None:
    file.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write_lines(file: Path, rows: list[Any]) -> None:
    with open(file, "w", encoding="utf-8", newline="\n") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
