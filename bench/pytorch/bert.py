"""BERT (Devlin et al. 2019) as PyTorch runs it best on a CPU: fused attention, no mask where nothing is padded."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class BertShape:
    width: int = 768
    layers: int = 12
    heads: int = 12
    feed_forward: int = 3072
    vocabulary: int = 30522
    positions: int = 512
    dropout: float = 0.1


class Embeddings(nn.Module):
    def __init__(self, shape: BertShape):
        super().__init__()
        self.words = nn.Embedding(shape.vocabulary, shape.width)
        self.positions = nn.Embedding(shape.positions, shape.width)
        self.types = nn.Embedding(2, shape.width)
        self.norm = nn.LayerNorm(shape.width, eps=1e-12)
        self.dropout = nn.Dropout(shape.dropout)

    def forward(self, ids_BT: Tensor) -> Tensor:
        places_TD = self.positions.weight[: ids_BT.shape[1]] + self.types.weight[0]
        return self.dropout(self.norm(self.words(ids_BT) + places_TD))


class Layer(nn.Module):
    def __init__(self, shape: BertShape):
        super().__init__()
        width = shape.width
        self.heads = shape.heads
        self.attention_dropout = shape.dropout
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.attention_output = nn.Linear(width, width)
        self.attention_norm = nn.LayerNorm(width, eps=1e-12)
        self.feed_forward_in = nn.Linear(width, shape.feed_forward)
        self.feed_forward_out = nn.Linear(shape.feed_forward, width)
        self.feed_forward_norm = nn.LayerNorm(width, eps=1e-12)
        self.dropout = nn.Dropout(shape.dropout)

    def forward(self, x_BTD: Tensor, mask_B11T: Tensor | None) -> Tensor:
        def split(y_BTD: Tensor) -> Tensor:
            return y_BTD.unflatten(-1, (self.heads, -1)).transpose(1, 2)

        context_BHTK = F.scaled_dot_product_attention(
            split(self.query(x_BTD)),
            split(self.key(x_BTD)),
            split(self.value(x_BTD)),
            attn_mask=mask_B11T,
            dropout_p=self.attention_dropout if self.training else 0.0,
        )
        context_BTD = context_BHTK.transpose(1, 2).flatten(2)
        h_BTD = self.attention_norm(x_BTD + self.dropout(self.attention_output(context_BTD)))
        fed_BTD = self.feed_forward_out(F.gelu(self.feed_forward_in(h_BTD)))
        return self.feed_forward_norm(h_BTD + self.dropout(fed_BTD))


class Layers(nn.Module):
    def __init__(self, shape: BertShape):
        super().__init__()
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))

    def forward(self, x_BTD: Tensor, mask_BT: Tensor | None) -> Tensor:
        """mask_BT: true at tokens; None where every position holds one, which spares attention the mask."""
        mask_B11T = None if mask_BT is None else mask_BT[:, None, None, :]
        for layer in self.layers:
            x_BTD = layer(x_BTD, mask_B11T)
        return x_BTD


class Pooler(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.dense = nn.Linear(width, width)

    def forward(self, x_BTD: Tensor) -> Tensor:
        return torch.tanh(self.dense(x_BTD[:, 0]))


class Prefix(nn.Module):
    """Embeddings and the first layers: what is frozen."""

    def __init__(self, shape: BertShape):
        super().__init__()
        self.embeddings = Embeddings(shape)
        self.encoder = Layers(shape)

    def forward(self, ids_BT: Tensor, mask_BT: Tensor | None) -> Tensor:
        return self.encoder(self.embeddings(ids_BT), mask_BT)
