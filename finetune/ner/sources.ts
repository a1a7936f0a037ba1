/** The corpora that can be probed with, and where their annotated notes are. */
import { noticesOf, type Notices } from '../../src/core/notices.js';
import type { Dataset } from '../../src/dataset/index.js';
import { readCodiesp } from './codiesp.js';
import type { AnnotatedCorpus } from './corpus.js';
import { readI2b2 } from './i2b2.js';

export type NerSource = { name: 'codiesp'; store: string } | { name: 'i2b2'; raw: string; test?: string };

export interface CorpusOptions {
  dataset: Dataset;
  devShare: number;
  seed: number;
}

/** Directories that are read beside the data, for the manifest. */
export const directoriesOf = (source: NerSource): string[] =>
  source.name === 'codiesp' ? [source.store] : [source.raw, ...(source.test === undefined ? [] : [source.test])];

/** What the owners of notes ask that lie in no store, beside what those of the other inputs do. */
export const noticesWith = (source: NerSource, ofInputs: Notices): Notices => (source.name === 'codiesp' ? ofInputs : noticesOf(ofInputs, i2b2));

const i2b2: Notices = {
  licence_notice: 'i2b2 2010 (n2c2): under its data use agreement; do not share notes, or what was made of them, beyond it',
  do_not_share: true,
};

export const readCorpus = async (source: NerSource, { dataset, devShare, seed }: CorpusOptions): Promise<AnnotatedCorpus> =>
  source.name === 'codiesp' ? readCodiesp(source.store, dataset) : readI2b2({ ...source, devShare, seed });
