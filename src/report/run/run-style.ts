/** How runs are told apart in every plot of the page: by hue, and by dashes where there are more runs than hues. */

export interface RunLine {
  /** A CSS colour: one of the page's variables. */
  colour: string;
  dash?: string;
}

const HUES = 4;
const DASHES = [undefined, '6 4', '2 3'] as const;

/** @param place of the run in the report */
export const lineOf = (place: number): RunLine => ({ colour: `var(--hue-${(place % HUES) + 1})`, dash: DASHES[Math.floor(place / HUES) % DASHES.length] });
