/** Two populations, feature by feature: how far apart, whether chance explains it, and what to make of it. */
import type { CategoricalFeature, DriftGroup, Feature, NumericFeature, Population, Sample } from './feature.js';
import { benjaminiHochberg } from './statistics/benjamini-hochberg.js';
import { chiSquare, chiSquareTail } from './statistics/chi-square.js';
import { kolmogorovSmirnov } from './statistics/kolmogorov-smirnov.js';
import { countBins, jensenShannon, quantileEdges, stabilityIndex } from './statistics/population-stability.js';

export const severities = ['none', 'moderate', 'major'] as const;
export type Severity = (typeof severities)[number];

/** The population stability index from which drift is moderate or major, and the share of false alarms among what is called drift. */
export const THRESHOLDS = { moderate: 0.1, major: 0.25, falseDiscovery: 0.05 } as const;

/** A bin or category with its share on both sides. */
export interface BinShare {
  name: string;
  reference: number;
  current: number;
}

export interface DriftRow {
  name: string;
  group: DriftGroup;
  severity: Severity;
  psi: number;
  /** Kolmogorov–Smirnov's D, Cramér's V, or the Jensen–Shannon distance. */
  effect: { name: 'D' | 'V' | 'JS'; value: number };
  /** Of the test, corrected over all tests of the same group. */
  p: number;
  /** Median of numbers, or the most frequent category. */
  reference: string;
  current: string;
  bins: BinShare[];
}

type Untold = Omit<DriftRow, 'severity'>;

/** The features of a population, and those of independent visits of it for the tests. */
export interface SampledFeatures {
  all: readonly Feature[];
  independent: readonly Feature[];
}

/** @returns rows of the features that both have, the largest index first within each severity */
export function compareFeatures(reference: SampledFeatures, current: SampledFeatures): DriftRow[] {
  const [others, tested, testedOthers] = [current.all, reference.independent, current.independent].map((features) => new Map(features.map((feature) => [keyOf(feature), feature])));
  return judge(reference.all.flatMap((feature): Untold[] => {
    const key = keyOf(feature);
    const [other, a, b] = [others!.get(key), tested!.get(key), testedOthers!.get(key)];
    if (!other || !a || !b) return [];
    if (isNumeric(feature) && isNumeric(other) && isNumeric(a) && isNumeric(b)) return [{ ...describeNumbers(feature, other), p: chanceOfNumbers(a, b) }];
    if (isNumeric(feature) || isNumeric(other) || isNumeric(a) || isNumeric(b)) return [];
    return [{ ...describeCategories(feature, other), p: chanceOfCategories(a, b) }];
  }));
}

const keyOf = ({ group, name }: Feature): string => `${group} ${name}`;
const isNumeric = (feature: Feature): feature is NumericFeature => feature.type === 'numeric';
const present = ({ values }: NumericFeature): Float64Array => values.filter((value) => !Number.isNaN(value));

function describeNumbers(feature: NumericFeature, other: NumericFeature): Omit<Untold, 'p'> {
  const edges = quantileEdges(feature.values);
  const [a, b] = [countBins(feature.values, edges), countBins(other.values, edges)];
  const effect = { name: 'D' as const, value: kolmogorovSmirnov(present(feature), present(other)).d };
  const { name, group } = feature;
  return { name, group, psi: stabilityIndex(...withoutEmpty(a, b)), effect, reference: medianOf(present(feature)), current: medianOf(present(other)), bins: binShares([...binNames(edges), 'missing'], a, b) };
}

/** What is missing on one side only is a difference that the values do not show: the smaller of both p-values, corrected for two. */
function chanceOfNumbers(feature: NumericFeature, other: NumericFeature): number {
  const [values, others] = [present(feature), present(other)];
  const { p } = kolmogorovSmirnov(values, others);
  const [missing, missingOthers] = [feature.values.length - values.length, other.values.length - others.length];
  if (missing + missingOthers === 0) return p;
  return Math.min(1, 2 * Math.min(p, chiSquare([missing, values.length], [missingOthers, others.length]).p));
}

function describeCategories(feature: CategoricalFeature, other: CategoricalFeature): Omit<Untold, 'p'> {
  const names = commonNames(feature.counts, other.counts);
  const [a, b] = [tableOf(feature.counts, names), tableOf(other.counts, names)];
  const { name, group, halves, unnamed } = feature;
  const said = ({ counts }: CategoricalFeature): string => (unnamed ? `${counts.size} different` : mostFrequent(counts));
  return {
    name, group, psi: stabilityIndex(...withoutEmpty(a, b)),
    effect: halves ? { name: 'JS', value: jensenShannon(a, b) } : { name: 'V', value: chiSquare(a, b).v },
    reference: said(feature), current: said(other), bins: unnamed ? [] : binShares([...names, 'all others'], a, b),
  };
}

function chanceOfCategories({ counts, halves }: CategoricalFeature, other: CategoricalFeature): number {
  const names = commonNames(counts, other.counts);
  const { statistic, degrees, p } = chiSquare(tableOf(counts, names), tableOf(other.counts, names));
  if (!halves || degrees < 1) return p;
  return chiSquareTail(statistic / designEffect(tableOf(halves[0], names), tableOf(halves[1], names)), degrees);
}

/** Categories beyond so many, and those that are rarer, are one: rare ones would make the index of chance alone, and χ² needs some in each cell. */
const MOST_CATEGORIES = 100;
const FEWEST_COUNTS = 10;

