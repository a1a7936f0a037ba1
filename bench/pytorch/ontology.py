"""A code hierarchy and graph attention over it (G-BERT, Shang et al. 2019; MedM-PLM eq. 1-3).

The weighted sum over edges is `embedding_bag`, which PyTorch does fastest of what was tried on a CPU (`index_add`, `scatter_add`, CSR
products, dense padded neighbours; README).
"""

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CHILDREN_OF_CATEGORY = 7
CATEGORIES_OF_RANGE = 8


@dataclass(frozen=True)
class Hierarchy:
    """Nodes 0 ... leaves - 1 are the codes; parent is -1 at a root."""

    leaves: int
    parent: list[int]


def synthetic_hierarchy(leaves: int) -> Hierarchy:
    """Three levels above the codes, about as wide as ICD-9-CM's: categories, ranges, a root."""
    categories = -(-leaves // CHILDREN_OF_CATEGORY)
    ranges = -(-categories // CATEGORIES_OF_RANGE)
    first_range = leaves + categories
    root = first_range + ranges
    parent = [leaves + i // CHILDREN_OF_CATEGORY for i in range(leaves)]
    parent += [first_range + i // CATEGORIES_OF_RANGE for i in range(categories)]
    return Hierarchy(leaves, [*parent, *[root] * ranges, -1])


def read_hierarchy(file: str) -> Hierarchy:
    """A file `{"leaves": L, "parent": [...]}`, so that two programs can be given the same graph."""
    content = json.loads(Path(file).read_text())
    return Hierarchy(content["leaves"], content["parent"])


class Edges(nn.Module):
    """Edges source -> target sorted by target, laid out as bags for each (target, head). Buffers, no parameters."""

    def __init__(self, edges: list[tuple[int, int]], nodes: int, heads: int):
        super().__init__()
        self.nodes = nodes
        source, target = torch.tensor(sorted(edges, key=lambda edge: edge[1])).unbind(1)
        head = torch.arange(heads)
        by_bag = torch.argsort((target[:, None] * heads + head).flatten(), stable=True)
        degree = torch.bincount(target, minlength=nodes).repeat_interleave(heads)
        self.register_buffer("source", source.contiguous())
        self.register_buffer("target", target.contiguous())
        self.register_buffer("by_bag", by_bag)
        self.register_buffer("bag_source", (source[:, None] * heads + head).flatten()[by_bag])
        self.register_buffer("bag_start", degree.cumsum(0) - degree)


def edges_of(hierarchy: Hierarchy, heads: int) -> tuple[Edges, Edges]:
    """Pass 1: inner nodes attend to their children; pass 2: codes attend to all their ancestors; every node to itself."""
    parent = hierarchy.parent
    own = [(node, node) for node in range(len(parent))]
    up = [(node, above) for node, above in enumerate(parent) if above >= 0]
    down = [(ancestor, leaf) for leaf in range(hierarchy.leaves) for ancestor in ancestors(leaf, parent)]
    return Edges(own + up, len(parent), heads), Edges(own + down, len(parent), heads)


def ancestors(node: int, parent: list[int]) -> list[int]:
    found = []
    while (node := parent[node]) >= 0:
        found.append(node)
    return found


class OntologyEmbedding(nn.Module):
    def __init__(self, hierarchy: Hierarchy, width: int, heads: int):
        super().__init__()
        self.leaves = hierarchy.leaves
        self.nodes = nn.Parameter(torch.randn(len(hierarchy.parent), width) / width**0.5)
        self.map = nn.Linear(width, width, bias=False)
        self.attention_source = nn.Parameter(torch.randn(heads, width // heads) * 0.1)
        self.attention_target = nn.Parameter(torch.randn(heads, width // heads) * 0.1)
        self.bottom_up, self.top_down = edges_of(hierarchy, heads)

    def forward(self) -> Tensor:
        """Embeddings of the codes [leaves, width]."""
        return self.attend(self.attend(self.nodes, self.bottom_up), self.top_down)[: self.leaves]

    def attend(self, x_ND: Tensor, edges: Edges) -> Tensor:
        h_NHK = self.map(x_ND).unflatten(-1, self.attention_source.shape)
        from_source_NH = (h_NHK * self.attention_source).sum(-1)
        from_target_NH = (h_NHK * self.attention_target).sum(-1)
        scores_EH = from_source_NH.index_select(0, edges.source) + from_target_NH.index_select(0, edges.target)
        weights_EH = softmax_over_incoming(F.leaky_relu(scores_EH, 0.2), edges)
        context = F.embedding_bag(
            edges.bag_source,
            h_NHK.flatten(0, 1),
            edges.bag_start,
            per_sample_weights=weights_EH.flatten()[edges.by_bag],
            mode="sum",
        )
        return context.view_as(x_ND)


def softmax_over_incoming(scores_EH: Tensor, edges: Edges) -> Tensor:
    target_EH = edges.target[:, None].expand_as(scores_EH)
    empty_NH = scores_EH.new_zeros(edges.nodes, scores_EH.shape[1])
    with torch.no_grad():
        largest_NH = empty_NH.scatter_reduce(0, target_EH, scores_EH, "amax", include_self=False)
    exponentials_EH = (scores_EH - largest_NH.index_select(0, edges.target)).exp()
    sums_NH = empty_NH.scatter_add(0, target_EH, exponentials_EH)
    return exponentials_EH / sums_NH.index_select(0, edges.target)
