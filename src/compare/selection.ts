/** What of a grid is run: the command line's choice of models, tasks, shares and seeds. */
import { configurationError } from '../core/errors.js';
import type { Grid, GridModel } from './grid.js';
import { shareKey, type Share } from './share.js';
import type { TaskName } from './tasks.js';

export interface Selection {
  models?: readonly string[];
  tasks?: readonly string[];
  fractions?: readonly number[];
  /** This many seeds, from 1. */
  seeds?: number;
}

/** A grid cut down. @throws configuration error for a name that the grid does not have */
export function select(grid: Grid, { models, tasks, fractions, seeds }: Selection): Grid {
  const chosenModels = models === undefined ? grid.models : pick('--models', models, grid.models, ({ name }) => name);
  const taskEntries = Object.entries(grid.tasks);
  const chosenTasks = tasks === undefined ? taskEntries : pick('--tasks', tasks, taskEntries, ([name]) => name);
  const known = [...new Set(chosenModels.flatMap((model) => sharesOf(grid, model)).flatMap((share) => ('fraction' in share ? [share.fraction] : [])))];
  if (fractions !== undefined) pick('--fractions', fractions.map(String), known, String);
  const keep = (one: readonly number[]): number[] => one.filter((fraction) => fractions === undefined || fractions.includes(fraction));
  return {
    ...grid,
    models: chosenModels.map((model) => ({ ...model, fractions: model.fractions && keep(model.fractions) })),
    tasks: Object.fromEntries(chosenTasks),
    fractions: keep(grid.fractions),
    seeds: seeds === undefined ? grid.seeds : Array.from({ length: seeds }, (_, i) => i + 1),
  };
}

/** Shares of the data at which a model is trained, smallest first. */
export function sharesOf({ fractions, shots }: Pick<Grid, 'fractions' | 'shots'>, model: GridModel): Share[] {
  const ascending = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);
  return [...ascending(model.shots ?? shots).map((k) => ({ shots: k })), ...ascending(model.fractions ?? fractions).map((fraction) => ({ fraction }))];
}

/** All shares of a grid, in the order in which their tables stand: whole data first. */
export function allShares(grid: Grid): Share[] {
  const shares = new Map(grid.models.flatMap((model) => sharesOf(grid, model)).map((share) => [shareKey(share), share]));
  const size = (share: Share): number => ('shots' in share ? share.shots - 1e9 : share.fraction);
  return [...shares.values()].sort((a, b) => size(b) - size(a));
}

export const tasksOf = (grid: Grid): TaskName[] => Object.keys(grid.tasks) as TaskName[];

function pick<T>(option: string, wanted: readonly string[], all: readonly T[], nameOf: (one: T) => string): T[] {
  const unknown = wanted.find((name) => !all.some((one) => nameOf(one) === name));
  if (unknown !== undefined) throw configurationError(`${option} ${unknown}: not in the grid; expected some of ${all.map(nameOf).join(', ')}`);
  return all.filter((one) => wanted.includes(nameOf(one)));
}
