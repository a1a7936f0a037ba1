/** Judges what a grid claims of its models: each difference with its interval and p-value, and whether it is there. */
import { createRng } from '../core/rng.js';
import type { DifferenceInterval } from '../metrics/bootstrap.js';
import type { DifferenceOptions } from './difference.js';
import type { Claim, Grid } from './grid.js';
import { holm } from './holm.js';
import { spreadOf, type Measurement } from './measurements.js';
import { allShares, tasksOf } from './selection.js';
import { shareKey, shareTitle, type Share } from './share.js';
import { taskTables, type TaskName } from './tasks.js';

/**
 * `there`: significantly above; `not shown`: no difference beyond chance, whatever its sign; `opposite`: significantly below; `other visits`: the two
 * were scored on different visits, so that nothing can be paired.
 */
export type Verdict = 'there' | 'not shown' | 'opposite' | 'other visits' | 'not measured';

export interface Effect {
  claim: string;
  task: TaskName;
  /** Which part of the data the models were trained on. */
  share: string;
  figure: string;
  model: string;
  against: string;
  difference?: DifferenceInterval;
  /** Corrected (Holm) over the tasks and shares of the claim. */
  pHolm?: number;
  verdict: Verdict;
}

export type Differ = (plus: readonly Measurement[], minus: readonly Measurement[], options: DifferenceOptions) => DifferenceInterval | undefined;

const LEVEL = 0.05;

/** @param differ the paired difference of measurements: {@link differenceOf} */
export function judgeClaims(grid: Grid, measurements: readonly Measurement[], differ: Differ): Effect[] {
  const rngOf = (...names: string[]) => createRng(0, 'bootstrap', ...names);
  return grid.claims.flatMap((claim) => {
    const effects = comparisonsOf(grid, claim, measurements).map(({ plus, minus, ...what }): Effect => {
      const effect = { claim: claim.name, ...what };
      if (![...plus, ...minus].every(({ runs }) => runs.length)) return { ...effect, verdict: 'not measured' };
      return { ...effect, difference: differ(plus, minus, { figure: what.figure, rng: rngOf(claim.name, what.task, what.share) }), verdict: 'other visits' };
    });
    return withVerdicts(effects);
  });
}

export function withVerdicts(effects: readonly Effect[]): Effect[] {
  const adjusted = holm(effects.map(({ difference }) => difference?.pValue ?? NaN));
  return effects.map((effect, i) => {
    const { difference } = effect;
    if (!difference || Number.isNaN(difference.pValue)) return effect;
    const pHolm = adjusted[i]!;
    return { ...effect, pHolm, verdict: pHolm >= LEVEL ? 'not shown' : difference.estimate > 0 ? 'there' : 'opposite' };
  });
}

interface Comparison extends Pick<Effect, 'task' | 'share' | 'figure' | 'model' | 'against'> {
  plus: Measurement[];
  minus: Measurement[];
}

/** One a task and share; and, where asked, the gain at the smallest share against the gain at the largest. */
function comparisonsOf(grid: Grid, claim: Claim, measurements: readonly Measurement[]): Comparison[] {
  return (claim.tasks ?? tasksOf(grid)).filter((task) => task in grid.tasks).flatMap((task) => {
    const figure = claim.figure === 'rare' ? taskTables[task].rare?.figure : taskTables[task].primary;
    if (figure === undefined) return [];
    const of = (share: Share): Measurement[] => measurements.filter((one) => one.task === task && shareKey(one.share) === shareKey(share));
    const single = sharesOfClaim(grid, claim).flatMap((share): (Comparison & { at: Share })[] => {
      const model = of(share).find((one) => one.kind === 'model' && one.name === claim.model);
      const rival = rivalOf(claim, of(share), taskTables[task].primary);
      return model && rival ? [{ task, share: shareTitle(share), figure, model: model.name, against: rival.name, plus: [model], minus: [rival], at: share }] : [];
    });
    if (!claim.most_with_little_data || single.length < 2) return single;
    const [largest, smallest] = [single[0]!, single.at(-1)!];
    const share = `the gain with ${shareTitle(smallest.at)} above that with ${shareTitle(largest.at)}`;
    return [...single, { ...smallest, share, plus: [...smallest.plus, ...largest.minus], minus: [...smallest.minus, ...largest.plus] }];
  });
}

/** Largest first. */
const sharesOfClaim = (grid: Grid, { fractions, shots }: Claim): Share[] =>
  allShares(grid).filter((share) => ('shots' in share ? shots === undefined || shots.includes(share.shots) : fractions === undefined || fractions.includes(share.fraction)));

/** The model named, or the one of the groups that does best by the task's primary figure (which favours the rival: it is chosen on the same visits). */
function rivalOf({ above, model }: Claim, candidates: readonly Measurement[], primary: string): Measurement | undefined {
  if ('model' in above) return candidates.find(({ kind, name }) => kind !== 'ceiling' && name === above.model);
  const meanOf = (one: Measurement): number => spreadOf(one, primary)?.mean ?? -Infinity;
  return candidates
    .filter(({ group, name, kind }) => name !== model && kind !== 'ceiling' && above.groups.includes(group))
    .sort((a, b) => meanOf(b) - meanOf(a))[0];
}
