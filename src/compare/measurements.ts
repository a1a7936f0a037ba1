/** What was measured: for each model (and reference, and the ceiling), task and share of the data, the figures of every seed. */
import type { Evaluation, EvaluatedRow } from './evaluation.js';
import { groupsOf, type Grid } from './grid.js';
import type { Cell } from './plan.js';
import { shareKey, type Share } from './share.js';
import type { TaskName } from './tasks.js';

export interface Run {
  seed: number;
  /** Directory and row of the evaluation, where the scores are. */
  evaluation: string;
  row: EvaluatedRow;
}

export interface Measurement {
  name: string;
  group: string;
  kind: 'model' | 'reference' | 'ceiling';
  task: TaskName;
  share: Share;
  runs: Run[];
  /** Cells that failed. */
  failed: number;
}

/** @param evaluationOf undefined for a cell that failed */
export function measurementsOf(grid: Grid, cells: readonly Cell[], evaluationOf: (cell: Cell) => Evaluation | undefined): Measurement[] {
  const found = new Map<string, Measurement>();
  const add = (which: Omit<Measurement, 'runs' | 'failed'>, run: Run | undefined): void => {
    const key = [which.kind, which.name, which.task, shareKey(which.share)].join('\n');
    const measurement = found.get(key) ?? { ...which, runs: [], failed: 0 };
    found.set(key, measurement);
    if (run) measurement.runs.push(run);
    else measurement.failed++;
  };
  for (const cell of cells) {
    const { model, task, share, seed } = cell;
    const evaluation = evaluationOf(cell);
    const runOf = (row: EvaluatedRow | undefined): Run | undefined => row && { seed, evaluation: evaluation!.dir, row };
    add({ name: model.name, group: model.group, kind: 'model', task, share }, runOf(evaluation?.rows.find(({ name }) => name === 'model')));
    if (!evaluation || !cell.references) continue;
    for (const { name, row, group } of grid.references?.rows ?? []) {
      const wanted = typeof row === 'string' ? row : row[task];
      const there = evaluation.rows.find((one) => one.name === wanted);
      if (there) add({ name, group, kind: 'reference', task, share }, runOf(there));
    }
    const ceiling = evaluation.rows.find((one) => one.name.startsWith('ceiling'));
    if (ceiling) add({ name: 'Ceiling', group: 'ceiling', kind: 'ceiling', task, share }, runOf(ceiling));
  }
  const rank = rankIn(groupsOf(grid));
  return [...found.values()].sort((a, b) => rank(a) - rank(b));
}

/** Groups in their order, references before models, the ceiling last; otherwise as in the grid (sorting is stable). */
const rankIn = (groups: readonly string[]) => ({ group, kind }: Measurement): number => (kind === 'ceiling' ? Number.MAX_SAFE_INTEGER : 2 * groups.indexOf(group) + (kind === 'model' ? 1 : 0));

export interface Spread {
  mean: number;
  /** Of the sample (n − 1); NaN for a single run. */
  std: number;
  /** One value a seed, in their order. */
  values: number[];
}

/** A figure over the seeds. @returns undefined when no run has it */
export function spreadOf({ runs }: Pick<Measurement, 'runs'>, figure: string): Spread | undefined {
  const values = runs.map(({ row }) => row.figures[figure]).filter((value): value is number => value !== undefined);
  return values.length ? spreadOver(values) : undefined;
}

/** @param values at least one */
export function spreadOver(values: number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, std: Math.sqrt(squares / (values.length - 1)), values };
}
