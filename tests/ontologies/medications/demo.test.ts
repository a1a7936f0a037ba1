/** The bundled table on the prescriptions of the MIMIC-IV demo, where it is at hand; and the table's own consistency. */
import fs from 'node:fs';
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { codeSystem, createDrugMapper } from '../../../ontologies/index.js';
import { nameKey } from '../../../ontologies/medications/clean.js';
import { readTable } from '../../../ontologies/tables.js';
import { packageFile } from '../../../src/core/paths.js';

const prescriptions = packageFile('..', 'shared', 'data', 'mimic4-demo-2.2', 'hosp', 'prescriptions.csv');

it.skipIf(!fs.existsSync(prescriptions))('maps at least 98 % of the rows that name a drug', async () => {
  const rows = parse(fs.readFileSync(prescriptions), { columns: true }) as { drug: string; route: string }[];
  const mapper = await createDrugMapper();
  const count = { mapped: 0, skipped: 0, unmapped: 0 };
  const frequency = new Map<string, number>();
  for (const { drug, route } of rows) frequency.set(`${drug}\t${route}`, (frequency.get(`${drug}\t${route}`) ?? 0) + 1);
  for (const [query, times] of frequency) {
    const [drug, route] = query.split('\t');
    const mapping = mapper.map({ drug, route });
    count[mapping === null ? 'unmapped' : 'skip' in mapping ? 'skipped' : 'mapped'] += times;
  }
  expect(count.mapped + count.skipped + count.unmapped).toBe(18087);
  expect(count.mapped / (count.mapped + count.unmapped)).toBeGreaterThan(0.98);
  // Diluents must not swallow drugs: what is set aside is about the rows of type BASE and the saline flushes.
  expect(count.skipped).toBeLessThan(4300);
});

const rows = readTable('drug-atc').map(({ cells }) => cells as { ingredient: string; codes: string; aliases: string });

it('has well-formed codes whose groups all have a title', () => {
  const atc = codeSystem('atc');
  for (const { ingredient, codes } of rows) {
    for (const code of codes === '-' ? [] : codes.split(' ').map((text) => text.split(':').at(-1)!)) {
      expect(code, ingredient).toMatch(/^[A-Z]\d\d[A-Z]{2}(\d\d)?$/);
      for (const node of atc.path(code).slice(1, -1)) expect(atc.title(node), `${ingredient} ${code} ${node}`).toBeDefined();
    }
  }
});

it('gives each name to one ingredient', () => {
  const owner = new Map<string, string>();
  for (const { ingredient, aliases } of rows) {
    for (const name of [ingredient, ...aliases.split('|')].filter(Boolean)) {
      expect(owner.get(nameKey(name)), `${name} of ${ingredient}`).toBeUndefined();
      owner.set(nameKey(name), ingredient);
    }
  }
  expect(rows.length).toBeGreaterThan(900);
});
