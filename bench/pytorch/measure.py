"""Times variants of the same work in turn, so that a noisy neighbour disturbs all of them alike, and says what they ran on."""

import ctypes
import json
import os
import resource
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

Run = Callable[[], object]

QUIET = 0.1


def time_interleaved(variants: dict[str, Run], repeats: int, warm_up: int) -> dict[str, dict[str, float | None]]:
    """`quiet_ms` is the median of the rounds during which other processes used less than a tenth of a core."""
    rounds: dict[str, list[Round]] = {name: [] for name in variants}
    for turn in range(warm_up + repeats):
        for name, run in variants.items():
            result = timed(run)
            if turn >= warm_up:
                rounds[name].append(result)
    return {name: summary(values) for name, values in rounds.items()}


class Round(NamedTuple):
    ms: float
    cpu_ms: float
    """Processor time of all threads."""
    others: float
    """Cores that other processes kept busy meanwhile."""


def timed(run: Run) -> Round:
    start, own, others = time.perf_counter(), time.process_time(), seconds_of_others()
    run()
    seconds = time.perf_counter() - start
    return Round(seconds * 1e3, (time.process_time() - own) * 1e3, (seconds_of_others() - others) / seconds)


def summary(rounds: list[Round]) -> dict[str, float | None]:
    times = [turn.ms for turn in rounds]
    quiet = [turn.ms for turn in rounds if turn.others < QUIET]
    return {
        "ms": statistics.median(times),
        "mean_ms": statistics.fmean(times),
        "min_ms": min(times),
        "max_ms": max(times),
        "quiet_ms": statistics.median(quiet) if quiet else None,
        "cpu_ms": statistics.median(turn.cpu_ms for turn in rounds),
        "others_cores": statistics.median(turn.others for turn in rounds),
    }


def seconds_of_others() -> float:
    """Processor time that other processes have used so far (Linux; 0 elsewhere)."""
    if not os.path.exists("/proc/stat"):
        return 0.0
    with open("/proc/stat") as file:
        user, nice, system, _idle, _wait, interrupts, soft, stolen = map(int, file.readline().split()[1:9])
    own = time.process_time()
    return (user + nice + system + interrupts + soft + stolen) / os.sysconf("SC_CLK_TCK") - own


def gflop_of(run: Run) -> float:
    """Floating-point operations (1e9) of the matrix products in one run, attention's included."""
    with sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as counter:
        run()
    return counter.get_total_flops() / 1e9


def report(timings: dict[str, dict[str, float]], gflop: float, visits: int, facts: dict) -> None:
    """One JSON object on standard output: each variant, and the best as `ms`, as `medweave bench --json` names it."""
    for timing in timings.values():
        timing["gflops_per_second"] = gflop / timing["ms"] * 1e3
        timing["visits_per_second"] = visits / timing["ms"] * 1e3
    best = min(timings, key=lambda name: timings[name]["ms"])
    print_json({**facts, "gflop": gflop, "best": best, **timings[best], "variants": timings, "machine": machine()})


def print_json(result: dict) -> None:
    print(json.dumps(result, indent=2))


def machine() -> dict:
    return {
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
        "instructions": torch.backends.cpu.get_cpu_capability(),
        "mkl_believes_intel": mkl_believes_intel(),
        "load_average": os.getloadavg(),
        "peak_memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def mkl_believes_intel() -> bool:
    """MKL runs its AVX-512 kernels only where this holds; on other processors it stays with AVX2's (README)."""
    try:
        return bool(ctypes.CDLL(None).mkl_serv_intel_cpu_true())
    except AttributeError:
        return bool(ctypes.CDLL(torch._C.__file__).mkl_serv_intel_cpu_true())
