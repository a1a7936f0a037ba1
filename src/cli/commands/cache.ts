/** `medweave cache`: the caches of frozen layers on this machine; deletes old ones, looks for damage. */
import path from 'node:path';
import { configurationError } from '../../core/errors.js';
import { createProgress } from '../../core/progress.js';
import { cacheDirectory, listCaches, pruneCaches, verifyCache, type CacheSummary, type Verification } from '../../prefix-cache/index.js';
import { ABSENT, count, dateTime } from '../../report/format.js';
import { defineCommand, type CommandContext } from '../command.js';
import { alignColumns } from '../run-options.js';

interface CacheArgs {
  directory?: string;
  prune?: number;
  verify?: boolean;
}

/** Characters of a hash that tell it from others at a glance. */
const SHOWN_NAME = 12;

export default defineCommand<CacheArgs>({
  usage: 'cache',
  describe: 'List the caches of frozen layers; delete old ones, look for damage',
  builder: (yargs) =>
    yargs
      .option('directory', { type: 'string', describe: 'folder of the caches (default: $MEDWEAVE_CACHE, $XDG_CACHE_HOME/medweave or ~/.cache/medweave)' })
      .option('prune', { type: 'number', describe: 'delete the caches not used for this many days' })
      .option('verify', { type: 'boolean', describe: 'read every record and report damage' })
      .example('$0 cache --prune 30', '')
      .conflicts('prune', 'verify') as never,
  async run({ directory: configured, prune, verify }, context) {
    const directory = cacheDirectory(configured);
    if (prune !== undefined) return pruned(directory, prune);
    const caches = listCaches(directory);
    if (verify) return verified(directory, caches, context);
    return { text: caches.length ? `${directory}\n${table(caches)}` : `${directory}: no caches`, json: { directory, caches } };
  },
});

function pruned(directory: string, days: number) {
  if (!(days >= 0)) throw configurationError(`--prune ${days}: expected a number of days, at least 0`);
  const deleted = pruneCaches(directory, days);
  const freed = gibibytes(deleted.reduce((sum, { bytes }) => sum + bytes, 0));
  return { text: deleted.length ? `${table(deleted)}\ndeleted ${deleted.length}, ${freed} GiB` : `${directory}: nothing unused for ${days} days`, json: { directory, deleted } };
}

async function verified(directory: string, caches: readonly CacheSummary[], context: CommandContext) {
  const results: ({ folder: string } & Partial<Verification> & { unreadable?: true })[] = [];
  for (const cache of caches) results.push({ folder: cache.folder, ...(await verifyOne(cache, context)) });
  const damaged = results.some((result) => result.unreadable || result.damaged);
  const text = results.map(describe).join('\n') || `${directory}: no caches`;
  return { text: damaged ? `${text}\ndamaged records are computed again when needed; deleting the folder frees their space` : text, json: { directory, caches: results } };
}

async function verifyOne({ folder, entries, metadata }: CacheSummary, { log, signal }: CommandContext): Promise<Verification | { unreadable: true }> {
  if (!metadata) return { unreadable: true };
  const progress = createProgress({ label: 'verified', total: entries, unit: 'records', log });
  const result = await verifyCache(folder, metadata, { log, signal, onProgress: (checked) => progress.update(checked) });
  progress.finish();
  return result;
}

function describe({ folder, unreadable, checked, damaged, problems = [] }: { folder: string; unreadable?: true } & Partial<Verification>): string {
  if (unreadable) return `✖ ${folder}: cache.json is damaged; delete the folder`;
  if (!damaged) return `✔ ${folder}: ${count(checked!)} records, none damaged`;
  return [`✖ ${folder}: ${count(checked!)} records, ${count(damaged)} damaged, e.g.`, ...problems.map((problem) => `    ${problem}`)].join('\n');
}

/** A line of figures for each cache, and below it what the cache is for. */
function table(caches: readonly CacheSummary[]): string {
  const [header, ...rows] = alignColumns([['cache', 'GiB', 'entries', 'last used', 'width', 'precision'], ...caches.map(row)]).split('\n');
  return [header, ...rows.flatMap((line, i) => [line, `    ${purposeOf(caches[i]!.metadata)}`])].join('\n');
}

function row({ folder, bytes, entries, last_used, metadata }: CacheSummary): string[] {
  const name = path.basename(folder).slice(0, SHOWN_NAME);
  return [name, gibibytes(bytes), count(entries), dateTime(last_used), ...(metadata ? [String(metadata.width), metadata.precision] : [ABSENT, ABSENT])];
}

/** The label, then the key; hashes are cut short. */
function purposeOf(metadata: CacheSummary['metadata']): string {
  if (!metadata) return 'cache.json is damaged';
  const { label, key, medweave } = metadata;
  return [label, ...Object.entries(key).map(([name, value]) => `${name} ${String(value).slice(0, SHOWN_NAME)}`), `medweave ${medweave}`].filter(Boolean).join(', ');
}

const gibibytes = (bytes: number): string => (bytes / 2 ** 30).toFixed(2);
