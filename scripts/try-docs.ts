/** `npm run docs:try -- PAGE…`: runs the commands of documentation pages as a reader would, one page after the other in one new directory. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { packageFile } from '../src/core/paths.js';
import { shellBlocks, type ShellBlock } from './pages/shell-blocks.js';

const pages = process.argv.slice(2);
const directory = process.env['DOCS_DIRECTORY'] ?? fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-docs-'));
for (const page of pages) tryPage(page);

function tryPage(page: string): void {
  const blocks = shellBlocks(fs.readFileSync(page, 'utf8')).filter(({ kind }) => kind !== 'shown');
  const script = path.join(directory, `${path.basename(page, '.md')}.sh`);
  fs.mkdirSync(directory, { recursive: true });
  fs.writeFileSync(script, scriptOf(page, blocks));
  const started = Date.now();
  const { status } = spawnSync('bash', [script], { cwd: directory, stdio: 'inherit' });
  process.stderr.write(`${page}: ${status === 0 ? 'done' : `failed (${status})`} after ${((Date.now() - started) / 1000).toFixed(0)} s in ${directory}\n`);
  if (status !== 0) process.exit(1);
}

/** Background blocks are process groups of their own, which end with the page. */
function scriptOf(page: string, blocks: readonly ShellBlock[]): string {
  const head = ['set -euom pipefail', `medweave() { node '${packageFile('bin', 'medweave.js')}' "$@"; }`, 'trap \'for job in $(jobs -p); do kill -- "-$job" || true; done; wait\' EXIT'];
  const body = blocks.map(({ line, text, kind }) => `echo "--- ${page}:${line}" >&2\n${kind === 'background' ? `{ ${text}\n} &` : text}`);
  return [...head, ...body, ''].join('\n');
}
