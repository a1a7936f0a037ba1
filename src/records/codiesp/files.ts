/** Where a CodiEsp corpus keeps its splits: `train/`, `dev/`, `test/` with codes and `background/` without, each with a folder of texts. */
import fs from 'node:fs';
import path from 'node:path';
import { dataError } from '../../core/errors.js';
import type { IngestConfig } from '../config.js';

export const splits = ['train', 'dev', 'test', 'background'] as const;
export type Split = (typeof splits)[number];

/** D: diagnoses, P: procedures, X: both with the evidence in the text. */
export type Annotation = 'D' | 'P' | 'X';

export interface SplitFolder {
  split: Split;
  /** Folder of the texts, one `.txt` a case. */
  texts: string;
  /** The annotation files that are there. */
  annotations: Partial<Record<Annotation, string>>;
}

const textFolders: Record<IngestConfig['language'], string> = { es: 'text_files', en: 'text_files_en' };

const isDirectory = (dir: string): boolean => fs.statSync(dir, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** @throws data error when a split lacks its texts, a labelled one has no annotation file, or there is no split at all */
export function splitFolders({ raw, language }: IngestConfig): SplitFolder[] {
  const folders = raw.flatMap((dir) => splits.map((split) => ({ split, dir: path.join(dir, split) }))).filter(({ dir }) => isDirectory(dir));
  if (!folders.length) throw dataError(`${raw.join(', ')}: none of the folders ${splits.join(', ')} is there; --raw must name the CodiEsp directory`);
  return folders.map(({ split, dir }) => {
    const texts = path.join(dir, textFolders[language]);
    if (!isDirectory(texts)) throw dataError(`${texts}: no such folder; expected the texts of the ${split} split (--language ${language})`);
    const annotations: SplitFolder['annotations'] = {};
    for (const annotation of ['D', 'P', 'X'] as const) {
      const file = path.join(dir, `${split}${annotation}.tsv`);
      if (fs.existsSync(file)) annotations[annotation] = file;
    }
    if ((split === 'train' || split === 'dev') && !annotations.D && !annotations.P) {
      throw dataError(`${dir}: neither ${split}D.tsv nor ${split}P.tsv is there; expected the codes of the ${split} split`);
    }
    return { split, texts, annotations };
  });
}
