/** The columns of a comparison's table, and which row is best in each. */
import { percentShare, percentSpread } from './format.js';
import type { Comparison, ResultRow, ResultTable, TaskResult } from './results.js';
import type { TaskName } from './tasks.js';

export interface TableColumn {
  task: TaskName;
  heading: string;
  /** `dialect.figure`; the share of the ceiling has none. */
  figure?: string;
  text: (row: ResultRow) => string;
  value: (row: ResultRow) => number | undefined;
}

/** Of a task: the paper's figures, those for rare codes where measured, and the primary figure over the ceiling's. */
export function columnsOf({ task, columns, rare }: TaskResult, { rows }: ResultTable): TableColumn[] {
  const measured = (figure: string): boolean => rows.some((row) => row.tasks[task]?.figures[figure]);
  const figures = [...columns, ...(rare && measured(rare.figure) ? [rare] : [])].map(({ heading, figure }): TableColumn => {
    const spread = (row: ResultRow) => row.tasks[task]?.figures[figure];
    return { task, heading, figure, text: (row) => percentSpread(spread(row)), value: (row) => spread(row)?.mean };
  });
  const share = (row: ResultRow): number | undefined => row.tasks[task]?.share_of_ceiling;
  const hasCeiling = rows.some(({ kind, tasks }) => kind === 'ceiling' && tasks[task]);
  return [...figures, ...(hasCeiling ? [{ task, heading: 'Of ceiling', text: (row: ResultRow) => percentShare(share(row)), value: share }] : [])];
}

/** The model or reference that is best in a column; the ceiling does not compete. */
export function bestRow({ rows }: ResultTable, { value }: TableColumn): ResultRow | undefined {
  const competing = rows.filter((row) => row.kind !== 'ceiling' && Number.isFinite(value(row)));
  return competing.sort((a, b) => value(b)! - value(a)!)[0];
}

/** Failed cells of a row, over all tasks. */
export const failedCells = ({ tasks }: ResultRow): number => Object.values(tasks).reduce((sum, { failed }) => sum + failed, 0);

/** What a reader must know to read the table, one sentence each. */
export function notesOf({ split, seeds, pretrain_seeds, pretrained, tasks }: Comparison): string[] {
  const several = seeds.length > 1;
  return [
    `In per cent, on the ${split} split: ${tasks.map(({ title, visits, labels }) => `${title} ${visits} visits, ${labels} label${labels === 1 ? '' : 's'}`).join('; ')}.`,
    several ? `Mean (standard deviation) over ${seeds.length} fine-tuning seeds. Bold: best of the column, the ceiling apart.` : 'One seed, hence no standard deviation. Bold: best of the column, the ceiling apart.',
    ...(pretrained ? [pretrainNote(pretrain_seeds.slice(0, seeds.length))] : []),
    'Metric dialects (docs/metrics.md): ' + tasks.map(({ title, dialect }) => `${title} ${dialect}`).join('; ') + '.',
    ...(tasks.some(({ rare }) => rare) ? ['Rare codes: those that at most ten training visits carry.'] : []),
    `Of ceiling: ${tasks.map(({ primary }) => primary).join(', ')}, divided by that of the scores from which the data were generated, given the same inputs as the full model.`,
  ];
}

const pretrainNote = (seeds: readonly number[]): string =>
  seeds.length === 1
    ? 'Each pre-training was made once: the deviations do not contain what another pre-training would change.'
    : `Each pre-training was made with ${seeds.length} seeds, over which the fine-tuning seeds take turns.`;
