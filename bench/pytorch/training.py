"""A training step as a PyTorch engineer writes it today: gradients set to none, clipping, fused AdamW."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

LEARNING_RATE = 1e-4


def training_step(model: nn.Module, loss_of: Callable[[], Tensor]) -> Callable[[], float]:
    """One optimizer step on each call; returns the loss."""
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(decay_groups(trained), lr=LEARNING_RATE, fused=True)

    def step() -> float:
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of()
        loss.backward()
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        return loss.item()

    return step


def decay_groups(parameters: list[nn.Parameter]) -> list[dict]:
    """Weight decay for matrices only."""
    return [
        {"params": [parameter for parameter in parameters if parameter.dim() > 1], "weight_decay": 0.01},
        {"params": [parameter for parameter in parameters if parameter.dim() <= 1], "weight_decay": 0.0},
    ]


def variants_of(model: nn.Module, batch: object, names: list[str]) -> dict[str, Callable[[], float]]:
    """The step eagerly and with the whole forward pass (so the backward pass too) compiled; both train the same parameters."""
    forward = {"eager": model, "compile": torch.compile(model)}
    model.train()
    return {name: training_step(model, lambda call=forward[name]: call(batch)) for name in names}
