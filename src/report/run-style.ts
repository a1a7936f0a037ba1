/** How runs are told apart in every plot of a page: the hue says what a model reads, a broken line or hollow dot that it was not pre-trained. */
import type { ResultRow, RunCurve } from './report-data.js';

export interface RunStyle {
  /** A CSS colour: one of the page's variables. */
  colour: string;
  /** From scratch. */
  hollow: boolean;
}

/** Hues in the style sheet. */
const HUES = 4;

export const REFERENCE_COLOUR = 'var(--reference)';
export const CEILING_COLOUR = 'var(--ceiling)';

/** Styles by name, for models in the order of the table; a curve without a row there gets a hue of its own. */
export function runStyles(rows: readonly ResultRow[], curves: readonly RunCurve[]): Map<string, RunStyle> {
  const models = rows.filter(({ kind }) => kind === 'model');
  const described = new Map(models.map((row) => [row.name, { family: row.inputs, hollow: row.pretrained === false }]));
  for (const { name } of curves) if (!described.has(name)) described.set(name, { family: name, hollow: false });
  const families = [...new Set([...described.values()].map(({ family }) => family))];
  const hueOf = (family: string): string => `var(--hue-${(families.indexOf(family) % HUES) + 1})`;
  return new Map([...described].map(([name, { family, hollow }]) => [name, { colour: hueOf(family), hollow }]));
}

/** Dash pattern of a line in this style. */
export const dashOf = ({ hollow }: RunStyle): string | undefined => (hollow ? '5 4' : undefined);
