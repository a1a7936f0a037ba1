/** Real data from `../shared/data`, where it exists. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/core/log.js';
import { ingestSchema } from '../../src/records/config.js';
import { unaccountedFiles } from '../../src/records/coverage.js';
import { ingest, type IngestResult } from '../../src/records/ingest.js';
import { temporaryDir } from './raw.js';

const data = path.resolve(import.meta.dirname, '../../../shared/data');
const demo = path.join(data, 'mimic4-demo-2.2');
const corpus = path.join(data, 'codiesp-v4');

const run = (source: string, raw: string): Promise<IngestResult> =>
  ingest({ config: ingestSchema.parse({ source, raw }), out: path.join(temporaryDir(), 'store'), log: silentLogger() });

const recordsOf = ({ coverage }: IngestResult) => Object.fromEntries(coverage.files.map(({ file, records, kept, merged }) => [file, [records, kept + merged]]));

describe('real data', () => {
  it.skipIf(!fs.existsSync(demo))('MIMIC-IV demo: 275 visits, 100 patients, 4,506 diagnoses, 95 % of the named drugs', async () => {
    const result = await run('mimic4', demo);
    const { coverage, manifest } = result;
    expect(unaccountedFiles(coverage.files)).toEqual([]);
    expect(coverage.flow[0]).toEqual({ step: 'admissions', visits: 275, patients: 100 });
    expect(recordsOf(result)).toMatchObject({ 'hosp/diagnoses_icd.csv': [4506, 4506], 'hosp/procedures_icd.csv': [722, 722] });
    expect(coverage.flow.find(({ step }) => step === 'with a mapped medication')!.visits).toBe(250);
    expect(coverage.drugs!.mapped_share).toBeGreaterThan(0.95);
    expect(manifest.licence_notice).toContain('ODbL');
  });

  it.skipIf(!fs.existsSync(corpus))('CodiEsp: 500 + 250 + 2,751 cases and every annotation', async () => {
    const result = await run('codiesp', corpus);
    expect(recordsOf(result)).toEqual({
      'train/text_files': [500, 500], 'dev/text_files': [250, 250], 'background/text_files': [2751, 2751],
      'train/trainD.tsv': [5639, 5639], 'train/trainP.tsv': [1550, 1550], 'dev/devD.tsv': [2677, 2677], 'dev/devP.tsv': [817, 817],
      'train/trainX.tsv': [9181, 9181], 'dev/devX.tsv': [4477, 4477],
    });
    expect(result.coverage.evidence!.spans).toBe(13_658);
    expect(result.coverage.evidence!.not_matching_text).toBeLessThan(9);
  });
});
