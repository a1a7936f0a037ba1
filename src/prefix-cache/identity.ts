/** The folder of one cache: its name and its `cache.json` say what it is for, so that it is never used for anything else. */
import fs from 'node:fs';
import path from 'node:path';
import { canonicalJson, sha256 } from '../core/artifact.js';
import { configurationError, dataError } from '../core/errors.js';
import { packageVersion } from '../core/paths.js';
import { FILE_MODE, FOLDER_MODE } from './files.js';
import { ID_BYTES, type Precision } from './record.js';

/** Everything that the values depend on but the chunk itself. Hashes and numbers; never any patient text. */
export type CacheKey = Readonly<Record<string, string | number | boolean | null>>;

export interface CacheIdentity {
  /** Of the files' layout. */
  format: number;
  /** Another version may compute other values. */
  medweave: string;
  key: CacheKey;
  width: number;
  precision: Precision;
}

export interface CacheMetadata extends CacheIdentity {
  /** For people: the encoder's name, say. */
  label: string;
  created_at: string;
}

export const METADATA_FILE = 'cache.json';

const FORMAT = 1;
const NAME_LENGTH = 32;
const NAME = new RegExp(`^[0-9a-f]{${NAME_LENGTH}}$`);

const README = `This folder is a cache of medweave: the output of the frozen layers of a text encoder, one record a piece of a note.

It may be deleted at any time; medweave computes it again when needed. \`medweave cache\` lists caches and prunes old ones.

The vectors are computed from the text of patients' notes, and such vectors can reveal what the text says.
Treat this folder like the notes themselves: keep it where they may be kept, do not share it, and delete it with them.
`;

/** Keeps the folder out of backups that honour https://bford.info/cachedir/. */
const CACHE_TAG = 'Signature: 8a477f597d28d172789f06886806bc55\n# medweave: vectors computed from notes; see README.txt\n';

export const identityOf = (key: CacheKey, width: number, precision: Precision): CacheIdentity => ({ format: FORMAT, medweave: packageVersion(), key, width, precision });

const only = ({ format, medweave, key, width, precision }: CacheIdentity): CacheIdentity => ({ format, medweave, key, width, precision });

const hashOf = (identity: CacheIdentity): string => sha256(canonicalJson(only(identity)));

export const isCacheName = (name: string): boolean => NAME.test(name);

export const cacheFolder = (directory: string, identity: CacheIdentity): string => path.join(directory, hashOf(identity).slice(0, NAME_LENGTH));

/** What records carry to say which cache they belong to. */
export const tagOf = (identity: CacheIdentity): Uint8Array => new Uint8Array(Buffer.from(hashOf(identity), 'hex')).slice(0, ID_BYTES);

/** @returns undefined when there is none. @throws data error when it is damaged or of a later format */
export function readMetadata(folder: string): CacheMetadata | undefined {
  const file = path.join(folder, METADATA_FILE);
  if (!fs.existsSync(file)) return undefined;
  try {
    const metadata = JSON.parse(fs.readFileSync(file, 'utf8')) as CacheMetadata;
    if (metadata.format !== FORMAT) throw new Error(`expected format ${FORMAT}, got ${String(metadata.format)}`);
    return metadata;
  } catch (cause) {
    throw dataError(`${file}: cannot be used (${(cause as Error).message}); delete the folder, it will be computed again`, cause);
  }
}

/** Makes the folder, or checks that the one there is for the same thing. */
export function prepareFolder(folder: string, identity: CacheIdentity, label: string): void {
  const found = readMetadata(folder);
  if (!found) return createFolder(folder, { ...identity, label, created_at: new Date().toISOString() });
  const differs = (Object.keys(only(found)) as (keyof CacheIdentity)[]).filter((field) => canonicalJson(found[field]) !== canonicalJson(identity[field]));
  if (differs.length) {
    throw dataError(`${path.join(folder, METADATA_FILE)}: this cache is for another ${differs.join(', ')} (was the folder renamed or edited?); delete it, it will be computed again`);
  }
}

function createFolder(folder: string, metadata: CacheMetadata): void {
  try {
    fs.mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
    publishFile(path.join(folder, 'README.txt'), README);
    publishFile(path.join(folder, 'CACHEDIR.TAG'), CACHE_TAG);
    publishFile(path.join(folder, METADATA_FILE), `${JSON.stringify(metadata, null, 2)}\n`);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw configurationError(`${folder}: the cache cannot be created (${code ?? message}); set cache.directory to a writable folder, or cache.enabled: false`, cause);
  }
}

/** Whole or not at all; of several processes that do this at once any may win, since they write the same. */
function publishFile(file: string, text: string): void {
  const temporary = `${file}.${process.pid}`;
  fs.writeFileSync(temporary, text, { mode: FILE_MODE });
  fs.renameSync(temporary, file);
}

/** The modification time of `cache.json` is when the cache was last used. A read-only cache keeps its old one. */
export function markUsed(folder: string): void {
  const now = new Date();
  try {
    fs.utimesSync(path.join(folder, METADATA_FILE), now, now);
  } catch {
    // Nothing depends on it but `medweave cache --prune`, which could not delete there either.
  }
}
