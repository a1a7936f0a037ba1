/** Artifact directories: written under a temporary name and renamed, with a manifest; an unchanged request does nothing. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { configurationError, dataError } from './errors.js';
import { makeFolder } from './make-folder.js';
import { noticesOfInputs, type Notices } from './notices.js';
import { packageVersion } from './paths.js';

export interface Manifest extends Notices {
  /** The command that wrote the directory, e.g. `ingest`. */
  command: string;
  version: string;
  created_at: string;
  /** The resolved configuration. */
  config: unknown;
  /** Input path → fingerprint (see {@link fingerprint}). */
  inputs: Record<string, string>;
  seed?: number;
  /** Hash of the split manifest, from `prepare` on. */
  split_id?: string;
  [extra: string]: unknown;
}

export interface ArtifactRequest {
  command: string;
  out: string;
  config: unknown;
  /** Files or artifact directories that are read; their fingerprints decide whether the work is already done. */
  inputs: string[];
  seed?: number;
  force?: boolean;
}

const sortKeys = (_key: string, value: unknown): unknown =>
  value && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** JSON with sorted keys, so that equal values have equal text. */
export const canonicalJson = (value: unknown): string => JSON.stringify(value, sortKeys) ?? 'null';

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/**
 * What identifies an input: for an artifact directory the hash of its manifest (creation time left out); for other files and
 * directories names, sizes and modification times, which is cheap for tables of many gigabytes.
 */
export function fingerprint(target: string): string {
  const stat = fs.statSync(target, { throwIfNoEntry: false });
  if (!stat) throw dataError(`${target}: no such file or directory`);
  const manifest = path.join(target, 'manifest.json');
  if (stat.isDirectory() && fs.existsSync(manifest)) {
    const { created_at: _, ...rest } = readManifest(target);
    return sha256(canonicalJson(rest));
  }
  const entries = stat.isDirectory()
    ? fs.readdirSync(target, { recursive: true, withFileTypes: true }).filter((e) => e.isFile()).map((e) => path.join(e.parentPath, e.name)).sort()
    : [target];
  return sha256(entries.map((file) => { const s = fs.statSync(file); return `${path.relative(target, file)}|${s.size}|${s.mtimeMs}`; }).join('\n'));
}

export function readManifest(dir: string): Manifest {
  const file = path.join(dir, 'manifest.json');
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as Manifest;
  } catch (cause) {
    throw dataError(`${dir}: not a medweave directory (no readable manifest.json); was it written by a medweave command that finished?`, cause);
  }
}

/** Checks that a directory was written by one of the named commands. */
export function expectArtifact(dir: string, ...commands: string[]): Manifest {
  const manifest = readManifest(dir);
  if (!commands.includes(manifest.command)) {
    throw dataError(`${dir}: expected the output of \`medweave ${commands.join('` or `medweave ')}\`, got the output of \`medweave ${manifest.command}\``);
  }
  return manifest;
}

export type ArtifactIdentity = Pick<Manifest, 'command' | 'version' | 'config' | 'inputs' | 'seed'>;

/** What makes two requests the same work. */
export function identityOf({ command, config, inputs, seed }: ArtifactRequest): ArtifactIdentity {
  const fingerprints = Object.fromEntries(inputs.map((input) => [path.resolve(input), fingerprint(input)]));
  return { command, version: packageVersion(), config: JSON.parse(canonicalJson(config)) as unknown, inputs: fingerprints, seed };
}

export const sameIdentity = (a: ArtifactIdentity, b: ArtifactIdentity): boolean => {
  const only = ({ command, version, config, inputs, seed }: ArtifactIdentity) => canonicalJson({ command, version, config, inputs, seed });
  return only(a) === only(b);
};

/** @returns the manifest in `out`, if there is one. @throws configuration error when `out` holds anything else */
export function existingManifest(out: string): Manifest | undefined {
  if (!fs.existsSync(out)) return undefined;
  if (!fs.statSync(out).isDirectory()) throw configurationError(`${out}: is a file; --out must name a directory`);
  if (fs.existsSync(path.join(out, 'manifest.json'))) return readManifest(out);
  if (fs.readdirSync(out).length) throw configurationError(`${out}: exists, is not empty and was not written by medweave; choose another --out`);
  return undefined;
}

/**
 * Runs `write` on a temporary directory beside `out`, adds the manifest and renames it to `out`. The manifest has the notices of all inputs, unless
 * `write` returns others.
 * @returns `done: false` when `out` already holds the result of the same request.
 * @throws configuration error when `out` exists and is not a medweave directory (nothing of it is touched).
 */
export async function writeArtifact(
  request: ArtifactRequest,
  write: (temporaryDir: string) => Promise<Partial<Manifest> | void>,
): Promise<{ done: boolean; manifest: Manifest }> {
  const { out } = request;
  const identity = identityOf(request);
  const old = existingManifest(out);
  if (old && !request.force && sameIdentity(old, identity)) return { done: false, manifest: old };
  const temporary = `${path.resolve(out)}.tmp-${process.pid}`;
  fs.rmSync(temporary, { recursive: true, force: true });
  makeFolder(temporary);
  try {
    const extra = await write(temporary);
    return { done: true, manifest: publish(temporary, out, { ...identity, created_at: new Date().toISOString(), ...noticesOfInputs(request.inputs), ...extra }) };
  } catch (error) {
    fs.rmSync(temporary, { recursive: true, force: true });
    throw error;
  }
}

/** Adds the manifest to a finished directory and renames it to `out`. */
export function publish(dir: string, out: string, manifest: Manifest): Manifest {
  fs.writeFileSync(path.join(dir, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  replaceDirectory(dir, path.resolve(out));
  return manifest;
}

function replaceDirectory(from: string, to: string): void {
  const old = `${to}.old-${process.pid}`;
  const existed = fs.existsSync(to);
  if (existed) fs.renameSync(to, old);
  fs.renameSync(from, to);
  if (existed) fs.rmSync(old, { recursive: true, force: true });
}
