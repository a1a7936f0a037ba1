/** Where a MEDS data set keeps its files, and what its metadata say of it. */
import fs from 'node:fs';
import path from 'node:path';
import { configurationError, dataError } from '../../core/errors.js';
import type { Notices } from '../../core/notices.js';
import type { IngestConfig } from '../config.js';
import { ownNotices } from '../licence.js';

export interface MedsFiles {
  dir: string;
  /** The shards: every Parquet file below data/. */
  data: string[];
  codes?: string;
  splits?: string;
  dataset?: string;
}

const isHidden = (name: string): boolean => name.split(path.sep).some((part) => part.startsWith('.') || part.startsWith('_'));

/** @throws data error when there is no data/ with Parquet files */
export function medsFiles({ raw }: Pick<IngestConfig, 'raw'>): MedsFiles {
  const [dir, ...others] = raw as [string, ...string[]];
  if (others.length) throw configurationError(`--raw: a MEDS data set is one directory, got ${raw.length}`);
  const root = path.join(dir, 'data');
  if (!fs.existsSync(dir)) throw dataError(`${dir}: no such directory; --raw must name the directory of the MEDS data set`);
  const names = fs.existsSync(root) ? fs.readdirSync(root, { recursive: true }).map(String).filter((name) => name.endsWith('.parquet') && !isHidden(name)).sort() : [];
  if (!names.length) throw dataError(`${root}: no Parquet file in it; a MEDS data set has data/**/*.parquet and metadata/, here there is ${shown(fs.readdirSync(dir))}`);
  const metadata = (name: string): string | undefined => [path.join(dir, 'metadata', name)].find((file) => fs.existsSync(file));
  return {
    dir, data: names.map((name) => path.join(root, name)),
    codes: metadata('codes.parquet'), splits: metadata('subject_splits.parquet'), dataset: metadata('dataset.json'),
  };
}

const shown = (names: readonly string[]): string => (names.length ? `${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}` : 'nothing');

interface DatasetMetadata {
  dataset_name?: string;
  dataset_version?: string;
  license?: string;
}

/** The licence in metadata/dataset.json (MEDS 0.4); without one, nobody can know. */
export function medsNotices(config: IngestConfig): Notices {
  const { dataset } = medsFiles(config);
  const { dataset_name, dataset_version, license } = dataset ? readMetadata(dataset) : {};
  const what = ['MEDS data set', dataset_name, dataset_version].filter(Boolean).join(' ');
  return license ? { ...ownNotices(what), licence_notice: `${what}: ${license}` } : ownNotices(what);
}

function readMetadata(file: string): DatasetMetadata {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as DatasetMetadata;
  } catch (cause) {
    throw dataError(`${file}: not valid JSON; fetch the file again, or remove it`, cause);
  }
}
