/** What cards tell of people, and when: small counts are not told, since they could point at a person (decision 0090), and of dates only the year. */
import { count } from '../report/format.js';

export interface CardOptions {
  /** Counts from 1 to below this are given as `< N`. */
  smallCell: number;
}

/** As Markdown. */
export const people = (value: number, { smallCell }: CardOptions): string => (value > 0 && value < smallCell ? `&lt; ${smallCell}` : count(value));

/** Whoever looks through a card for dates (`medweave check --phi`) need not ask whose they are. @param iso ISO 8601 */
export const yearOf = (iso: string): string => iso.slice(0, 4);
