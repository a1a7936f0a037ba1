/** The leak linter: all checks, for a data set, a task about to be trained, or a run. */
import { dataError } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import type { Dataset } from '../dataset/index.js';
import type { Finding, Leak, LeakName, TaskDeclaration, TaskReads } from './declaration.js';
import { checkFitted } from './fitted.js';
import { checkInputs } from './inputs.js';
import { checkLineage } from './lineage.js';
import { checkNotes } from './notes.js';
import { checkRun } from './run.js';
import { checkSplit } from './split.js';
import { checkTimes } from './times.js';

export interface LintRequest {
  dataset: Dataset;
  /** The task to be trained, or that of `run`. */
  declaration?: TaskDeclaration;
  /** Rows that the task reads; by default every labelled visit and all earlier visits of its patient. Called only where times must be compared. */
  reads?: () => TaskReads;
  /** A finished run of any stage. */
  run?: string;
  /** A run or checkpoint that training starts from. */
  pretrained?: string;
  /** Also look for notes that are on both sides of the split. */
  notes?: boolean;
}

/** Every check that the request allows, in the order of docs/leaks.md. @throws data error when a file cannot be read */
export function lint({ dataset, declaration, reads = () => everythingBefore(dataset), run, pretrained, notes = false }: LintRequest): Finding[] {
  const findings = [...checkSplit(dataset), ...(notes ? [checkNotes(dataset)] : []), ...checkFitted(dataset)];
  if (run !== undefined) findings.push(...checkRun(dataset, run), ...checkLineage(dataset, run));
  if (pretrained !== undefined) findings.push(...checkLineage(dataset, pretrained));
  if (declaration) findings.push(...checkInputs(declaration), ...(needsTimes(declaration) ? checkTimes(dataset, declaration, reads()) : []));
  const allowed = new Set(declaration?.allow);
  return findings.map((finding) => (finding.status === 'leak' && allowed.has(finding.name!) ? { ...finding, status: 'allowed' } : finding));
}

const needsTimes = ({ predictionTime, inputs }: TaskDeclaration): boolean => predictionTime !== 'after-coding' || inputs.some(({ visit }) => visit === 'past');

/** What a task could read at most. */
function everythingBefore({ size, labelled, sequence }: Dataset): TaskReads {
  const targets = Array.from({ length: size }, (_, row) => row).filter((row) => labelled[row] === 1);
  return { targets, historyOf: (row) => Array.from({ length: sequence[row]! }, (_, i) => row - sequence[row]! + i) };
}

/** The leaks that are not allowed. */
export const findLeaks = (request: LintRequest): Leak[] =>
  lint(request).flatMap(({ status, name, message }) => (status === 'leak' ? [{ name: name as LeakName, message }] : []));

/**
 * For training to call first: warns of allowed leaks and of what is unclear.
 * @throws data error that lists the leaks
 */
export function assertNoLeaks(request: LintRequest & { log: Logger }): void {
  const findings = lint(request);
  for (const { status, check, name, message } of findings) {
    if (status === 'allowed') request.log.warn(`leak allowed (${name}): ${message}`);
    if (status === 'unclear') request.log.warn(`leaks: ${check}: ${message}`);
  }
  const leaks = findings.filter(({ status }) => status === 'leak');
  if (leaks.length) throw dataError(summaryOf(leaks));
}

/** One line: `2 leaks: name: what; name: what …`. */
export const summaryOf = (leaks: readonly Finding[]): string =>
  `${leaks.length === 1 ? 'a leak' : `${leaks.length} leaks`}: ${leaks.map(({ name, message }) => `${name}: ${message}`).join(' — ')} (to reproduce a leak on purpose, name it in finetune.allow_leaks; docs/leaks.md)`;
