"""Writes the torch files of src/test/resources/interop.

    python scripts/parity/make-torch-fixtures.py src/test/resources/interop

Made with torch 2.7.1, fastai 2.8.12 and NumPy 2.4.6; other versions may give other bytes.
zip.pth and legacy.pth hold the same state dict in either container: float32, float16, bfloat16,
float64 and int64, a transposed view, a slice and a shared storage. fastai2_opt.pth is what fastai's
Learner.save writes by default: the model beside the state of an optimiser with learning rates per
group.
"""

import sys
from collections import OrderedDict
from pathlib import Path

import numpy as np
import torch
from fastai.learner import save_model
from fastai.optimizer import Adam


def state_dict():
    weight = torch.arange(6, dtype=torch.float32).reshape(2, 3) / 4 - 0.5
    return OrderedDict(
        weight=weight,
        tied=weight,
        transposed=weight.t(),
        row=weight[1],
        half=torch.tensor([1.5, -2, 6e-8, 65504], dtype=torch.float16),
        bfloat=torch.tensor([1.5, -2, 3e38], dtype=torch.bfloat16),
        double=torch.tensor([0.1], dtype=torch.float64),
        num_batches_tracked=torch.tensor(7),
        parameter=torch.nn.Parameter(torch.tensor([[1.0], [-1.0]])),
        empty=torch.zeros(0, 3),
    )


def optimised():
    model = torch.nn.Linear(2, 1)
    with torch.no_grad():
        model.weight.copy_(torch.tensor([[0.5, -0.25]]))
        model.bias.fill_(2)
    optimiser = Adam([[p] for p in model.parameters()], lr=0.0)
    optimiser.set_hypers(lr=np.array([1e-3, 1e-2]))
    model(torch.ones(1, 2)).sum().backward()
    saved = OrderedDict((k, v.clone()) for k, v in model.state_dict().items())
    optimiser.step()
    model.load_state_dict(saved)
    return model, optimiser


def main(folder):
    torch.save(state_dict(), folder / "zip.pth")
    torch.save(state_dict(), folder / "legacy.pth", _use_new_zipfile_serialization=False)
    save_model(folder / "fastai2_opt.pth", *optimised())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
