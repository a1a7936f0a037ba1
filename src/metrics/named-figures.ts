/** Figures of an evaluation as a flat list of names and numbers, for trackers. */

/** Dialect → figure → value; null is what JSON makes of a figure that is undefined. */
export type Figures = Record<string, Record<string, number | null>>;

/** `test_edin_micro_f1`: the split, the dialect, the figure. Figures that are no numbers are left out. */
export function namedFigures(split: string, figures: Figures): Record<string, number> {
  const named: Record<string, number> = {};
  for (const [dialect, values] of Object.entries(figures)) {
    for (const [figure, value] of Object.entries(values)) if (value !== null && Number.isFinite(value)) named[`${split}_${dialect}_${figure}`] = value;
  }
  return named;
}
