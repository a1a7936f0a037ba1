/** Artifacts of long work: built in `OUT.partial`, which survives a kill; `--resume` continues it, the end renames it to `OUT`. */
import fs from 'node:fs';
import path from 'node:path';
import { canonicalJson, existingManifest, identityOf, publish, sameIdentity, type ArtifactIdentity, type ArtifactRequest, type Manifest } from './artifact.js';
import { configurationError } from './errors.js';
import { makeFolder } from './make-folder.js';
import { noticesOfInputs } from './notices.js';

export interface ResumableRequest extends ArtifactRequest {
  resume: boolean;
  /** Whether a file of this name in the partial directory is something to continue from; by default every file is. */
  isProgress?: (name: string) => boolean;
}

export interface Progressed {
  /** False when the work was interrupted; the partial directory is kept then. */
  finished: boolean;
  manifest: Partial<Manifest>;
}

/**
 * Runs `work` on the partial directory and publishes it when finished.
 * @returns `done: false` when `out` already holds the result of the same request
 * @throws configuration error when an unfinished run lies there and neither `resume` nor `force` is given, or when the request differs from it
 */
export async function resumableArtifact(request: ResumableRequest, work: (partialDir: string) => Promise<Progressed>): Promise<{ done: boolean; finished: boolean; manifest?: Manifest }> {
  const { out, force, resume, isProgress = () => true } = request;
  const identity = identityOf(request);
  const old = existingManifest(out);
  if (old && !force && sameIdentity(old, identity)) return { done: false, finished: true, manifest: old };
  if (old && !force) throw configurationError(`${out}: holds another run (other configuration, inputs or seed); choose another --out, or --force to replace it`);
  const partial = `${path.resolve(out)}.partial`;
  openPartial(partial, identity, { force: Boolean(force), resume });
  const { finished, manifest } = await work(partial).catch((error: unknown) => {
    dropIfUnbegun(partial, isProgress);
    throw error;
  });
  if (!finished) return { done: true, finished };
  fs.rmSync(path.join(partial, REQUEST));
  return { done: true, finished, manifest: publish(partial, out, { ...identity, created_at: new Date().toISOString(), ...noticesOfInputs(request.inputs), ...manifest }) };
}

const REQUEST = 'request.json';

/** Work that failed before it saved anything leaves nothing behind: there is nothing to resume. */
function dropIfUnbegun(partial: string, isProgress: (name: string) => boolean): void {
  if (!fs.readdirSync(partial).some((name) => name !== REQUEST && isProgress(name))) fs.rmSync(partial, { recursive: true });
}

function openPartial(partial: string, identity: ArtifactIdentity, { force, resume }: { force: boolean; resume: boolean }): void {
  if (fs.existsSync(partial) && force && !resume) fs.rmSync(partial, { recursive: true });
  const file = path.join(partial, REQUEST);
  if (!fs.existsSync(file)) {
    fs.rmSync(partial, { recursive: true, force: true });
    makeFolder(partial);
    fs.writeFileSync(`${file}.tmp`, canonicalJson(identity));
    fs.renameSync(`${file}.tmp`, file);
    return;
  }
  if (!resume) throw configurationError(`${partial}: an unfinished run; continue it with --resume, or start over with --force`);
  const begun = JSON.parse(fs.readFileSync(file, 'utf8')) as ArtifactIdentity;
  if (sameIdentity(begun, identity)) return;
  const differs = (['command', 'version', 'config', 'inputs', 'seed'] as const).filter((key) => canonicalJson(begun[key]) !== canonicalJson(identity[key]));
  throw configurationError(`${partial}: was begun with another ${differs.join(', ')}; --resume needs the same request (or start over with --force)`);
}
