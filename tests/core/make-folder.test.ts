/** Folders are made one by one, and what the system refuses ends at once. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder } from '../../src/core/make-folder.js';

it('makes a folder and those above it, and leaves what is there', () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-folder-'));
  const deep = path.join(root, 'a', 'b', 'c');
  makeFolder(deep);
  fs.writeFileSync(path.join(deep, 'file'), 'x');
  makeFolder(deep);
  expect(fs.readdirSync(deep)).toEqual(['file']);
  expect(() => makeFolder(path.join(deep, 'file', 'd'))).toThrow(/ENOTDIR|ENOENT/);
  fs.rmSync(root, { recursive: true });
});

it.skipIf(process.platform !== 'linux')('ends where the system has no such folder', () => {
  expect(() => makeFolder('/proc/medweave/x')).toThrow(/ENOENT/);
});
