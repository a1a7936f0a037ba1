"""The MedM-PLM model and its pre-training loss as in `src/encoders` and `pretrain/objectives.ts` (masked-ce, without `reading`)."""

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from bert import BertShape, Layers, Pooler
from ontology import Hierarchy, OntologyEmbedding

SPECIAL_CODES = 4
HEAD_WIDTH = 128

Visit = dict[str, Tensor]
"""`text.hidden` [B, T, D], `text.mask` [B, T] or absent, and for each kind `KIND.ids`, `KIND.mask` [B, S], `KIND.targets` [B, V]."""


@dataclass(frozen=True)
class CodesShape:
    width: int = 300
    layers: int = 2
    heads: int = 2
    feed_forward: int = 300
    ontology_heads: int = 4
    dropout: float = 0.1


@dataclass(frozen=True)
class ModelShape:
    """`text.layers` counts the layers that train."""

    text: BertShape
    hierarchies: dict[str, Hierarchy]
    codes: CodesShape = field(default_factory=CodesShape)


class CodeLayer(nn.Module):
    """A pre-norm Transformer layer."""

    def __init__(self, shape: CodesShape):
        super().__init__()
        width = shape.width
        self.shape = shape
        self.attention_norm = nn.LayerNorm(width, eps=1e-6)
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.attention_output = nn.Linear(width, width)
        self.feed_forward_norm = nn.LayerNorm(width, eps=1e-6)
        self.feed_forward_in = nn.Linear(width, shape.feed_forward)
        self.feed_forward_out = nn.Linear(shape.feed_forward, width)
        self.dropout = nn.Dropout(shape.dropout)

    def forward(self, x_BSC: Tensor, mask_B11S: Tensor) -> Tensor:
        def split(y_BSC: Tensor) -> Tensor:
            return y_BSC.unflatten(-1, (self.shape.heads, -1)).transpose(1, 2)

        normed_BSC = self.attention_norm(x_BSC)
        context_BHSK = F.scaled_dot_product_attention(
            split(self.query(normed_BSC)),
            split(self.key(normed_BSC)),
            split(self.value(normed_BSC)),
            attn_mask=mask_B11S,
            dropout_p=self.shape.dropout if self.training else 0.0,
        )
        x_BSC = x_BSC + self.dropout(self.attention_output(context_BHSK.transpose(1, 2).flatten(2)))
        hidden_BSF = F.gelu(self.feed_forward_in(self.feed_forward_norm(x_BSC)))
        return x_BSC + self.dropout(self.feed_forward_out(hidden_BSF))


class CodeEmbedding(nn.Module):
    def __init__(self, hierarchy: Hierarchy, shape: CodesShape):
        super().__init__()
        self.special = nn.Parameter(torch.randn(SPECIAL_CODES, shape.width) / shape.width**0.5)
        self.kind = nn.Parameter(torch.randn(shape.width) / shape.width**0.5)
        self.ontology = OntologyEmbedding(hierarchy, shape.width, shape.ontology_heads)


class CodeEncoder(nn.Module):
    def __init__(self, shape: CodesShape, hierarchies: dict[str, Hierarchy]):
        super().__init__()
        self.embeddings = nn.ModuleDict({kind: CodeEmbedding(hierarchy, shape) for kind, hierarchy in hierarchies.items()})
        self.layers = nn.ModuleList(CodeLayer(shape) for _ in range(shape.layers))
        self.norm = nn.LayerNorm(shape.width, eps=1e-6)
        self.dropout = nn.Dropout(shape.dropout)

    def tables(self) -> dict[str, Tensor]:
        """Kind -> embeddings of its vocabulary [V, C]."""
        return {kind: embedding.ontology() for kind, embedding in self.embeddings.items()}

    def forward(self, kind: str, table_VC: Tensor, ids_BS: Tensor, mask_BS: Tensor) -> Tensor:
        embedding = self.embeddings[kind]
        x_BSC = self.dropout(F.embedding(ids_BS, torch.cat([embedding.special, table_VC])) + embedding.kind)
        for layer in self.layers:
            x_BSC = layer(x_BSC, mask_BS[:, None, None, :])
        return self.norm(x_BSC)


class LookUp(nn.Module):
    """Single-head cross-modal attention: a visit vector queries the other modality's tokens (eq. 6-7)."""

    def __init__(self, query_width: int, memory_width: int):
        super().__init__()
        self.query = nn.Linear(query_width, query_width)
        self.key = nn.Linear(memory_width, query_width)
        self.value = nn.Linear(memory_width, query_width)

    def forward(self, query_BD: Tensor, memory_BSE: Tensor, mask_BS: Tensor | None) -> Tensor:
        mask_B1S = None if mask_BS is None else mask_BS[:, None, :]
        query_B1D = self.query(query_BD)[:, None]
        return F.scaled_dot_product_attention(query_B1D, self.key(memory_BSE), self.value(memory_BSE), attn_mask=mask_B1S)[:, 0]


class Fusion(nn.Module):
    def __init__(self, text_width: int, codes_width: int, kinds: list[str]):
        super().__init__()
        self.text_to = nn.ModuleDict({kind: LookUp(text_width, codes_width) for kind in kinds})
        self.to_text = nn.ModuleDict({kind: LookUp(codes_width, text_width) for kind in kinds})


