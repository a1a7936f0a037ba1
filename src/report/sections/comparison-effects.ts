/** What a comparison claims, difference by difference, and whether it is there. */
import type { Effect } from '../../compare/effects.js';
import { inWords, interval, pValue, signed } from '../../compare/format.js';
import { EFFECTS_NOTE } from '../../compare/markdown.js';
import { figureTitle } from '../../compare/tasks.js';
import { ABSENT } from '../format.js';
import type { Section } from '../page.js';
import { renderTable, type Column } from '../table.js';

const columns: Column<Effect>[] = [
  { heading: 'Claim', cell: ({ claim }) => claim },
  { heading: 'Task', cell: ({ task }) => task },
  { heading: 'Trained on', cell: ({ share }) => share },
  { heading: 'Difference', cell: ({ model, against }) => `${model} − ${against}` },
  { heading: 'Figure', cell: ({ figure }) => figureTitle(figure) },
  { heading: 'Estimate', numeric: true, cell: ({ difference }) => (difference ? signed(difference.estimate) : ABSENT) },
  { heading: '95 % interval', numeric: true, cell: interval },
  { heading: 'p (Holm)', numeric: true, cell: ({ pHolm }) => pValue(pHolm) },
  { heading: 'Verdict', cell: inWords },
];

export function comparisonEffects(effects: readonly Effect[]): Section {
  const claims = [...new Set(effects.map(({ claim }) => claim))];
  const groups = claims.map((claim) => ({ rows: effects.filter((effect) => effect.claim === claim) }));
  const body = renderTable({ id: 'effects-table', caption: EFFECTS_NOTE, columns, groups, emphasised: ({ verdict }) => verdict === 'there' });
  return { id: 'effects', heading: 'What is claimed, and what is there', body };
}

/** Counts the verdicts, the unwelcome ones too. */
export function summaryOf(effects: readonly Effect[]): string {
  const count = (verdict: Effect['verdict']): number => effects.filter((effect) => effect.verdict === verdict).length;
  const rest = ([['not shown', 'not shown'], ['opposite', 'the other way round'], ['other visits', 'not comparable'], ['not measured', 'not measured']] as const)
    .flatMap(([verdict, words]) => (count(verdict) ? [`${count(verdict)} ${words}`] : []));
  return `Of ${effects.length} claimed difference${effects.length === 1 ? '' : 's'}, ${count('there')} ${count('there') === 1 ? 'is' : 'are'} there${rest.length ? `; ${rest.join(', ')}` : ''}.`;
}
