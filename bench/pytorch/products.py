"""The rate of a Linear layer's matrix product by itself: MKL (what Linear calls) beside oneDNN (what compiled inference calls)."""

import argparse

import torch
from torch.nn import functional as F

from measure import machine, print_json, time_interleaved

SHAPES = "2048x768x3072,2048x3072x768,2048x768x768"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shapes", default=SHAPES, help="rows x inputs x outputs, comma-separated")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=15)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    shapes = [tuple(map(int, shape.split("x"))) for shape in arguments.shapes.split(",")]
    with torch.inference_mode():
        runs = {f"{library} {'x'.join(map(str, shape))}": run for shape in shapes for library, run in linear_runs(*shape).items()}
        timings = time_interleaved(runs, arguments.repeats, warm_up=3)
    for (name, timing), shape in zip(timings.items(), (shape for shape in shapes for _ in range(2)), strict=True):
        rows, inputs, outputs = shape
        timing["gflops_per_second"] = 2e-6 * rows * inputs * outputs / timing["ms"]
        timing["best_gflops_per_second"] = 2e-6 * rows * inputs * outputs / timing["min_ms"]
    print_json({"what": "products", "products": timings, "machine": machine()})


def linear_runs(rows: int, inputs: int, outputs: int) -> dict:
    x, weight, bias = torch.randn(rows, inputs), torch.randn(outputs, inputs), torch.randn(outputs)
    packed = torch.ops.mkldnn._reorder_linear_weight(weight, rows)
    return {
        "mkl": lambda: F.linear(x, weight, bias),
        "onednn": lambda: torch.ops.mkldnn._linear_pointwise(x, packed, bias, "none", [], ""),
    }


if __name__ == "__main__":
    main()
