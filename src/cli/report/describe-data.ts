/** What a report says of the data: the files of `prepare`, and those of the store that it read where that is found. */
import fs from 'node:fs';
import path from 'node:path';
import { readManifest, type Manifest } from '../../core/artifact.js';
import { dataError } from '../../core/errors.js';
import { noticesOfInputs } from '../../core/notices.js';
import { describeData, type Dataset, type Flow } from '../../dataset/index.js';
import type { ReportedData, StoreCoverage } from '../../report/run/data.js';
import { hashesOf } from './describe-run.js';

/** @param store the directory that `--store` names, else that of the manifest */
export function reportedData(dataset: Dataset, store: string | undefined): ReportedData {
  const { dir, manifest } = dataset;
  return {
    name: path.basename(path.resolve(dir)),
    version: manifest.version,
    createdAt: manifest.created_at,
    splitId: manifest.split_id,
    notices: noticesOfInputs([dir]),
    config: manifest.config,
    flow: readJson(path.join(dir, 'flow.json')) as Flow,
    description: describeData(dataset),
    hashes: hashesOf(dir, ['visits.parquet', 'gold.parquet', 'split.json', 'vocab.json', 'tokenizer.json']),
    ...(store !== undefined && { store: coverageOf(store) }),
  };
}

/** The store that data were prepared from, where it still is. */
export const storeOf = ({ inputs }: Manifest): string | undefined => Object.keys(inputs).find((input) => fs.existsSync(path.join(input, 'coverage.json')) && readManifest(input).command === 'ingest');

interface CoverageFile {
  source?: string;
  flow?: StoreCoverage['flow'];
  codes?: StoreCoverage['codes'];
  drugs?: {
    named_rows: number;
    mapped_rows: number;
    skipped?: Record<string, { rows: number }>;
    unmapped: NonNullable<StoreCoverage['drugs']>['unmapped'];
  };
}

/** Stores made by other means may have an empty file. */
function coverageOf(store: string): StoreCoverage {
  const { source, flow = [], codes = [], drugs } = readJson(path.join(store, 'coverage.json')) as CoverageFile;
  return {
    source, flow, codes,
    ...(drugs && { drugs: { ...drugs, skipped_rows: Object.values(drugs.skipped ?? {}).reduce((sum, { rows }) => sum + rows, 0) } }),
  };
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (cause) {
    throw dataError(`${file}: missing or damaged; write the directory again`, cause);
  }
}
