/** Leak: an input later than the prediction time, by the times of each visit that is read. */
import type { Dataset } from '../dataset/index.js';
import { leaked, passed, unclear, type Finding, type LeakName, type TaskDeclaration, type TaskReads } from './declaration.js';

const DAY = 24 * 60 * 60 * 1000;

/** A discharge summary is dictated when the patient leaves or soon after, and sources may give its time to the day only. */
export const NOTE_TOLERANCE_DAYS = 1;

/**
 * At admission, the past visits that are read must be over, and their notes charted; at discharge, the visit's own note must be charted within
 * {@link NOTE_TOLERANCE_DAYS}. After coding, nothing in the data is later.
 */
export function checkTimes(dataset: Dataset, declaration: TaskDeclaration, reads: TaskReads): Finding[] {
  const { predictionTime, inputs } = declaration;
  const past = inputs.filter(({ visit }) => visit === 'past');
  const readsOwnText = inputs.some(({ visit, modality }) => visit === 'same' && modality === 'text');
  const findings: Finding[] = [];
  if (past.length) findings.push(judge(dataset, endsOfPast(dataset, predictionTime, reads), pastIsOver));
  if (past.some(({ modality }) => modality === 'text')) findings.push(judge(dataset, notesOfPast(dataset, predictionTime, reads), pastIsCharted));
  if (predictionTime === 'discharge' && readsOwnText) findings.push(judge(dataset, ownNotes(dataset, reads), noteIsCharted));
  return findings;
}

interface Comparison {
  /** The row that is predicted for. */
  target: number;
  /** Milliseconds from the prediction to the time of what is read; NaN where either is unknown. */
  lateness: number;
}

const timeOf = ({ admittedAt, dischargedAt }: Dataset, predictionTime: TaskDeclaration['predictionTime']): Float64Array => (predictionTime === 'admission' ? admittedAt : dischargedAt);

function* endsOfPast(dataset: Dataset, predictionTime: TaskDeclaration['predictionTime'], { targets, historyOf }: TaskReads): Generator<Comparison> {
  const times = timeOf(dataset, predictionTime);
  for (const target of Array.from(targets)) for (const past of historyOf(target)) yield { target, lateness: dataset.dischargedAt[past]! - times[target]! };
}

function* notesOfPast(dataset: Dataset, predictionTime: TaskDeclaration['predictionTime'], { targets, historyOf }: TaskReads): Generator<Comparison> {
  const times = timeOf(dataset, predictionTime);
  for (const target of Array.from(targets)) {
    for (const past of historyOf(target)) if (dataset.tokens.lengthOf(past)) yield { target, lateness: dataset.noteChartedAt[past]! - times[target]! };
  }
}

function* ownNotes({ tokens, noteChartedAt, dischargedAt }: Dataset, { targets }: TaskReads): Generator<Comparison> {
  for (const target of Array.from(targets)) if (tokens.lengthOf(target)) yield { target, lateness: noteChartedAt[target]! - dischargedAt[target]! };
}

interface Rule {
  name: LeakName;
  check: string;
  /** Milliseconds. */
  tolerance: number;
  compared: string;
  late: string;
  remedy: string;
}

const pastIsOver: Rule = {
  name: 'overlapping-stays',
  check: 'past visits end before the prediction',
  tolerance: 0,
  compared: 'past visits',
  late: 'end after it',
  remedy: 'leave such visits out of the history',
};

const pastIsCharted: Rule = {
  name: 'late-notes',
  check: 'notes of past visits are charted before the prediction',
  tolerance: 0,
  compared: 'notes',
  late: 'are charted after it',
  remedy: 'leave late notes out (prepare.text.charted_within_days), or text out of finetune.inputs',
};

const noteIsCharted: Rule = {
  name: 'late-notes',
  check: `notes are charted by discharge, or ${NOTE_TOLERANCE_DAYS} day later`,
  tolerance: NOTE_TOLERANCE_DAYS * DAY,
  compared: 'notes',
  late: `are charted more than ${NOTE_TOLERANCE_DAYS} day after discharge, when the prediction is due`,
  remedy: `leave them out with prepare.text.charted_within_days: ${NOTE_TOLERANCE_DAYS}`,
};

function judge({ visitIds }: Dataset, comparisons: Iterable<Comparison>, { name, check, tolerance, compared, late, remedy }: Rule): Finding {
  const targets = new Set<number>();
  let [total, lateOnes, unknown] = [0, 0, 0];
  for (const { target, lateness } of comparisons) {
    total++;
    if (Number.isNaN(lateness)) unknown++;
    else if (lateness > tolerance) {
      lateOnes++;
      targets.add(target);
    }
  }
  const untimed = unknown ? `; ${unknown} have no times to compare` : '';
  if (lateOnes) return leaked(check, { name, message: `${lateOnes} of ${total} ${compared} ${late}${untimed} (${targets.size} predictions read them, e.g. for visit ${visitIds[[...targets][0]!]}); ${remedy}` });
  if (unknown) return unclear(check, `${unknown} of ${total} ${compared} have no times to compare; the others are early enough`);
  return passed(check, `${total} ${compared}`);
}
