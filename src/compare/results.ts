/** All that a comparison found, as data: results.json, from which the tables and the page are made. */
import type { Effect } from './effects.js';
import type { Evaluation } from './evaluation.js';
import type { Grid } from './grid.js';
import { spreadOf, type Measurement, type Spread } from './measurements.js';
import { allShares, tasksOf } from './selection.js';
import { shareKey, shareSize, shareTitle } from './share.js';
import { taskTables, type TaskName, type TaskTable } from './tasks.js';

export interface FailedJob {
  name: string;
  reason: string;
  log: string;
}

export interface TaskResult extends TaskTable {
  task: TaskName;
  visits: number;
  labels: number;
}

export interface RowOfTask {
  /** Figure → mean, standard deviation and the value of each seed. */
  figures: Record<string, Spread>;
  seeds: number[];
  /** Seeds whose cell failed. */
  failed: number;
  /** Of the primary figure, in [0, 1]. */
  share_of_ceiling?: number;
}

export interface ResultRow extends Pick<Measurement, 'name' | 'group' | 'kind'> {
  tasks: Partial<Record<TaskName, RowOfTask>>;
}

export interface ResultTable {
  /** `1`, `0.1`, `k8`. */
  share: string;
  title: string;
  /** Fraction or number of shots. */
  size: number;
  rows: ResultRow[];
}

export interface Comparison {
  title: string;
  config: string;
  split: string;
  seeds: number[];
  pretrain_seeds: number[];
  /** Whether any model is pre-trained here. */
  pretrained: boolean;
  tasks: TaskResult[];
  /** One a share of the data, all data first. */
  tables: ResultTable[];
  effects: Effect[];
  failed: FailedJob[];
}

export interface Findings {
  measurements: readonly Measurement[];
  effects: Effect[];
  failed: FailedJob[];
  /** Any evaluation of a task. */
  evaluationOf: (task: TaskName) => Evaluation | undefined;
}

export function comparisonOf(grid: Grid, { measurements, effects, failed, evaluationOf }: Findings): Comparison {
  const { title, config, split, seeds, pretrain_seeds } = grid;
  const tasks = tasksOf(grid).map((task) => ({ task, ...taskTables[task], visits: evaluationOf(task)?.visits ?? 0, labels: evaluationOf(task)?.labels ?? 0 }));
  const tables = allShares(grid).map((share) => {
    const inShare = measurements.filter((one) => shareKey(one.share) === shareKey(share));
    return { share: shareKey(share), title: shareTitle(share), size: shareSize(share), rows: rowsOf(inShare) };
  });
  return { title, config, split, seeds, pretrain_seeds, pretrained: grid.models.some(({ from }) => from !== undefined), tasks, tables, effects, failed };
}

/** Rows in the order of the measurements; a model has one row for all its tasks. */
function rowsOf(measurements: readonly Measurement[]): ResultRow[] {
  const rows = new Map<string, ResultRow>();
  for (const measurement of measurements) {
    const { name, group, kind, task } = measurement;
    const key = `${kind} ${name}`;
    const row = rows.get(key) ?? { name, group, kind, tasks: {} };
    rows.set(key, row);
    row.tasks[task] = rowOfTask(measurement, measurements.find((one) => one.kind === 'ceiling' && one.task === task));
  }
  return [...rows.values()];
}

function rowOfTask(measurement: Measurement, ceiling: Measurement | undefined): RowOfTask {
  const { task, runs, failed } = measurement;
  const names = [...new Set(runs.flatMap(({ row }) => Object.keys(row.figures)))];
  const figures = Object.fromEntries(names.map((name) => [name, spreadOf(measurement, name)!]));
  const { primary } = taskTables[task];
  const best = ceiling && spreadOf(ceiling, primary)?.mean;
  const own = figures[primary]?.mean;
  return { figures, seeds: runs.map(({ seed }) => seed), failed, share_of_ceiling: best === undefined || own === undefined ? undefined : own / best };
}
