/** Drift between two data directories, or two splits of one. */
import { configurationError, dataError } from '../core/errors.js';
import { sameTokenizer, splitNames, type Dataset, type PrepareConfig, type SplitName } from '../dataset/index.js';
import { compareFeatures, compareLabels, severities, THRESHOLDS, type DriftRow, type LabelRow, type SampledFeatures, type Severity } from './compare.js';
import type { Population } from './feature.js';
import { readPopulation } from './population.js';
import { readFacts, storeOf } from './store-facts.js';

export interface Side {
  dataset: Dataset;
  /** Default: all visits. */
  split?: SplitName;
}

export interface SideSummary {
  data: string;
  split: SplitName | 'all';
  visits: number;
  patients: number;
}

export interface DriftReport {
  reference: SideSummary;
  current: SideSummary;
  thresholds: typeof THRESHOLDS;
  /** The worst of all rows. */
  severity: Severity;
  rows: DriftRow[];
  /** Labels by their prevalence, the most drifted first. */
  labels: LabelRow[];
  /** What was not compared, and why. */
  notes: string[];
}

/** What the model makes of each side, where it was asked. */
export interface PredictionFeatures {
  reference: SampledFeatures;
  current: SampledFeatures;
}

/** @throws configuration error when both sides have their codes at different granularities, data error when a side has no visit */
export async function measureDrift(sides: { reference: Side; current: Side }, predictions?: PredictionFeatures): Promise<DriftReport> {
  const { reference, current } = sides;
  assertSameGranularity(reference.dataset, current.dataset);
  const withTokens = sameTokenizer(reference.dataset.tokenizer, current.dataset.tokenizer);
  const notes = withTokens ? [] : ['word pieces, notes’ lengths in tokens and unknown pieces are not compared: the tokenizers differ (prepare the current data with prepare.tokenizer.from: REFERENCE/tokenizer.json)'];
  const [a, b] = [await populationOf(reference, withTokens), await populationOf(current, withTokens)];
  for (const [side, { facts }] of Object.entries({ reference: a, current: b })) if (!facts) notes.push(`age, sex and the notes’ length in characters are not compared: the store that the ${side} data was prepared from is gone or has changed`);
  const rows = compareFeatures(featuresOf(a.population, predictions?.reference), featuresOf(b.population, predictions?.current));
  const labels = compareLabels(a.population, b.population);
  const worst = Math.max(...[...rows, ...labels].map(({ severity }) => severities.indexOf(severity)), 0);
  return { reference: summaryOf(reference, a.population), current: summaryOf(current, b.population), thresholds: THRESHOLDS, severity: severities[worst]!, rows, labels, notes };
}

const summaryOf = ({ dataset, split }: Side, { all, patients }: Population): SideSummary => ({ data: dataset.dir, split: split ?? 'all', visits: all.visits, patients });

const featuresOf = ({ all, independent }: Population, predictions: SampledFeatures = { all: [], independent: [] }): SampledFeatures =>
  ({ all: [...all.features, ...predictions.all], independent: [...independent.features, ...predictions.independent] });

/** Rows of a side. @throws data error when there is none */
export function rowsOf({ dataset, split }: Side): Int32Array {
  const rows = split === undefined ? Int32Array.from({ length: dataset.size }, (_, row) => row) : dataset.rowsOf(split);
  if (!rows.length) throw dataError(`${dataset.dir}: no visit${split === undefined ? '' : ` in the ${split} split`}; choose another of ${splitNames.join(', ')}, or none for all`);
  return rows;
}

async function populationOf(side: Side, withTokens: boolean): Promise<{ population: Population; facts: boolean }> {
  const store = storeOf(side.dataset.manifest);
  const facts = store === undefined ? undefined : await readFacts(store);
  return { population: await readPopulation({ dataset: side.dataset, rows: rowsOf(side), facts }, withTokens), facts: facts !== undefined };
}

function assertSameGranularity(reference: Dataset, current: Dataset): void {
  const granularity = ({ manifest }: Dataset): Pick<PrepareConfig['codes'], 'dx' | 'px' | 'atc_level'> => (manifest.config as PrepareConfig).codes;
  const [a, b] = [granularity(reference), granularity(current)];
  const differs = (['dx', 'px', 'atc_level'] as const).filter((name) => a[name] !== b[name]);
  if (!differs.length) return;
  const said = differs.map((name) => `prepare.codes.${name}: ${a[name]} and ${b[name]}`).join('; ');
  throw configurationError(`${reference.dir}, ${current.dir}: their codes are not of the same granularity (${said}); prepare the current data as the reference was`);
}
