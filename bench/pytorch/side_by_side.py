"""Alternates `medweave bench` and the PyTorch script of the same name in one run, and prints medians and ratios.

    side_by_side.py --rounds 5 step --model suffix --batch 8 --tokens 512 [-- options of the PyTorch script only]
"""

import argparse
import json
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
RETAINING_MALLOC = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "100000000000"}
MKL_SHIM = "int mkl_serv_intel_cpu_true(void) { return 1; }\n"
FIGURES = {"step": ("ms", "ms"), "encode": ("ms", "ms"), "epoch": ("epochs.cached.seconds", "epoch_seconds")}
"""What is compared: in medweave's JSON, in the PyTorch script's."""


def main() -> None:
    arguments = options()
    shared, torch_only = split_at_dashes(arguments.rest)
    default = FIGURES[arguments.what]
    fields = (arguments.field or default[0], arguments.torch_field or default[1])
    threads = str(arguments.threads)
    with tempfile.TemporaryDirectory() as folder:
        graph = hierarchy_options(arguments.what, shared, Path(folder) / "hierarchy.json")
        medweave = [*shlex.split(arguments.medweave), "bench", arguments.what, *shared, *graph[0], "--json"]
        pytorch = [sys.executable, str(HERE / f"{arguments.what}.py"), *shared, *graph[1], "--threads", threads, *torch_only]
        environment = torch_environment(arguments, Path(folder))
        rounds = []
        for turn in range(arguments.rounds):
            ours = run(medweave, {"MEDWEAVE_THREADS": threads})
            theirs = run(pytorch, environment)
            rounds.append({"medweave": field(ours, fields[0]), "pytorch": field(theirs, fields[1]), "variant": theirs["best"]})
            print(f"round {turn + 1}: {json.dumps(rounds[-1])}, load {os.getloadavg()[0]:.1f}", file=sys.stderr)
    print(json.dumps({"figures": fields, "medweave_command": medweave, "pytorch_command": pytorch, "tuned": arguments.tuned, **summary(rounds)}, indent=2))


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--medweave", default=f"node {REPOSITORY / 'bin' / 'medweave.js'}", help="command that starts medweave")
    parser.add_argument("--field", help="figure of medweave's JSON to compare, dotted (ms; epoch: epochs.cached.seconds)")
    parser.add_argument("--torch-field", help="figure of the PyTorch script's JSON to compare, e.g. min_ms (ms; epoch: epoch_seconds)")
    parser.add_argument("--tuned", action="store_true", help="PyTorch with a malloc that keeps its memory and MKL's AVX-512 kernels on any processor (README)")
    parser.add_argument("what", choices=["step", "encode", "epoch"])
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="options of both; after --, of the PyTorch script only")
    return parser.parse_args()


def split_at_dashes(rest: list[str]) -> tuple[list[str], list[str]]:
    at = rest.index("--") if "--" in rest else len(rest)
    return rest[:at], rest[at + 1 :]


def hierarchy_options(what: str, shared: list[str], file: Path) -> tuple[list[str], list[str]]:
    """Both get the same graph of diagnoses, where the step has one: medweave writes it, PyTorch reads it."""
    if what == "step" and {"suffix", "codes", "--model=suffix", "--model=codes"} & set(shared):
        return ["--save-hierarchy", str(file)], ["--hierarchy", str(file)]
    return [], []


def torch_environment(arguments: argparse.Namespace, folder: Path) -> dict[str, str]:
    if not arguments.tuned:
        return {}
    (folder / "shim.c").write_text(MKL_SHIM)
    library = folder / "shim.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, folder / "shim.c"], check=True)
    return {**RETAINING_MALLOC, "LD_PRELOAD": str(library)}


def run(command: list[str], environment: dict[str, str]) -> dict:
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{shlex.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout)


def field(result: dict, dotted: str) -> float:
    """The figure at a dotted path."""
    figure = result
    for key in dotted.split("."):
        if key not in figure:
            sys.exit(f"no {dotted} in the JSON, which has {', '.join(figure)}: name another figure with --field or --torch-field")
        figure = figure[key]
    return float(figure)


def summary(rounds: list[dict]) -> dict:
    """`ratio` is medweave's throughput over PyTorch's: the median of the rounds' own ratios."""
    return {
        "medweave": statistics.median(turn["medweave"] for turn in rounds),
        "pytorch": statistics.median(turn["pytorch"] for turn in rounds),
        "ratio": statistics.median(turn["pytorch"] / turn["medweave"] for turn in rounds),
        "rounds": rounds,
    }


if __name__ == "__main__":
    main()
