/** Numbers and dates as the pages print them. */

/** What stands where a figure is undefined or was not measured. */
export const ABSENT = '–';

/** A figure between 0 and 1, or a loss. `null` is what NaN becomes in JSON. */
export const figure = (value: number | null | undefined): string => (isFiniteNumber(value) ? value.toFixed(3) : ABSENT);

/** A share in [0, 1] as a percentage with one decimal. */
export const percent = (share: number | null | undefined): string => (isFiniteNumber(share) ? `${(100 * share).toFixed(1)} %` : ABSENT);

/** A count with thousands separators. */
export const count = (value: number): string => value.toLocaleString('en-US');

/** With a capital letter first. */
export const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** Date and time to the minute in UTC; what is not a date is returned unchanged. */
export function dateTime(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

export const isFiniteNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
