/** The concept files of i2b2 2010: places by line and token, and what is wrong with a file. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readI2b2 } from '../../../finetune/ner/i2b2.js';

const TEXT = 'Admitted with severe 😀 chest pain .\nAn  ECG was normal ;\nshe received aspirin\n';

function directory(files: Record<string, string>): string {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-i2b2-'));
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    fs.writeFileSync(path.join(dir, name), content);
  }
  return dir;
}

const read = (files: Record<string, string>) => readI2b2({ raw: directory(files), devShare: 0.5, seed: 1 });
const two = { 'txt/b.txt': TEXT, 'concept/b.con': '' };

describe('readI2b2', () => {
  it('reads spans of tokens, apart from the texts or beside them', () => {
    const con = 'c="severe 😀 chest pain" 1:2 1:5||t="problem"\r\nc="an ecg" 2:0 2:1||t="test"\nc="aspirin" 3:2 3:2||t="treatment"\n';
    const { types, splits } = read({ 'txt/a.txt': TEXT, 'concept/a.con': con, ...two });
    expect(types).toEqual(['problem', 'test', 'treatment']);
    const note = [...splits.train, ...splits.dev].find(({ id }) => id === 'a')!;
    const characters = Array.from(TEXT);
    expect(note.mentions.map(({ start, end, type }) => [characters.slice(start, end).join(''), type])).toEqual([['severe 😀 chest pain', 'problem'], ['An  ECG', 'test'], ['aspirin', 'treatment']]);
    expect([splits.train.length, splits.dev.length, splits.test.length]).toEqual([1, 1, 0]);
  });

  it('names the file and line of what it cannot read', () => {
    expect(() => read({ 'a.txt': TEXT, 'a.con': 'c="x" 1:2\n', ...two })).toThrow(/a\.con line 1: expected c="…" LINE:TOKEN/);
    expect(() => read({ 'a.txt': TEXT, 'a.con': '\nc="x" 1:2 1:99||t="problem"\n', ...two })).toThrow(/a\.con line 2: 1:2 1:99 is no stretch of the text/);
    expect(() => read({ 'a.txt': TEXT, 'a.con': 'c="x" 1:2 1:2||t="drug"\n', ...two })).toThrow(/a\.con line 1: type "drug"; expected problem, test, treatment/);
    expect(() => read({ 'a.con': '', ...two })).toThrow(/a\.con: no a\.txt/);
    expect(() => read({ 'a.txt': TEXT })).toThrow(/no \.con file/);
    expect(() => read(two)).toThrow(/1 document\(s\); at least two/);
    expect(() => readI2b2({ raw: '/nowhere/at/all', devShare: 0.1, seed: 1 })).toThrow(/no such directory/);
  });
});
