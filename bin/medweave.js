#!/usr/bin/env node
// Starts the command line; in a source checkout it first installs and compiles what is missing or stale.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const main = path.join(root, 'dist', 'src', 'cli', 'main.js');
const sources = ['src', 'ontologies', 'pretrain', 'finetune'];

function newestSource(dir) {
  let newest = 0;
  for (const entry of fs.readdirSync(dir, { withFileTypes: true })) {
    const file = path.join(dir, entry.name);
    if (entry.isDirectory()) newest = Math.max(newest, newestSource(file));
    else if (entry.name.endsWith('.ts')) newest = Math.max(newest, fs.statSync(file).mtimeMs);
  }
  return newest;
}

function compileIfStale() {
  if (!fs.existsSync(path.join(root, 'tsconfig.build.json'))) return; // an installed package ships dist/
  if (process.argv[2] === '--get-yargs-completions' && fs.existsSync(main)) return; // a shell waits for words, not for the compiler
  const stamp = path.join(root, 'dist', '.built');
  const newest = Math.max(...sources.map((dir) => newestSource(path.join(root, dir))));
  if (fs.existsSync(main) && fs.existsSync(stamp) && fs.statSync(stamp).mtimeMs >= newest) return;
  console.error('medweave: compiling TypeScript …');
  const started = new Date();
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const result = spawnSync(process.execPath, [tsc, '-p', path.join(root, 'tsconfig.build.json')], { stdio: ['ignore', 2, 2] });
  if (result.status !== 0) process.exit(1);
  fs.writeFileSync(stamp, '');
  fs.utimesSync(stamp, started, started);
}

if (fs.existsSync(path.join(root, 'package-lock.json'))) {
  const { ensureInstalled } = await import('../scripts/ensure-installed.js');
  ensureInstalled();
}
compileIfStale();
const { main: run } = await import(pathToFileURL(main).href);
process.exitCode = await run(process.argv.slice(2));
