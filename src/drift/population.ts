/** A population of visits out of a data directory: everything about it that can drift before a model looks at it. */
import { codeKinds, type CodeKind, type Dataset } from '../dataset/index.js';
import { clusteredCategories, countCategories, type CategoricalFeature, type Feature, onePerPatient, type NumericFeature, type Population, type Sample } from './feature.js';
import type { VisitFacts } from './store-facts.js';

export interface PopulationSource {
  dataset: Dataset;
  rows: Int32Array;
  /** Of the store; without it age, sex and the length in characters are left out. */
  facts?: ReadonlyMap<string, VisitFacts>;
}

const DAY = 86_400_000;
const KIND_NAMES: Record<CodeKind, string> = { dx: 'diagnoses', rx: 'medications', px: 'procedures' };

/** @param withTokens whether both populations' tokenizers are the same, so that their tokens can be compared */
export async function readPopulation({ dataset, rows, facts }: PopulationSource, withTokens: boolean): Promise<Population> {
  const gold = await dataset.gold();
  const patients = Array.from(rows, (row) => dataset.patientIds[row]!);
  const perPatient = numeric('visits a patient', [...countCategories(patients).values()]);
  const sampleOf = (sampled: Int32Array): Sample => {
    const codes = Array.from(sampled, (row) => gold.get(dataset.visitIds[row]!) ?? []);
    return {
      visits: sampled.length,
      features: [
        perPatient,
        ...visitFeatures(dataset, sampled),
        ...(facts ? factFeatures(Array.from(sampled, (row) => facts.get(dataset.visitIds[row]!))) : []),
        ...(withTokens ? tokenFeatures(dataset, sampled) : []),
        ...codeKinds.flatMap((kind) => codeFeatures(kind, codes.map((all, i) => [dataset.patientIds[sampled[i]!]!, all.filter((code) => code.kind === kind).map(({ system, code }) => `${system} ${code}`)]))),
      ],
      labels: countCategories(codes.flatMap((all) => [...new Set(all.map(({ kind, system, code }) => `${kind} ${system} ${code}`))])),
    };
  };
  const chosen = new Set(onePerPatient(patients, Array.from(rows, (row) => dataset.visitIds[row]!)));
  const independent = rows.filter((_, i) => chosen.has(i));
  return { patients: perPatient.values.length, all: sampleOf(rows), independent: sampleOf(independent) };
}

const numeric = (name: string, values: ArrayLike<number>): NumericFeature => ({ type: 'numeric', group: 'input', name, values: Float64Array.from(values) });
const categories = (name: string, values: readonly string[]): CategoricalFeature => ({ type: 'categories', group: 'input', name, counts: countCategories(values) });

function visitFeatures({ tokens, codes, admittedAt, dischargedAt, admissionTypes, died }: Dataset, rows: Int32Array): Feature[] {
  const of = <Value>(value: (row: number) => Value): Value[] => Array.from(rows, value);
  const modalities = (row: number): string => ['text', ...codeKinds].filter((name) => (name === 'text' ? tokens : codes[name as CodeKind]).lengthOf(row) > 0).join(' + ') || 'nothing';
  const outcome = (row: number): string => (died[row]! < 0 ? 'unknown' : died[row] ? 'died' : 'survived');
  return [
    categories('modalities present', of(modalities)),
    categories('admission type', of((row) => admissionTypes[row] ?? 'unknown')),
    categories('death in hospital', of(outcome)),
    numeric('length of stay, days', of((row) => (dischargedAt[row]! - admittedAt[row]!) / DAY)),
  ];
}

const factFeatures = (facts: readonly (VisitFacts | undefined)[]): Feature[] => [
  numeric('age', facts.map((fact) => fact?.age ?? NaN)),
  categories('sex', facts.map((fact) => fact?.sex ?? 'unknown')),
  numeric('note length, characters', facts.map((fact) => fact?.characters ?? NaN)),
];

function tokenFeatures({ tokens, tokenizer, patientIds }: Dataset, rows: Int32Array): Feature[] {
  const { unk } = tokenizer.special;
  const withNote = rows.filter((row) => tokens.lengthOf(row) > 0);
  const unknownIn = (row: number): number => tokens.row(row).reduce((count, id) => count + (id === unk ? 1 : 0), 0) / tokens.lengthOf(row);
  function* pieces(): Generator<[patient: string, pieces: string[]]> {
    for (const row of withNote) yield [patientIds[row]!, Array.from(tokens.row(row), String)];
  }
  return [
    numeric('note length, tokens', Array.from(withNote, (row) => tokens.lengthOf(row))),
    numeric('share of unknown word pieces', Array.from(withNote, unknownIn)),
    { ...clusteredCategories({ name: 'word pieces', group: 'input' }, pieces()), unnamed: true },
  ];
}

function codeFeatures(kind: CodeKind, visits: readonly (readonly [patient: string, codes: readonly string[]])[]): Feature[] {
  const names = KIND_NAMES[kind];
  if (!visits.some(([, codes]) => codes.length)) return [];
  return [numeric(`${names} a visit`, visits.map(([, codes]) => codes.length)), clusteredCategories({ name: names, group: 'input' }, visits)];
}
