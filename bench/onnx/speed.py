"""Two exported models that differ in nothing but open and fixed axes: seconds a run, taken in turn.

    medweave export model --run RUN --out OPEN
    medweave export model --run RUN --out FIXED --shape batch=4,chunks=2,tokens=512,rx_codes=20
    python bench/onnx/speed.py OPEN/model.onnx FIXED/model.onnx

The second model says the extents. Needs onnxruntime and numpy.
"""
import sys
import time

import numpy
import onnxruntime

RUNS = 9


def made_up(inputs):
    """Ids of ones, masks of ones: what takes the same time as anything else."""
    types = {"tensor(int32)": numpy.int32, "tensor(bool)": bool, "tensor(float)": numpy.float32}
    return {i.name: numpy.ones(i.shape, types[i.type]) for i in inputs}


def main():
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    sessions = [onnxruntime.InferenceSession(path, options) for path in sys.argv[1:3]]
    feeds = made_up(sessions[1].get_inputs())
    outputs = [session.run(["probabilities"], feeds)[0] for session in sessions]
    seconds = [[], []]
    for _ in range(RUNS):
        for session, taken in zip(sessions, seconds):
            started = time.perf_counter()
            session.run(["probabilities"], feeds)
            taken.append(time.perf_counter() - started)
    print({name: list(value.shape) for name, value in feeds.items()})
    for path, taken in zip(sys.argv[1:3], seconds):
        print(f"{path}: median {numpy.median(taken):.3f} s, fastest {min(taken):.3f} s")
    print(f"largest difference {abs(outputs[0] - outputs[1]).max():.1e}")


if __name__ == "__main__":
    main()
