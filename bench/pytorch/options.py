"""Command-line options that the scripts share, named as those of `medweave bench`, and the shapes they stand for."""

import argparse

import torch

from bert import BertShape
from medm_plm import CodesShape, ModelShape
from ontology import Hierarchy, read_hierarchy, synthetic_hierarchy


def common_options(description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--batch", type=int, default=8, help="visits in a batch")
    parser.add_argument("--tokens", type=int, default=512, help="tokens of a note, [CLS] and [SEP] included")
    parser.add_argument("--width", type=int, default=768)
    parser.add_argument("--heads", type=int, default=12)
    parser.add_argument("--feed-forward", type=int, default=3072)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--warm-up", type=int, default=3, help="rounds that do not count")
    parser.add_argument("--variants", default="eager,compile", help="of eager and compile")
    parser.add_argument("--seed", type=int, default=0)
    return parser


def code_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--codes", type=int, help="diagnoses in the vocabulary (6,646; codes: 8,000)")
    parser.add_argument("--medications", type=int, help="medications in the vocabulary; 0: diagnoses only (155; codes: 0)")
    parser.add_argument("--visit-codes", type=int, default=61, help="positions of each kind in a visit, [CLS] included")
    parser.add_argument("--hierarchy", help="file of `medweave bench --save-hierarchy` instead of a synthetic hierarchy of the diagnoses")


def repeats_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--repeats", type=int, default=9, help="timed rounds")


def prepare(arguments: argparse.Namespace) -> list[str]:
    """Threads, seed and float32 throughout; returns the variants asked for."""
    torch.set_num_threads(arguments.threads)
    torch.set_float32_matmul_precision("highest")
    torch.manual_seed(arguments.seed)
    return arguments.variants.split(",")


def text_shape(arguments: argparse.Namespace, layers: int) -> BertShape:
    return BertShape(
        width=arguments.width,
        layers=layers,
        heads=arguments.heads,
        feed_forward=arguments.feed_forward,
        vocabulary=getattr(arguments, "vocabulary", 0),
        positions=arguments.tokens,
        dropout=arguments.dropout,
    )


def model_shape(arguments: argparse.Namespace, layers: int) -> ModelShape:
    return ModelShape(text_shape(arguments, layers), hierarchies(arguments), CodesShape(dropout=arguments.dropout))


def hierarchies(arguments: argparse.Namespace) -> dict[str, Hierarchy]:
    alone = getattr(arguments, "model", None) == "codes"
    codes = arguments.codes or (8000 if alone else 6646)
    medications = (0 if alone else 155) if arguments.medications is None else arguments.medications
    diagnoses = read_hierarchy(arguments.hierarchy) if arguments.hierarchy else synthetic_hierarchy(codes)
    return {"dx": diagnoses, **({"rx": synthetic_hierarchy(medications)} if medications else {})}