function commonNames(counts: ReadonlyMap<string, number>, others: ReadonlyMap<string, number>): string[] {
  const both = [...new Set([...counts.keys(), ...others.keys()])].map((name) => ({ name, count: (counts.get(name) ?? 0) + (others.get(name) ?? 0) }));
  return both.filter(({ count }) => count >= FEWEST_COUNTS).sort((a, b) => b.count - a.count).slice(0, MOST_CATEGORIES).map(({ name }) => name);
}

/** Counts of the names, and of all others together. */
function tableOf(counts: ReadonlyMap<string, number>, names: readonly string[]): number[] {
  const named = new Set(names);
  const rest = [...counts].reduce((sum, [name, count]) => (named.has(name) ? sum : sum + count), 0);
  return [...names.map((name) => counts.get(name) ?? 0), rest];
}

/**
 * How much larger χ² is than it should be because counts come in clusters (Rao and Scott 1981, first order): two halves of one population, drawn by
 * patient, differ by χ² = its degrees of freedom on average if counts are independent.
 */
function designEffect(half: readonly number[], other: readonly number[]): number {
  const { statistic, degrees } = chiSquare(half, other);
  return degrees < 1 ? 1 : Math.max(1, statistic / degrees);
}

/** A category that neither sample has would only dilute the smoothed shares. */
function withoutEmpty(a: readonly number[], b: readonly number[]): [number[], number[]] {
  const kept = [...a.keys()].filter((i) => a[i]! + b[i]! > 0);
  return [kept.map((i) => a[i]!), kept.map((i) => b[i]!)];
}

/** Drift is what is large and not explained by chance: the index says how large, the test whether chance explains it. */
function judge(rows: readonly Untold[]): DriftRow[] {
  const adjusted = new Map<Untold, number>();
  for (const group of new Set(rows.map((row) => row.group))) {
    const tested = rows.filter((row) => row.group === group);
    benjaminiHochberg(tested.map(({ p }) => p)).forEach((p, i) => adjusted.set(tested[i]!, p));
  }
  const told = rows.map((row): DriftRow => {
    const p = adjusted.get(row)!;
    return { ...row, p, severity: p < THRESHOLDS.falseDiscovery ? severityOf(row.psi) : 'none' };
  });
  return told.sort((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity) || b.psi - a.psi);
}

const severityOf = (psi: number): Severity => (psi >= THRESHOLDS.major ? 'major' : psi >= THRESHOLDS.moderate ? 'moderate' : 'none');

const round = (value: number): string => String(Number(value.toPrecision(3)));

function medianOf(values: Float64Array): string {
  if (!values.length) return 'none';
  const sorted = values.slice().sort();
  return `median ${round(sorted[Math.floor((sorted.length - 1) / 2)]!)}`;
}

function mostFrequent(counts: ReadonlyMap<string, number>): string {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const [first] = [...counts].sort(([, a], [, b]) => b - a);
  return first && total ? `${first[0]} ${round((100 * first[1]) / total)} %` : 'none';
}

const binNames = (edges: readonly number[]): string[] => [...edges.map((edge, i) => (i ? `${round(edges[i - 1]!)} – ${round(edge)}` : `≤ ${round(edge)}`)), edges.length ? `> ${round(edges.at(-1)!)}` : 'any'];

function binShares(names: readonly string[], a: readonly number[], b: readonly number[]): BinShare[] {
  const [n, m] = [a, b].map((counts) => counts.reduce((sum, count) => sum + count, 0)) as [number, number];
  return names.map((name, i) => ({ name, reference: n ? a[i]! / n : 0, current: m ? b[i]! / m : 0 })).filter((bin) => bin.reference + bin.current > 0);
}

/** A label that many or few visits carry. */
export interface LabelRow {
  label: string;
  /** Shares of the visits. */
  reference: number;
  current: number;
  psi: number;
  /** χ², corrected over all labels. */
  p: number;
  severity: Severity;
}

/** Labels that fewer visits carry, both sides together, say nothing. */
const FEWEST_VISITS = 10;

/** @returns the most drifted first */
export function compareLabels(reference: Population, current: Population): LabelRow[] {
  const labels = [...new Set([...reference.all.labels.keys(), ...current.all.labels.keys()])].filter((label) => (reference.all.labels.get(label) ?? 0) + (current.all.labels.get(label) ?? 0) >= FEWEST_VISITS);
  const adjusted = benjaminiHochberg(labels.map((label) => chanceOfLabel(carriedBy(reference.independent, label), carriedBy(current.independent, label))));
  const rows = labels.map((label, i): LabelRow => {
    const [a, b] = [carriedBy(reference.all, label), carriedBy(current.all, label)];
    const psi = stabilityIndex(a, b);
    return { label, reference: a[0] / reference.all.visits, current: b[0] / current.all.visits, psi, p: adjusted[i]!, severity: adjusted[i]! < THRESHOLDS.falseDiscovery ? severityOf(psi) : 'none' };
  });
  return rows.sort((a, b) => b.psi - a.psi);
}

/** Visits with the label and without. */
function carriedBy({ labels, visits }: Sample, label: string): [number, number] {
  const carriers = labels.get(label) ?? 0;
  return [carriers, visits - carriers];
}

const chanceOfLabel = (a: [number, number], b: [number, number]): number => (a[0] + b[0] < FEWEST_VISITS ? 1 : chiSquare(a, b).p);
