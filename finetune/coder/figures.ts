/** How well a coder does on annotated notes: ranking, decisions, evidence, calibration, and how all that depends on how often a code was seen in training. */
import { codiespEvidenceStrict, type EvidenceSpan } from '../../src/metrics/codiesp/evidence-spans.js';
import { codiespOfficial, codiespStrict, type CodeAssignment } from '../../src/metrics/codiesp/ranked-codes.js';
import { ratio } from '../../src/metrics/mean.js';
import type { ExplainedCode, ExplainedNote } from '../evidence/explained-note.js';
import type { Note } from './note.js';
import { rankedCodes } from './ranked.js';

export interface DecisionFigures {
  precision: number;
  recall: number;
  f1: number;
}

export interface KindFigures extends DecisionFigures {
  notes: number;
  gold: number;
  /** Mean average precision of the ranked lists: over the notes with codes (`codiesp-strict`), and over those that got a list (`codiesp-official`). */
  map: number;
  official_map: number;
  /** Share of the gold codes that are candidates at all. */
  reach: number;
  calibration: Calibration;
  bins: Record<SeenBin, DecisionFigures & { gold: number; reach: number }>;
}

export interface CoderFigures {
  kinds: Record<string, KindFigures>;
  /** CodiEsp-X over all kinds, where there are mentions (`codiesp-strict`). */
  evidence?: DecisionFigures;
}

export interface FiguresInput {
  notes: readonly Note[];
  explained: readonly ExplainedNote[];
  kinds: readonly string[];
  /** Training notes that carry a code, without those of the note's group. */
  seen: (kind: string, code: string, note: Note) => number;
}

const everyCode = (): boolean => true;

export function figuresOf(input: FiguresInput): CoderFigures {
  const { notes, explained, kinds } = input;
  const gold = notes.flatMap((note) => kinds.flatMap((kind) => (note.annotations[kind]?.mentions ?? []).map(({ code, fragments }): EvidenceSpan => {
    return { document: note.id, code, start: Math.min(...fragments.map(([start]) => start)), end: Math.max(...fragments.map(([, end]) => end)) };
  })));
  const predictions = explained.flatMap(({ id, codes }) => codes.filter(({ predicted }) => predicted).flatMap(({ code, spans }) => spans.map(({ start, end }) => ({ document: id, code, start, end }))));
  return {
    kinds: Object.fromEntries(kinds.map((kind) => [kind, figuresOfKind(kind, input)])),
    ...(gold.length && { evidence: codiespEvidenceStrict({ gold, predictions, isValidCode: everyCode }) }),
  };
}

/** A code of a note, as annotators and the coder see it. */
interface Judged {
  bin: SeenBin;
  gold: boolean;
  /** The coder's, where the code is a candidate. */
  found?: ExplainedCode;
}

function figuresOfKind(kind: string, { notes, explained, seen }: FiguresInput): KindFigures {
  const gold: CodeAssignment[] = notes.flatMap(({ id, annotations }) => (annotations[kind]?.codes ?? []).map((code) => ({ document: id, code })));
  const ranked = explained.flatMap((note) => rankedCodes(note, kind).map(({ code }) => ({ document: note.id, code })));
  const submission = { gold, predictions: ranked, isValidCode: everyCode };
  const judged = notes.flatMap((note, n) => judge(note, explained[n]!, kind, (code) => seen(kind, code, note)));
  return {
    notes: notes.length,
    map: codiespStrict(submission).map,
    official_map: codiespOfficial(submission).map,
    ...decisionsOf(judged),
    calibration: calibrationOf(judged),
    bins: Object.fromEntries(seenBins.map((bin) => [bin, decisionsOf(judged.filter((one) => one.bin === bin))])) as KindFigures['bins'],
  };
}

function judge(note: Note, { codes }: ExplainedNote, kind: string, seen: (code: string) => number): Judged[] {
  const carried = new Set(note.annotations[kind]?.codes);
  const found = new Map(codes.filter((one) => one.kind === kind).map((one) => [one.code, one]));
  return [...new Set([...carried, ...found.keys()])].map((code) => ({ bin: binOf(seen(code)), gold: carried.has(code), found: found.get(code) }));
}

function decisionsOf(judged: readonly Judged[]): DecisionFigures & { gold: number; reach: number } {
  const countOf = (test: (one: Judged) => boolean): number => judged.filter(test).length;
  const [gold, predicted] = [countOf((one) => one.gold), countOf((one) => one.found?.predicted ?? false)];
  const hits = countOf((one) => one.gold && (one.found?.predicted ?? false));
  return { gold, reach: ratio(countOf((one) => one.gold && one.found !== undefined), gold), precision: ratio(hits, predicted), recall: ratio(hits, gold), f1: ratio(2 * hits, predicted + gold) };
}

/** By the number of training notes that carry a code. */
export const seenBins = ['unseen', 'tail', 'middle', 'head'] as const;
export type SeenBin = (typeof seenBins)[number];
const UP_TO: Record<SeenBin, number> = { unseen: 0, tail: 5, middle: 25, head: Infinity };
const binOf = (seen: number): SeenBin => seenBins.find((bin) => seen <= UP_TO[bin])!;

/** Candidates by probability, in tenths. */
export interface Calibration {
  /** Mean distance between probability and share of right ones, over candidates. */
  error: number;
  tenths: { candidates: number; probability: number; right: number }[];
}

const TENTHS = 10;

function calibrationOf(judged: readonly Judged[]): Calibration {
  const sums = Array.from({ length: TENTHS }, () => ({ candidates: 0, probability: 0, right: 0 }));
  for (const { found, gold } of judged) {
    if (!found) continue;
    const tenth = sums[Math.min(TENTHS - 1, Math.floor(found.probability * TENTHS))]!;
    tenth.candidates++;
    tenth.probability += found.probability;
    tenth.right += Number(gold);
  }
  const tenths = sums.map(({ candidates, probability, right }) => ({ candidates, probability: candidates ? probability / candidates : NaN, right: candidates ? right / candidates : NaN }));
  const total = sums.reduce((sum, { candidates }) => sum + candidates, 0);
  const error = sums.reduce((sum, { probability, right }) => sum + Math.abs(probability - right), 0) / Math.max(1, total);
  return { error, tenths };
}
