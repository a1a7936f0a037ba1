/** A coder's figures as text. */
import { seenBins, type CoderFigures, type KindFigures } from '../../../finetune/coder/figures.js';
import { alignColumns } from '../run-options.js';

const fixed = (value: number): string => value.toFixed(3);

export function coderTable(heading: string, { kinds, evidence }: CoderFigures): string {
  const overall = alignColumns([
    ['', 'MAP', 'MAP (official)', 'F1', 'precision', 'recall', 'gold codes', 'among candidates', 'calibration error'],
    ...Object.entries(kinds).map(([kind, one]) => [kind, ...[one.map, one.official_map, one.f1, one.precision, one.recall].map(fixed), String(one.gold), fixed(one.reach), fixed(one.calibration.error)]),
    ...(evidence ? [['evidence (X)', '', '', ...[evidence.f1, evidence.precision, evidence.recall].map(fixed), '', '', '']] : []),
  ]);
  return `${heading}\n${overall}\n\n${Object.entries(kinds).map(([kind, one]) => binTable(kind, one)).join('\n\n')}\n`;
}

/** By the number of training notes that carry the code. */
const binNames: Record<(typeof seenBins)[number], string> = { unseen: 'in none', tail: 'in 1 to 5', middle: 'in 6 to 25', head: 'in more' };

const binTable = (kind: string, { bins }: KindFigures): string =>
  alignColumns([
    [`${kind}, training notes with the code`, 'gold codes', 'among candidates', 'F1', 'precision', 'recall'],
    ...seenBins.map((bin) => [binNames[bin], String(bins[bin].gold), ...[bins[bin].reach, bins[bin].f1, bins[bin].precision, bins[bin].recall].map(fixed)]),
  ]);
