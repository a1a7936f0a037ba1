/** The note cut into places, each with the codes that rest on it and how much. */
import { segmentsOf } from '../../../report/segments.js';
import { keyOf } from './codes.js';
import type { Span } from './contract.js';
import type { ReviewedCode } from './state.js';

export interface Place {
  text: string;
  /** For each code that rests on it (its key) the share of that code's evidence; where spans overlap, the largest. */
  weights: ReadonlyMap<string, number>;
}

/** @returns the text in order, nothing lost; places without evidence have no weights */
export function placesOf(text: string, codes: readonly ReviewedCode[]): Place[] {
  const ranges = codes.flatMap((code) => code.spans.map((span) => ({ ...span, key: keyOf(code) })));
  return segmentsOf(text, ranges).map((segment) => ({ text: segment.text, weights: weightsOf(segment.covered) }));
}

function weightsOf(covered: readonly (Span & { key: string })[]): Map<string, number> {
  const weights = new Map<string, number>();
  for (const { key, weight } of covered) weights.set(key, Math.max(weight, weights.get(key) ?? 0));
  return weights;
}

const FAINT = 0.14;
const STRONG = 0.46;

/** Share of colour in a tint: the strongest place of a code is strong, however evenly its evidence is spread. */
export const tint = (weight: number, largest: number): number => (largest > 0 ? FAINT + (STRONG - FAINT) * (weight / largest) : FAINT);

/** The same for a style sheet. */
export const tintShare = (weight: number, largest: number): string => `${Math.round(100 * tint(weight, largest))}%`;

export const largestWeight = (places: readonly Place[], key: string): number => places.reduce((most, { weights }) => Math.max(most, weights.get(key) ?? 0), 0);

/** Who rests on a place, by falling weight. */
export const restingOn = ({ weights }: Place): { key: string; weight: number }[] =>
  [...weights].map(([key, weight]) => ({ key, weight })).sort((a, b) => b.weight - a.weight);

export interface Quote {
  text: string;
  weight: number;
  /** In code points. */
  start: number;
}

const LONGEST_QUOTE = 60;

/** What a code's spans say, by falling weight; line ends become spaces, long ones are cut. @param characters the note's code points */
export function quotesOf(characters: readonly string[], spans: readonly Span[], most = 5): Quote[] {
  return [...spans]
    .sort((a, b) => b.weight - a.weight)
    .slice(0, most)
    .map(({ start, end, weight }) => ({ start, weight, text: shortened(characters.slice(start, end).join('').replace(/\s+/g, ' ').trim()) }))
    .filter(({ text }) => text !== '');
}

function shortened(text: string): string {
  const characters = Array.from(text);
  return characters.length > LONGEST_QUOTE ? `${characters.slice(0, LONGEST_QUOTE - 1).join('').trimEnd()}…` : text;
}
