"""A training step of the models of `medweave bench step --model`: `suffix` (MedM-PLM over given outputs of its frozen text layers), `codes` (its
code encoder alone), `layers` and `bert-base` (BERT from words to a linear head)."""

import argparse

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from batch import random_codes, random_words
from bert import BertShape, Pooler, Prefix
from measure import gflop_of, report, time_interleaved
from medm_plm import CodeModel, ModelShape, MultimodalModel, Visit
from options import code_options, common_options, model_shape, prepare, repeats_option, text_shape
from training import variants_of


class Classifier(nn.Module):
    """BERT with a linear head over its pooled vector: what `medweave bench step` times."""

    def __init__(self, shape: BertShape, labels: int):
        super().__init__()
        self.text = Prefix(shape)
        self.pooler = Pooler(shape.width)
        self.head = nn.Linear(shape.width, labels)

    def forward(self, batch: tuple[Tensor, Tensor]) -> Tensor:
        ids_BT, labels_BL = batch
        return F.binary_cross_entropy_with_logits(self.head(self.pooler(self.text(ids_BT, None))), labels_BL)


def main() -> None:
    arguments = options()
    variants = prepare(arguments)
    model, batch = {"suffix": suffix, "codes": codes, "layers": bert, "bert-base": bert}[arguments.model](arguments)
    steps = variants_of(model, batch, variants)
    timings = time_interleaved(steps, arguments.repeats, arguments.warm_up)
    gflop = gflop_of(lambda: model(batch).backward())
    facts = {"what": "step", "model": arguments.model, "shape": vars(arguments), "nodes": nodes_of(model)}
    report(timings, gflop, arguments.batch, facts)


def options() -> argparse.Namespace:
    parser = common_options(__doc__)
    code_options(parser)
    repeats_option(parser)
    parser.add_argument("--model", choices=["layers", "suffix", "codes", "bert-base"], default="layers")
    parser.add_argument("--layers", type=int, help="text layers that train (2; bert-base: 12)")
    parser.add_argument("--labels", type=int, default=50, help="outputs of the linear head")
    parser.add_argument("--vocabulary", type=int, default=1000, help="word pieces")
    arguments = parser.parse_args()
    arguments.layers = arguments.layers or (12 if arguments.model == "bert-base" else 2)
    return arguments


def suffix(arguments: argparse.Namespace) -> tuple[nn.Module, Visit]:
    shape = model_shape(arguments, arguments.layers)
    hidden_BTD = torch.randn(arguments.batch, arguments.tokens, arguments.width)
    return MultimodalModel(shape), {"text.hidden": hidden_BTD, **visit_codes(arguments, shape)}


def codes(arguments: argparse.Namespace) -> tuple[nn.Module, Visit]:
    shape = model_shape(arguments, 0)
    return CodeModel(shape), visit_codes(arguments, shape)


def visit_codes(arguments: argparse.Namespace, shape: ModelShape) -> Visit:
    return random_codes(arguments.batch, arguments.visit_codes, {kind: hierarchy.leaves for kind, hierarchy in shape.hierarchies.items()})


def bert(arguments: argparse.Namespace) -> tuple[nn.Module, tuple[Tensor, Tensor]]:
    ids_BT = random_words(arguments.batch, arguments.tokens, arguments.vocabulary)
    shape = text_shape(arguments, arguments.layers)
    return Classifier(shape, arguments.labels), (ids_BT, torch.randint(2, (arguments.batch, arguments.labels)).float())


def nodes_of(model: nn.Module) -> dict[str, int]:
    """Kind -> nodes of its hierarchy."""
    encoder = getattr(model, "codes", None)
    return {kind: len(embedding.ontology.nodes) for kind, embedding in encoder.embeddings.items()} if encoder else {}


if __name__ == "__main__":
    main()
