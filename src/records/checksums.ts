/** Compares raw files with the SHA256SUMS.txt that PhysioNet ships: the only sign that a plain CSV file lost its last lines. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** Absolute path → published hash, from the lists in the raw directories. */
function publishedHashes(rawDirs: readonly string[]): Map<string, string> {
  const hashes = new Map<string, string>();
  for (const dir of rawDirs) {
    const list = path.join(dir, 'SHA256SUMS.txt');
    if (!fs.existsSync(list)) continue;
    for (const [, hash, name] of fs.readFileSync(list, 'utf8').matchAll(/^([0-9a-f]{64})\s+\*?(.+?)\s*$/gim)) {
      hashes.set(path.resolve(dir, name!), hash!.toLowerCase());
    }
  }
  return hashes;
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of fs.createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** The files whose content is not what was published; files that no list names are left alone. */
export async function changedFiles(rawDirs: readonly string[], files: readonly string[]): Promise<string[]> {
  const hashes = publishedHashes(rawDirs);
  const changed: string[] = [];
  for (const file of files) {
    const published = hashes.get(path.resolve(file));
    if (published && published !== await hashOf(file)) changed.push(file);
  }
  return changed;
}
