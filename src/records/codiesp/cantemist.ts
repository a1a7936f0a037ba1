/**
 * CANTEMIST's own layout: `train-set/`, `dev-set1/`, `dev-set2/`, `test-set/` and `background-set/`, each with `cantemist-coding/txt` and a table of codes
 * beside it (with a header), and `cantemist-norm` with the mentions in brat's format.
 */
import fs from 'node:fs';
import path from 'node:path';
import { dataError } from '../../core/errors.js';
import { holdsFilesOf, isDirectory, type Split, type SplitFolder } from './split-folder.js';

/** `dev-set1`, `dev-set1-to-publish`, `test-background-set`. */
const setName = /^(train|dev|test|background)\b.*set/;

/** The sets in a directory; none when it is no CANTEMIST. */
export function cantemistFolders(raw: string): SplitFolder[] {
  if (!isDirectory(raw)) return [];
  return fs.readdirSync(raw).sort().flatMap((name) => {
    const split = setName.exec(name)?.[1] as Split | undefined;
    return split && isDirectory(path.join(raw, name)) ? [cantemistFolder(split, path.join(raw, name))] : [];
  });
}

function cantemistFolder(split: Split, dir: string): SplitFolder {
  const coding = path.join(dir, 'cantemist-coding');
  const texts = [path.join(coding, 'txt'), coding, dir].find((place) => holdsFilesOf(place, '.txt'));
  if (!texts) throw dataError(`${path.join(coding, 'txt')}: no .txt file there; expected the texts of the ${split} split`);
  const table = isDirectory(coding) ? fs.readdirSync(coding).find((name) => name.endsWith('.tsv')) : undefined;
  if (!table && (split === 'train' || split === 'dev')) throw dataError(`${coding}: no .tsv file there; expected the codes of the ${split} split`);
  const brat = path.join(dir, 'cantemist-norm');
  return { split, texts, annotations: table ? { D: path.join(coding, table) } : {}, ...(holdsFilesOf(brat, '.ann') && { brat }) };
}
