/**
 * A coder on disk: for each kind `KIND.json` (counts, words, titles) and `KIND.safetensors` (numbers). It holds the words of training notes: mentions, and
 * which words each note has.
 */
import fs from 'node:fs';
import path from 'node:path';
import { Matrix } from 'ml-matrix';
import { expectArtifact, type Manifest } from '../../src/core/artifact.js';
import { parseConfig, readYaml, toYaml } from '../../src/core/config.js';
import { checkpointError } from '../../src/core/errors.js';
import { openSafetensors, writeSafetensors, type SafetensorsFile, type StoredTensor } from '../../src/core/safetensors.js';
import type { Translation } from '../../src/linking/translation.js';
import { indexTerms } from '../baselines/terms.js';
import { tfidfOf } from '../baselines/tfidf.js';
import { indexOf, type Associations } from './associations.js';
import { featureNames } from './candidates.js';
import type { Coder } from './coder.js';
import { coderSchema } from './config.js';
import { documentTfidf, type DocumentModel } from './document-scores.js';
import type { KindCoder } from './fit.js';
import type { Mixer } from './mixer.js';
import type { Tally } from './tally.js';
import type { Title } from './spelling.js';

/** Bumped when what the numbers mean changes. */
const FORMAT = 1;

interface KindFile {
  format: number;
  system: string;
  threshold: number;
  features: readonly string[];
  titles: readonly Title[];
  foreign?: { titles: readonly Title[]; translations: [word: string, translations: readonly Translation[]][] };
  counts: StoredCounts;
  terms: readonly string[];
  codes: readonly string[];
}

/** Counts of training notes, groups summed. */
interface StoredCounts {
  notes: number;
  codes: [code: string, notes: number][];
  bags: [bag: string, occurs: number, codes: [code: string, annotated: number, carried: number][]][];
  surfaces: [surface: string, codes: [code: string, notes: number][]][];
  words: [stem: string, all: number, marked: number][];
}

export function saveCoder(dir: string, { kinds, systems, config }: Coder): void {
  fs.writeFileSync(path.join(dir, 'config.yaml'), toYaml({ coder: config }));
  for (const [kind, coder] of Object.entries(kinds)) {
    const { associations, titles, foreign, document, threshold } = coder;
    const file: KindFile = {
      format: FORMAT, system: systems[kind]!, threshold, features: featureNames, titles,
      ...(foreign && { foreign: { titles: foreign.titles, translations: [...foreign.translations] } }),
      counts: storedCounts(associations), terms: document.tfidf.terms, codes: document.codes,
    };
    fs.writeFileSync(path.join(dir, `${kind}.json`), JSON.stringify(file));
    writeSafetensors(path.join(dir, `${kind}.safetensors`), tensorsOf(coder));
  }
}

/** @throws data error when `dir` is no coder; checkpoint error when another version wrote it */
export function openCoder(dir: string): { coder: Coder; manifest: Manifest } {
  const manifest = expectArtifact(dir, 'coder');
  const file = path.join(dir, 'config.yaml');
  const config = parseConfig(coderSchema, readYaml(file)['coder'], `${file}: coder`);
  const coder: Coder = { kinds: {}, systems: {}, config };
  for (const kind of manifest['kinds'] as string[]) {
    const stored = JSON.parse(fs.readFileSync(path.join(dir, `${kind}.json`), 'utf8')) as KindFile;
    if (stored.format !== FORMAT || stored.features.join() !== featureNames.join()) {
      throw checkpointError(`${dir}: this coder was trained by another version of medweave (${manifest.version}); train it again with \`medweave coder\``);
    }
    coder.systems[kind] = stored.system;
    coder.kinds[kind] = kindCoder(stored, openSafetensors(path.join(dir, `${kind}.safetensors`)));
  }
  return { coder, manifest };
}

const storedCounts = ({ notes, codes, bags, surfaces, words }: Associations): StoredCounts => ({
  notes: notes.total,
  codes: totals(codes),
  bags: [...bags].map(([bag, counts]) => [bag, counts.occurs.total, [...counts.codes].map(([code, { annotated, carried }]) => [code, annotated.total, carried.total])]),
  surfaces: [...surfaces].map(([surface, ofSurface]) => [surface, totals(ofSurface)]),
  words: [...words].map(([stem, { all, marked }]) => [stem, all.total, marked.total]),
});

const totals = (tallies: ReadonlyMap<string, Tally>): [string, number][] => [...tallies].map(([key, { total }]) => [key, total]);

const tallies = (stored: readonly (readonly [string, number])[]): Map<string, Tally> => new Map(stored.map(([key, total]) => [key, { total }]));

function associationsOf({ notes, codes, bags, surfaces, words }: StoredCounts): Associations {
  const counts = {
    notes: { total: notes },
    codes: tallies(codes),
    bags: new Map(bags.map(([bag, occurs, ofBag]) => [bag, { occurs: { total: occurs }, codes: new Map(ofBag.map(([code, annotated, carried]) => [code, { annotated: { total: annotated }, carried: { total: carried } }])) }])),
    surfaces: new Map(surfaces.map(([surface, ofSurface]) => [surface, tallies(ofSurface)])),
    words: new Map(words.map(([stem, all, marked]) => [stem, { all: { total: all }, marked: { total: marked } }])),
  };
  return { ...counts, index: indexOf(counts) };
}

const MIXER = 'mixer/';

function tensorsOf({ document: { tfidf, training, codes, dual }, mixer }: KindCoder): Record<string, StoredTensor> {
  const vector = (data: Float32Array | Int32Array): StoredTensor => ({ shape: [data.length], data });
  return {
    documents: vector(Int32Array.from(tfidf.documents)),
    'training/offsets': vector(training.offsets), 'training/indices': vector(training.indices), 'training/values': vector(training.values),
    dual: { shape: [training.rows, codes.length], data: Float32Array.from(dual.to1DArray()) },
    mean: vector(mixer.mean), deviation: vector(mixer.deviation),
    ...Object.fromEntries(Object.entries(mixer.parameters).map(([name, data]) => [MIXER + name, vector(data)])),
  };
}

function kindCoder({ counts, titles, foreign, threshold, terms, codes }: KindFile, tensors: SafetensorsFile): KindCoder {
  const floats = (name: string): Float32Array => tensors.read(name).data as Float32Array;
  const integers = (name: string): Int32Array => tensors.read(name).data as Int32Array;
  const offsets = integers('training/offsets');
  const document: DocumentModel = {
    tfidf: tfidfOf(indexTerms({ terms: [...terms], documents: integers('documents'), texts: counts.notes }), documentTfidf),
    training: { rows: offsets.length - 1, columns: terms.length, offsets, indices: integers('training/indices'), values: floats('training/values') },
    codes,
    dual: Matrix.from1DArray(offsets.length - 1, codes.length, floats('dual')),
  };
  const parameters = Object.fromEntries(tensors.names.filter((name) => name.startsWith(MIXER)).map((name) => [name.slice(MIXER.length), floats(name)]));
  const mixer: Mixer = { mean: floats('mean'), deviation: floats('deviation'), parameters };
  const known = foreign && { titles: foreign.titles, translations: new Map(foreign.translations) };
  return { associations: associationsOf(counts), titles, ...(known && { foreign: known }), document, mixer, threshold };
}
