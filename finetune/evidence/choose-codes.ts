/** Which of a model's codes are explained for a note. */
import type { FittedRun } from '../fitted-run.js';
import type { Scored } from '../scoring.js';
import type { ExplainedCode } from './explained-note.js';
import type { AnnotatedVisit } from './store-notes.js';

export interface ChosenCode extends Omit<ExplainedCode, 'spans'> {
  /** Its place among the task's labels. */
  label: number;
}

export interface ChoiceOptions {
  annotated: (row: number) => AnnotatedVisit;
  /** Codes a note, the most probable; the predicted ones are chosen in any case. */
  top: number;
  /** Also the codes that the annotations hold, as far as they are labels. */
  withGold: boolean;
}

/** @returns for each row of `scored` its codes by falling probability */
export function chooseCodes(scored: Scored, { task: { labels }, threshold }: Pick<FittedRun, 'task' | 'threshold'>, { annotated, top, withGold }: ChoiceOptions): Map<number, ChosenCode[]> {
  return new Map(Array.from(scored.rows, (row, v) => {
    const ofVisit = scored.scores.subarray(v * scored.L, (v + 1) * scored.L);
    const gold = new Set(withGold ? annotated(row).evidence.map(nameOf) : []);
    const ranked = Array.from(ofVisit.keys()).sort((a, b) => ofVisit[b]! - ofVisit[a]! || a - b);
    const chosen = ranked.filter((label, rank) => rank < top || ofVisit[label]! > threshold || gold.has(nameOf(labels[label]!)));
    return [row, chosen.map((label) => {
      const { kind, system, code, title } = labels[label]!;
      return { label, kind: kind!, system, code, ...(title !== undefined && { title }), probability: ofVisit[label]!, predicted: ofVisit[label]! > threshold };
    })];
  }));
}

export const nameOf = ({ system, code }: { system: string; code: string }): string => `${system} ${code}`;
