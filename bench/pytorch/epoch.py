"""A pre-training epoch the released way: all twelve layers in every step, every note padded to the longest, on a sample of the steps."""

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path

from torch import Tensor

from batch import SPECIAL_TOKENS, padded_notes, random_codes
from bert import Prefix
from measure import gflop_of, report, time_interleaved
from medm_plm import MultimodalModel, ReleasedModel, Visit
from options import code_options, common_options, hierarchies, model_shape, prepare, text_shape
from training import variants_of


def main() -> None:
    arguments = options()
    variants = prepare(arguments)
    lengths = note_lengths(arguments)
    layers = arguments.layers - arguments.frozen
    model = ReleasedModel(Prefix(text_shape(arguments, arguments.frozen)), MultimodalModel(model_shape(arguments, layers)))
    feed = Feed(batches(arguments, lengths))
    steps = {name: feed.before(step) for name, step in variants_of(model, feed.current, variants).items()}
    timings = time_interleaved(steps, arguments.steps, arguments.warm_up)
    steps_an_epoch = -(-len(lengths) // arguments.batch)
    for timing in timings.values():
        timing["epoch_seconds"] = timing["ms"] * steps_an_epoch / 1e3
    facts = {
        "what": "epoch",
        "shape": vars(arguments),
        "notes": len(lengths),
        "longest_note": max(lengths),
        "steps": arguments.steps,
        "steps_of": steps_an_epoch,
        "extrapolated": "epoch_seconds: the median of the steps timed, times the steps in the epoch",
    }
    report(timings, gflop_of(lambda: model(feed.current).backward()), arguments.batch, facts)


def options() -> argparse.Namespace:
    parser = common_options(__doc__)
    code_options(parser)
    parser.add_argument("--window", type=int, help="longest chunk of a note (--tokens)")
    parser.add_argument("--layers", type=int, default=12, help="text layers")
    parser.add_argument("--frozen", type=int, default=10, help="frozen text layers (with the embeddings)")
    parser.add_argument("--vocabulary", type=int, default=30522)
    parser.add_argument("--lengths", help="JSON list of note lengths in tokens; without it every note has --tokens")
    parser.add_argument("--notes", type=int, help="notes (32, or as many as there are lengths; fewer keep the distribution)")
    parser.add_argument("--steps", type=int, default=5, help="steps that are timed; the epoch is extrapolated")
    parser.add_argument("--pad", choices=["longest", "batch"], default="longest", help="to the longest note of all, as released, or of the batch")
    arguments = parser.parse_args()
    arguments.window = min(arguments.window or arguments.tokens, arguments.tokens)
    return arguments


def note_lengths(arguments: argparse.Namespace) -> list[int]:
    """Word pieces of each note, [CLS] and [SEP] not included, as many as are read."""
    most = arguments.tokens // arguments.window * (arguments.window - SPECIAL_TOKENS)
    if not arguments.lengths:
        return [most] * (arguments.notes or 32)
    lengths = sorted(min(length, most) for length in json.loads(Path(arguments.lengths).read_text()))
    count = arguments.notes or len(lengths)
    return [lengths[int((i + 0.5) * len(lengths) / count)] for i in range(count)]


def batches(arguments: argparse.Namespace, lengths: list[int]) -> Iterator[Visit]:
    """Batches of notes drawn at random, without end."""
    draw = random.Random(arguments.seed)
    sizes = {kind: hierarchy.leaves for kind, hierarchy in hierarchies(arguments).items()}
    while True:
        drawn = draw.sample(lengths, min(arguments.batch, len(lengths)))
        longest = max(lengths if arguments.pad == "longest" else drawn)
        ids, mask = padded_notes(drawn, longest, arguments.window, arguments.vocabulary)
        text: dict[str, Tensor] = {"text.ids": ids} if mask.all() else {"text.ids": ids, "text.mask": mask}
        yield {**text, **random_codes(len(drawn), arguments.visit_codes, sizes)}


class Feed:
    """A batch that is replaced before each step; drawing it is timed with the step, as a data loader's work would be."""

    def __init__(self, source: Iterator[Visit]):
        self.source = source
        self.current: Visit = dict(next(source))

    def before(self, step):
        def run() -> float:
            self.current.clear()
            self.current.update(next(self.source))
            return step()

        return run


if __name__ == "__main__":
    main()
