"""The frozen prefix as inference: embeddings and the first layers, notes that fill the window."""

import torch
from torch._inductor import config as inductor

from batch import random_words
from bert import Prefix
from measure import gflop_of, report, time_interleaved
from options import common_options, prepare, repeats_option, text_shape


def main() -> None:
    parser = common_options(__doc__)
    repeats_option(parser)
    parser.add_argument("--layers", type=int, default=10)
    parser.add_argument("--vocabulary", type=int, default=30522)
    arguments = parser.parse_args()
    names = prepare(arguments)
    model = Prefix(text_shape(arguments, arguments.layers)).eval().requires_grad_(False)
    ids_BT = random_words(arguments.batch, arguments.tokens, arguments.vocabulary)

    # Freezing packs the weights once, when the model is compiled.
    inductor.freezing = True
    calls = {"eager": model, "compile": torch.compile(model)}
    with torch.no_grad():
        timings = time_interleaved({name: lambda call=calls[name]: call(ids_BT, None) for name in names}, arguments.repeats, arguments.warm_up)
        gflop = gflop_of(lambda: model(ids_BT, None))
    report(timings, gflop, arguments.batch, {"what": "encode", "shape": vars(arguments)})


if __name__ == "__main__":
    main()
