/** How the tables print figures: in per cent with two decimals, standard deviation in brackets. */
import type { Spread } from './measurements.js';
import type { Effect, Verdict } from './effects.js';

const ABSENT = '–';

/** `70.21 (0.34)`; a single seed has no deviation. */
export function percentSpread(spread: Spread | undefined): string {
  if (!spread || Number.isNaN(spread.mean)) return ABSENT;
  return Number.isNaN(spread.std) ? points(spread.mean) : `${points(spread.mean)} (${points(spread.std)})`;
}

/** `93.1 %`. */
export const percentShare = (share: number | undefined): string => (share === undefined || Number.isNaN(share) ? ABSENT : `${(100 * share).toFixed(1)} %`);

const points = (value: number): string => (100 * value).toFixed(2);

/** `+1.23`, in percentage points. */
export const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(100 * value).toFixed(2)}`;

export const interval = ({ difference }: Effect): string => (difference ? `${signed(difference.low)} to ${signed(difference.high)}` : ABSENT);

export const pValue = (p: number | undefined): string => (p === undefined || Number.isNaN(p) ? ABSENT : p < 0.001 ? '< 0.001' : p.toFixed(3));

/** The verdict in words, the same whichever way it went. */
export function inWords({ verdict, difference }: Effect): string {
  const words: Record<Verdict, string> = {
    there: 'there',
    'not shown': difference && difference.estimate > 0 ? 'in this direction, but not more than chance would give' : 'not there',
    opposite: 'the other way round',
    'other visits': 'cannot be paired: scored on other visits',
    'not measured': 'not measured',
  };
  return words[verdict];
}
