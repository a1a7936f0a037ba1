/**
 * Where a corpus of CodiEsp's shape keeps its splits: `train/`, `dev/`, `test/` with codes and `background/` without, each with a folder of
 * texts; or, as CANTEMIST does, `train-set/cantemist-coding/txt` and so on (cantemist.ts).
 */
import fs from 'node:fs';
import path from 'node:path';
import { dataError } from '../../core/errors.js';
import type { IngestConfig } from '../config.js';
import { cantemistFolders } from './cantemist.js';
import { holdsFilesOf, isDirectory, splits, type Split, type SplitFolder } from './split-folder.js';

/** Spanish texts have more than one usual place; `.`: beside the annotations. */
const textFolders: Record<IngestConfig['language'], readonly string[]> = { es: ['text_files', 'txt', 'texts', 'text', '.'], en: ['text_files_en'] };

/** The raw files and folders of all splits. */
export const inputsOf = (folders: readonly SplitFolder[]): string[] =>
  folders.flatMap(({ texts, annotations, brat }) => [texts, ...Object.values(annotations), ...(brat === undefined ? [] : [brat])]);

/** @throws data error when a split lacks its texts, a labelled one has no annotation file, or there is no split at all */
export function splitFolders({ raw, language }: Pick<IngestConfig, 'raw' | 'language'>): SplitFolder[] {
  const folders = raw.flatMap((dir) => splits.map((split) => ({ split, dir: path.join(dir, split) }))).filter(({ dir }) => isDirectory(dir));
  const found = folders.length ? folders.map(({ split, dir }) => codiespFolder(split, dir, language)) : raw.flatMap(cantemistFolders);
  if (!found.length) throw dataError(`${raw.join(', ')}: none of the folders ${splits.join(', ')} is there (nor CANTEMIST's train-set, …); --raw must name the corpus directory`);
  return found;
}

function codiespFolder(split: Split, dir: string, language: IngestConfig['language']): SplitFolder {
  const places = textFolders[language].map((name) => path.join(dir, name));
  const texts = places.find((place) => holdsFilesOf(place, '.txt')) ?? places.find((place) => place !== dir && isDirectory(place));
  if (!texts) throw dataError(`${places[0]}: no such folder; expected the texts of the ${split} split (--language ${language})`);
  const annotations: SplitFolder['annotations'] = {};
  for (const annotation of ['D', 'P', 'X'] as const) {
    const file = path.join(dir, `${split}${annotation}.tsv`);
    if (fs.existsSync(file)) annotations[annotation] = file;
  }
  if ((split === 'train' || split === 'dev') && !annotations.D && !annotations.P) {
    throw dataError(`${dir}: neither ${split}D.tsv nor ${split}P.tsv is there; expected the codes of the ${split} split`);
  }
  return { split, texts, annotations };
}
