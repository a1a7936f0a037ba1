/**
 * Plans, on the host, how to add up rows by a fixed list of segments without races: rounds of scatters whose indices never repeat.
 *
 * A round adds at most one row to each accumulator, so that it can run in parallel (ONNX Runtime's ScatterND with repeated indices
 * loses updates). A segment of more than `CHUNK` rows gets an accumulator for each chunk, which the next level adds up.
 */
import type { TensorInfo } from '@tensorflow/tfjs';
import type { Recorder } from '../recorder.js';

/** Rows that one accumulator takes in at most, and so rounds in a level. Measured best of 2, 3, 4, 8 on ontology graphs. */
const CHUNK = 4;

interface Round {
  /** Accumulators, each at most once. */
  accumulators: Int32Array;
  /** The row that each of them takes. */
  rows: Int32Array;
}

interface Level {
  /** The segments' own accumulators come first, those of further chunks after them. */
  accumulators: number;
  rounds: Round[];
}

export interface ScatterPlan {
  segments: number;
  levels: Level[];
}

/** @param segmentOf for each row, the segment it belongs to, in [0, segments) */
export function planScatter(segmentOf: Int32Array, segments: number): ScatterPlan {
  const levels: Level[] = [];
  let pending = groupBySegment(segmentOf, segments);
  for (;;) {
    const chunks = pending.map((rows) => rows.slice(0, CHUNK));
    const owners: number[] = [];
    pending.forEach((rows, segment) => {
      for (let at = CHUNK; at < rows.length; at += CHUNK) {
        chunks.push(rows.slice(at, at + CHUNK));
        owners.push(segment);
      }
    });
    levels.push({ accumulators: chunks.length, rounds: roundsOf(chunks) });
    if (!owners.length) return { segments, levels };
    // The further chunks' sums are the next level's rows.
    pending = groupBySegment(Int32Array.from(owners), segments);
  }
}

function groupBySegment(segmentOf: Int32Array, segments: number): number[][] {
  const groups = Array.from({ length: segments }, (): number[] => []);
  segmentOf.forEach((segment, row) => groups[segment]!.push(row));
  return groups;
}

function roundsOf(chunks: number[][]): Round[] {
  const rounds = Array.from({ length: CHUNK }, (_, k): Round => {
    const accumulators = [...chunks.keys()].filter((i) => chunks[i]!.length > k);
    return { accumulators: Int32Array.from(accumulators), rows: Int32Array.from(accumulators, (i) => chunks[i]![k]!) };
  });
  return rounds.filter((round) => round.accumulators.length);
}

/** Sums rows [E, F] by segment: [segments, F]. */
export function recordScatter(recorder: Recorder, rows_EF: TensorInfo, { segments, levels }: ScatterPlan): TensorInfo {
  const width = rows_EF.shape[1]!;
  let rows = rows_EF;
  let sums: TensorInfo | undefined;
  for (const { accumulators, rounds } of levels) {
    const start = sums ? padRows(recorder, sums, accumulators) : undefined;
    const filled = rounds.reduce((sum: TensorInfo | undefined, round) => addRound(recorder, { sum, rows, round, accumulators }), start);
    const all = filled ?? recorder.fill(0, [accumulators, width], 'float32');
    sums = takeRows(recorder, all, 0, segments);
    rows = takeRows(recorder, all, segments, accumulators);
  }
  return sums!;
}

interface RoundArguments {
  sum: TensorInfo | undefined;
  rows: TensorInfo;
  round: Round;
  accumulators: number;
}

function addRound(recorder: Recorder, { sum, rows, round, accumulators }: RoundArguments): TensorInfo {
  const width = rows.shape[1]!;
  const count = round.rows.length;
  const taken = recorder.emit('Gather', [rows, recorder.constant('int32', [count], round.rows)], { shape: [count, width], dtype: 'float32' }, { axis: 0 });
  if (!sum && count === accumulators) return taken;
  const target = sum ?? recorder.fill(0, [accumulators, width], 'float32');
  const positions = recorder.constant('int64', [count, 1], BigInt64Array.from(round.accumulators, BigInt));
  return recorder.emit('ScatterND', [target, positions, taken], target, { reduction: 'add' });
}

function padRows(recorder: Recorder, x: TensorInfo, rows: number): TensorInfo {
  const missing = rows - x.shape[0]!;
  if (!missing) return x;
  return recorder.emit('Pad', [x, recorder.integers([0, 0, missing, 0]), recorder.scalar(0)], { shape: [rows, x.shape[1]!], dtype: 'float32' });
}

function takeRows(recorder: Recorder, x: TensorInfo, from: number, to: number): TensorInfo {
  if (from === 0 && to === x.shape[0]) return x;
  const bounds = [[from], [to], [0]].map((values) => recorder.integers(values));
  return recorder.emit('Slice', [x, ...bounds], { shape: [to - from, x.shape[1]!], dtype: 'float32' });
}
