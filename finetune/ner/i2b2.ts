/** i2b2 2010 (n2c2) concepts: `NAME.txt` beside or apart from `NAME.con`, whose lines are `c="words" LINE:TOKEN LINE:TOKEN||t="type"`. */
import fs from 'node:fs';
import path from 'node:path';
import { configurationError, dataError } from '../../src/core/errors.js';
import { createRng } from '../../src/core/rng.js';
import type { AnnotatedCorpus, AnnotatedMention, AnnotatedNote, Span } from './corpus.js';

const types = ['problem', 'test', 'treatment'] as const;

export interface I2b2Request {
  /** Directory of the training documents, in folders of any depth. */
  raw: string;
  /** Of the test documents. */
  test?: string;
  /** Share of the training documents that becomes dev. */
  devShare: number;
  seed: number;
}

export function readI2b2({ raw, test, devShare, seed }: I2b2Request): AnnotatedCorpus {
  const documents = readDocuments(raw);
  const devCount = Math.max(1, Math.round(devShare * documents.length));
  if (devCount >= documents.length) throw dataError(`${raw}: ${documents.length} document(s); at least two are needed, one for training and one for dev`);
  const shuffled = createRng(seed, 'i2b2 dev').shuffle(documents);
  return { types, splits: { train: shuffled.slice(devCount), dev: shuffled.slice(0, devCount), test: test === undefined ? [] : readDocuments(test) } };
}

/** In order of their names. @throws data error when there is none, or a text has no annotations */
function readDocuments(dir: string): AnnotatedNote[] {
  if (!fs.statSync(dir, { throwIfNoEntry: false })?.isDirectory()) throw configurationError(`${dir}: no such directory; expected the .txt and .con files of i2b2 2010`);
  const files = fs.readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort();
  const byName = (extension: string) => new Map(files.filter((file) => file.endsWith(extension)).map((file) => [path.basename(file, extension), path.join(dir, file)]));
  const concepts = byName('.con');
  const texts = byName('.txt');
  if (!concepts.size) throw dataError(`${dir}: no .con file in it; expected the concept annotations of i2b2 2010`);
  return [...concepts].map(([id, file]) => {
    const textFile = texts.get(id);
    if (textFile === undefined) throw dataError(`${file}: no ${id}.txt in ${dir}`);
    const text = fs.readFileSync(textFile, 'utf8');
    return { id, text, mentions: readConcepts(file, text) };
  });
}

function readConcepts(file: string, text: string): AnnotatedMention[] {
  const tokens = tokensByLine(text);
  return fs.readFileSync(file, 'utf8').split(/\r?\n/).flatMap((line, i) => {
    if (!line.trim()) return [];
    const match = /^c=".*" (\d+):(\d+) (\d+):(\d+)\|\|t="([^"]+)"/.exec(line);
    if (!match) throw dataError(`${file} line ${i + 1}: expected c="…" LINE:TOKEN LINE:TOKEN||t="…"`);
    const [firstLine, firstToken, lastLine, lastToken] = match.slice(1, 5).map(Number) as [number, number, number, number];
    const [first, last] = [tokens[firstLine - 1]?.[firstToken], tokens[lastLine - 1]?.[lastToken]];
    if (!first || !last || last.end <= first.start) throw dataError(`${file} line ${i + 1}: ${firstLine}:${firstToken} ${lastLine}:${lastToken} is no stretch of the text`);
    const type = types.find((known) => known === match[5]);
    if (!type) throw dataError(`${file} line ${i + 1}: type "${match[5]}"; expected ${types.join(', ')}`);
    return [{ start: first.start, end: last.end, type }];
  });
}

/** Lines count from 1, their tokens from 0, as separated by white space; places in code points. */
function tokensByLine(text: string): Span[][] {
  let at = 0;
  return text.split('\n').map((line) => {
    const tokens: Span[] = [];
    let inToken = false;
    for (const character of line) {
      const isToken = !/\s/.test(character);
      if (isToken && inToken) tokens.at(-1)!.end++;
      else if (isToken) tokens.push({ start: at, end: at + 1 });
      inToken = isToken;
      at++;
    }
    at++;
    return tokens;
  });
}