class CodeModel(nn.Module):
    """The code encoder and code-to-code prediction: visits without text."""

    def __init__(self, shape: ModelShape):
        super().__init__()
        self.kinds = list(shape.hierarchies)
        self.codes = CodeEncoder(shape.codes, shape.hierarchies)
        self.heads = prediction_heads({kind: shape.codes.width for kind in self.kinds}, shape)
        self.bias = biases(shape)

    def forward(self, visit: Visit) -> Tensor:
        tables = self.codes.tables()
        visits = {kind: self.codes(kind, tables[kind], visit[f"{kind}.ids"], visit[f"{kind}.mask"])[:, 0] for kind in self.kinds}
        return mean(code_losses(self, source, visits[source], tables, visit) for source in self.kinds)


class MultimodalModel(nn.Module):
    """The layers that train of the text encoder, the code encoder, the cross-modal module and both prediction tasks."""

    def __init__(self, shape: ModelShape):
        super().__init__()
        self.kinds = list(shape.hierarchies)
        self.text = Layers(shape.text)
        self.pooler = Pooler(shape.text.width)
        self.codes = CodeEncoder(shape.codes, shape.hierarchies)
        self.fusion = Fusion(shape.text.width, shape.codes.width, self.kinds)
        widths = {"text": shape.text.width, **{kind: shape.codes.width for kind in self.kinds}}
        self.heads = prediction_heads(widths, shape)
        self.bias = biases(shape)

    def forward(self, visit: Visit) -> Tensor:
        tables = self.codes.tables()
        mask_BT = visit.get("text.mask")
        text_BTD, pooled_BD = self.read(visit["text.hidden"], mask_BT, len(visit[f"{self.kinds[0]}.ids"]))
        mask_BT = None if mask_BT is None else mask_BT.reshape(text_BTD.shape[:2])
        fused = {"text": pooled_BD}
        for kind in self.kinds:
            mask_BS = visit[f"{kind}.mask"]
            tokens_BSC = self.codes(kind, tables[kind], visit[f"{kind}.ids"], mask_BS)
            fused["text"] = fused["text"] + self.fusion.text_to[kind](pooled_BD, tokens_BSC, mask_BS)
            fused[kind] = tokens_BSC[:, 0] + self.fusion.to_text[kind](tokens_BSC[:, 0], text_BTD, mask_BT)
        text_to_code = code_losses(self, "text", fused["text"], tables, visit)
        code_to_code = mean(code_losses(self, kind, fused[kind], tables, visit) for kind in self.kinds)
        return text_to_code + code_to_code

    def read(self, hidden_MWD: Tensor, mask_MW: Tensor | None, visits: int) -> tuple[Tensor, Tensor]:
        """Chunks [B x C, W, D] -> tokens [B, C x W, D] and the visit vector of each note's first chunk."""
        tokens_MWD = self.text(hidden_MWD, mask_MW)
        tokens_BTD = tokens_MWD.reshape(visits, -1, tokens_MWD.shape[-1])
        return tokens_BTD, self.pooler(tokens_BTD)


class ReleasedModel(nn.Module):
    """All twelve layers in every step: the frozen ones without gradients, but with dropout, as the released code runs them."""

    def __init__(self, prefix: nn.Module, suffix: MultimodalModel):
        super().__init__()
        self.prefix = prefix.requires_grad_(False)
        self.suffix = suffix

    def forward(self, visit: Visit) -> Tensor:
        with torch.no_grad():
            hidden = self.prefix(visit["text.ids"], visit.get("text.mask"))
        return self.suffix({**visit, "text.hidden": hidden})


def prediction_heads(widths: dict[str, int], shape: ModelShape) -> nn.ModuleDict:
    def head(width: int) -> nn.Module:
        return nn.Sequential(nn.Linear(width, HEAD_WIDTH), nn.GELU(), nn.Linear(HEAD_WIDTH, shape.codes.width))

    return nn.ModuleDict({source: nn.ModuleDict({kind: head(width) for kind in shape.hierarchies}) for source, width in widths.items()})


def biases(shape: ModelShape) -> nn.ParameterDict:
    return nn.ParameterDict({kind: nn.Parameter(torch.zeros(hierarchy.leaves)) for kind, hierarchy in shape.hierarchies.items()})


def code_losses(model: nn.Module, source: str, visit_BD: Tensor, tables: dict[str, Tensor], visit: Visit) -> Tensor:
    """Mean over the kinds predicted of the cross-entropy of each visit's masked codes."""

    def loss(kind: str) -> Tensor:
        logits_BV = F.linear(model.heads[source][kind](visit_BD), tables[kind], model.bias[kind])
        targets_BV = visit[f"{kind}.targets"]
        count_B = targets_BV.sum(1)
        loss_B = -(F.log_softmax(logits_BV, -1) * targets_BV).sum(1) / count_B.clamp(min=1)
        return (loss_B * (count_B > 0)).sum() / (count_B > 0).sum().clamp(min=1)

    return mean(loss(kind) for kind in tables)


def mean(losses) -> Tensor:
    return torch.stack(list(losses)).mean()
