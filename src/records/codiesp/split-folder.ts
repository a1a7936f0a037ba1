/** What every layout of a corpus is read into: its splits, each with its texts and annotations. */
import fs from 'node:fs';

export const splits = ['train', 'dev', 'test', 'background'] as const;
export type Split = (typeof splits)[number];

/** D: diagnoses (or the only codes there are), P: procedures, X: both with the evidence in the text. */
export type Annotation = 'D' | 'P' | 'X';

export interface SplitFolder {
  split: Split;
  /** Folder of the texts, one `.txt` a case. */
  texts: string;
  /** The annotation files that are there. */
  annotations: Partial<Record<Annotation, string>>;
  /** Folder of brat annotations, one `.ann` a case: the evidence where there is no X file. */
  brat?: string;
}

export const isDirectory = (dir: string): boolean => fs.statSync(dir, { throwIfNoEntry: false })?.isDirectory() ?? false;

export const holdsFilesOf = (dir: string, ending: string): boolean => isDirectory(dir) && fs.readdirSync(dir).some((name) => name.endsWith(ending));
