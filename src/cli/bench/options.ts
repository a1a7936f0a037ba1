/** The options of `medweave bench`, and the sizes that each measurement has without them. */
import type { Argv } from 'yargs';
import { configurationError } from '../../core/errors.js';
import { configOptions, type ConfigArgs } from '../run-config.js';

export const measurements = ['step', 'encode', 'epoch', 'lengths', 'baseline', 'serve'] as const;
export const stepModels = ['layers', 'suffix', 'codes', 'bert-base'] as const;

const sizeNames = ['batch', 'tokens', 'window', 'width', 'heads', 'feedForward', 'layers', 'frozen', 'vocabulary', 'labels', 'codes', 'medications', 'visitCodes', 'notes', 'steps', 'repeats', 'words', 'threads', 'clients', 'flood'] as const;
type SizeName = (typeof sizeNames)[number];

export interface BenchArgs extends ConfigArgs, Partial<Record<SizeName, number>> {
  what: (typeof measurements)[number];
  model: (typeof stepModels)[number];
  dropout: number;
  precision: 'float32' | 'int8';
  lengths?: string;
  data?: string;
  scaling?: string;
  saveHierarchy?: string;
  run?: string;
}

export const benchOptions = (yargs: Argv): Argv<BenchArgs> =>
  configOptions(yargs)
    .positional('what', {
      type: 'string', choices: measurements, demandOption: true,
      describe: 'step: a training step; encode: frozen text layers; epoch: pre-training with and without the cache; lengths: of the notes in --data; baseline: TF-IDF and logistic regression on synthetic notes; serve: a fitted model behind HTTP, one client against many',
    })
    .option('model', {
      type: 'string', choices: stepModels, default: 'layers',
      describe: 'step of: a few BERT layers with a linear head; suffix: MedM-PLM over frozen text layers; codes: its code encoder alone; bert-base: all of BERT-base',
    })
    .option('batch', size('visits in a batch (8; bert-base: 4)'))
    .option('tokens', size('tokens of a note, [CLS] and [SEP] included (512; layers: 128)'))
    .option('width', size('width of the text layers (768)'))
    .option('heads', size('attention heads of the text layers (width / 64)'))
    .option('feed-forward', size('hidden width of their feed-forward part (4 × width)'))
    .option('layers', size('text layers: of the model, in suffix those that train, in encode those that are frozen (layers, suffix: 2; encode: 10; bert-base, epoch: 12)'))
    .option('vocabulary', size('word pieces (1,000; encode, epoch: 30,522)'))
    .option('labels', size('outputs of the linear head of layers and bert-base; labels of baseline (50)'))
    .option('dropout', { type: 'number', default: 0.1, describe: 'dropout probability' })
    .option('codes', size('diagnoses in the vocabulary (6,646; codes: 8,000)'))
    .option('medications', size('medications in the vocabulary (155; codes: 0)'))
    .option('visit-codes', size('codes of each kind in a visit, [CLS] included (61)'))
    .option('save-hierarchy', { type: 'string', describe: 'file for the diagnoses\' hierarchy, which bench/pytorch reads' })
    .option('repeats', size('timed rounds of step and encode (9), of serve (5)'))
    .option('precision', { type: 'string', choices: ['float32', 'int8'], default: 'float32', describe: 'encode: int8 measures dynamic quantization beside float32' })
    .option('frozen', size('epoch: frozen text layers (10)'))
    .option('notes', size('epoch: notes (32, or as many as there are lengths; fewer keep the distribution); baseline: training notes (10,000), a tenth more for thresholds; serve: distinct records (64)'))
    .option('lengths', { type: 'string', describe: 'epoch: JSON list of note lengths in tokens; without it every note has --tokens' })
    .option('data', { type: 'string', describe: 'epoch, lengths: take the lengths of the notes of this data directory' })
    .option('window', size('epoch: longest chunk of a note (--tokens)'))
    .option('steps', size('epoch: measure only so many steps of each epoch and extrapolate'))
    .option('scaling', { type: 'string', describe: 'epoch: numbers of notes to compare, e.g. 500,1000,2000,4000, with a small model' })
    .option('words', size('baseline, serve: mean length of a note in words (1,600; serve: 180, as in the demo)'))
    .option('threads', size('baseline: threads (as many as there are cores)'))
    .option('run', { type: 'string', describe: 'serve: directory written by `medweave finetune`, `baseline` or `coder`' })
    .option('clients', size('serve: clients at a time (32)'))
    .option('flood', size('serve: requests that are sent all at once in the end (none)'))
    .conflicts('lengths', 'data') as never;

const size = (describe: string) => ({ type: 'number', describe }) as const;

/** What may be nothing at all. */
const MAY_BE_ZERO: readonly SizeName[] = ['medications', 'frozen', 'flood'];

/** @throws configuration error for a size that is none */
export function checkSizes(args: BenchArgs): void {
  for (const name of sizeNames) {
    const value = args[name];
    const least = MAY_BE_ZERO.includes(name) ? 0 : 1;
    const option = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (value !== undefined && (!Number.isInteger(value) || value < least)) throw configurationError(`--${option} ${value}: expected a whole number, at least ${least}`);
  }
  if (!(args.dropout >= 0 && args.dropout < 1)) throw configurationError(`--dropout ${args.dropout}: expected a probability below 1`);
}

/** Ascending numbers of notes. */
export function scalingCounts(text: string): number[] {
  const counts = text.split(',').map(Number);
  if (counts.every((count) => Number.isInteger(count) && count > 0)) return counts.sort((a, b) => a - b);
  throw configurationError(`--scaling ${text}: expected numbers of notes separated by commas, e.g. 500,1000,2000,4000`);
}
