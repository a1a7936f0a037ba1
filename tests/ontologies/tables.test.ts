/** The bundled tables: complete, without overlaps, and consistent with the classifications' own lists where those are at hand. */
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { codeSystem, loadTitles } from '../../ontologies/index.js';
import { readRanges } from '../../ontologies/ranges.js';
import { parseTable, readTable, readTitles } from '../../ontologies/tables.js';
import { packageFile } from '../../src/core/paths.js';

const orderFile = packageFile('..', 'shared', 'data', 'icd10cm', 'icd10cm-order-Jan-2021.csv.gz');

describe.skipIf(!fs.existsSync(orderFile))('ICD-10-CM against the January 2021 order file', () => {
  const bare = codeSystem('icd10cm');
  let titles: Map<string, string>;
  beforeAll(async () => {
    titles = await loadTitles(orderFile, bare);
  });

  it('puts every category in exactly one block and one chapter, and leaves no block empty', () => {
    const categories = [...titles.keys()].filter((code) => code.length === 3);
    expect(categories).toHaveLength(1911);
    const used = new Set(categories.flatMap((category) => {
      const nodes = bare.path(category).slice(1, -1);
      expect(nodes, category).toHaveLength(2);
      return nodes;
    }));
    const ranges = readRanges('icd10cm-ranges').ranges.map(({ node }) => node);
    expect([...used].sort()).toEqual([...ranges].sort());
  });

  it('names exactly the subcategories that the file lists', () => {
    const unlisted = [...titles.keys()].flatMap((code) => bare.path(code).slice(1).filter((node) => !node.includes('-') && node !== 'root' && !titles.has(node)));
    expect([...new Set(unlisted)]).toEqual(['H54.512']); // the file lists H54.512A below H54.51
  });

  it('loads titles: known codes are known', () => {
    const system = codeSystem('icd10cm', { titles });
    expect(system.describe('E11.9')).toMatchObject({ known: true });
    expect(system.title('E11.9')).toBe('Type 2 diabetes mellitus without complications');
    expect(system.isKnown('E11.99')).toBe(false);
  });
});

it.each(['icd9cm-ranges', 'icd9proc-ranges', 'icd10cm-ranges'])('%s: ranges of one level do not overlap, blocks lie in chapters', (name) => {
  const rows = readTable(name).map(({ cells }) => cells as { level: string; from: string; to: string });
  for (const level of ['block', 'chapter']) {
    const ranges = rows.filter((row) => row.level === level).sort((a, b) => (a.from < b.from ? -1 : 1));
    ranges.forEach(({ from, to }, i) => {
      expect(from <= to, `${from}-${to}`).toBe(true);
      const next = ranges[i + 1];
      // C7A-C7A lies in the gap that C76-C80 spans in text order; the printed list has it before C76.
      if (next && next.from.length === from.length && !/[AB]$/.test(next.from)) expect(to < next.from || /[AB]$/.test(from), `${from}-${to} and ${next.from}`).toBe(true);
    });
  }
  const chapters = rows.filter((row) => row.level === 'chapter');
  for (const { from, to } of rows.filter((row) => row.level === 'block')) {
    expect(chapters.filter((chapter) => chapter.from.length === from.length && chapter.from <= from && to <= chapter.to), `${from}-${to}`).toHaveLength(1);
  }
});

it('has a block and a chapter for every ICD-9-CM category it has a title for', () => {
  const system = codeSystem('icd9cm');
  const categories = [...readTitles('icd9cm-categories').keys()];
  expect(categories.length).toBeGreaterThan(900);
  for (const category of categories) {
    expect(system.normalise(category), category).toBe(category);
    expect(system.path(category).length, category).toBeGreaterThanOrEqual(3);
  }
});

it('has an ICD-9 procedure chapter for each of the hundred categories', () => {
  const system = codeSystem('icd9proc');
  const categories = [...readTitles('icd9proc-categories').keys()];
  expect(categories).toEqual(Array.from({ length: 100 }, (_, i) => String(i).padStart(2, '0')));
  for (const category of categories) expect(system.path(category)).toHaveLength(3);
});

it('states the provenance of every bundled table', () => {
  const dir = packageFile('ontologies', 'tables');
  for (const file of fs.readdirSync(dir)) expect(fs.readFileSync(path.join(dir, file), 'utf8'), file).toMatch(/^# .*(source|written for medweave)/);
});

it('reports a malformed table by file and line', () => {
  expect(() => parseTable('# c\na\tb\n1\t2\n1\t2\t3\n', 'x.tsv')).toThrow('x.tsv:4: expected at most 2 cells, got 3');
  expect(() => parseTable('# only a comment\n', 'x.tsv')).toThrow(/x.tsv: the table is empty/);
});
