/** User tables and RxNorm files: order of the sources, NDC forms, and errors that name file and line. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDrugMapper } from '../../../ontologies/index.js';
import { normaliseNdc } from '../../../ontologies/medications/ndc.js';

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-drugs-'));
const write = (name: string, content: string): string => {
  const file = path.join(dir, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
  return file;
};

describe('normaliseNdc', () => {
  it.each([
    ['00781-3029-95', '00781302995'],
    ['0781-3029-95', '00781302995'],
    ['55390-041-10', '55390004110'],
    ['55390-0041-1', '55390004101'],
    ['781302995', '00781302995'],
    ['00781302995', '00781302995'],
    ['0', null],
    ['', null],
    ['00000000000', null],
    ['ABC', null],
    [null, null],
  ])('%j → %j', (raw, expected) => {
    expect(normaliseNdc(raw)).toBe(expected);
  });
});

describe('user tables', () => {
  const byNdc = write('ndc.csv', '\ufeffNDC,ATC\n0781-3029-95,J01XA01\n00781-3029-95,j01xa02\n');
  const byName = write('name.csv', 'name,atc\nD5W,B05BA03\nFurosemide,C03CB01;C03CA01\n');

  it('come before everything else: NDC, then name; codes of several rows add up', async () => {
    const mapper = await createDrugMapper({ tables: [byNdc, byName] });
    expect(mapper.map({ drug: 'Furosemide 20mg', ndc: '781302995' })).toEqual({ atc: ['J01XA01', 'J01XA02'], source: 'table' });
    expect(mapper.map({ drug: 'FUROSEMIDE 20 mg tab', ndc: '0' })).toEqual({ atc: ['C03CA01', 'C03CB01'], source: 'table' });
    expect(mapper.map({ drug: 'D5W' })).toEqual({ atc: ['B05BA03'], source: 'table' });
    expect(mapper.map({ drug: 'Torsemide' })).toEqual({ atc: ['C03CA04'], source: 'builtin' });
  });

  it('match a whole name, not a part of a combination', async () => {
    const mapper = await createDrugMapper({ tables: [write('part.csv', 'name,atc\nacetaminophen,N02BE05\n')] });
    expect(mapper.map({ drug: 'Oxycodone-Acetaminophen' })).toEqual({ atc: ['N02AJ17'], source: 'builtin' });
  });

  it.each([
    ['columns', 'drug,code\nx,N02BE01\n', /:1: expected the columns ndc,atc or name,atc, got drug,code/],
    ['code', 'name,atc\naspirin,B01AC06\nx,NO2BE01\n', /:3: expected an ATC code.*"NO2BE01"/],
    ['empty code', 'name,atc\naspirin,\n', /:2: expected an ATC code/],
    ['NDC', 'ndc,atc\n12,N02BE01\n', /:2: "12" is not an NDC/],
    ['quote', 'name,atc\n"aspirin,N02BE01\n', /cannot read the drug table/],
  ])('with a wrong %s are refused by file and line', async (_, content, message) => {
    const file = write('bad.csv', content);
    await expect(createDrugMapper({ tables: [file] })).rejects.toThrow(message);
    await expect(createDrugMapper({ tables: [file] })).rejects.toThrow('bad.csv');
  });

  it('that do not exist are refused by name', async () => {
    await expect(createDrugMapper({ tables: [path.join(dir, 'none.csv')] })).rejects.toThrow(/none.csv: cannot read/);
  });
});

const concept = (rxcui: string, sab: string, tty: string, code: string, text: string): string => [rxcui, 'ENG', '', '', '', '', '', '', '', '', '', sab, tty, code, text, '', 'N', ''].join('|') + '|\n';
const relation = (a: string, rela: string, b: string): string => [a, '', 'CUI', 'RO', b, '', 'CUI', rela, '', '', 'RXNORM', '', '', '', '', ''].join('|') + '|\n';
const attribute = (rxcui: string, name: string, value: string): string => [rxcui, '', '', '', 'CUI', rxcui, '', '', name, 'RXNORM', value, 'N', ''].join('|') + '|\n';

/** Two invented ingredients, one product of each kind; the ATC codes are real so that they pass validation. */
function writeRxNorm(name: string): string {
  const folder = path.join(dir, name);
  write(`${name}/RXNCONSO.RRF`,
    concept('1', 'RXNORM', 'IN', '1', 'Examplolol') + concept('1', 'ATC', 'IN', 'C07AB02', 'examplolol') + concept('1', 'ATC', 'PT', 'C07A', 'a group') +
    concept('2', 'RXNORM', 'IN', '2', 'Exampladol') + concept('2', 'ATC', 'IN', 'S01ED01', 'exampladol') + concept('2', 'ATC', 'IN', 'C07AA06', 'exampladol') +
    concept('3', 'RXNORM', 'BN', '3', 'Samplor') + concept('4', 'RXNORM', 'SCDC', '4', 'Examplolol 25 MG') + concept('5', 'RXNORM', 'SCD', '5', 'Examplolol 25 MG Oral Tablet') +
    concept('6', 'RXNORM', 'SBD', '6', 'Examplolol 25 MG Oral Tablet [Samplor]') + concept('7', 'RXNORM', 'SCD', '7', 'Examplolol / Exampladol Oral Tablet') +
    concept('8', 'RXNORM', 'MIN', '8', 'Examplolol / Exampladol') + concept('8', 'ATC', 'IN', 'C07FX02', 'combination') +
    concept('9', 'RXNORM', 'SCD', '9', 'Exampladol / Examplolol Injection'));
  write(`${name}/RXNREL.RRF`,
    relation('1', 'has_tradename', '3') + relation('4', 'ingredient_of', '1') + relation('5', 'consists_of', '4') + relation('6', 'tradename_of', '5') +
    relation('8', 'ingredients_of', '7') + relation('1', 'part_of', '8') + relation('2', 'part_of', '8') + relation('9', 'has_ingredient', '1') + relation('9', 'has_ingredient', '2') +
    relation('5', 'unrelated', '2'));
  write(`${name}/RXNSAT.RRF`, attribute('6', 'NDC', '00011000101') + attribute('5', 'NDC', '0011-0002-01') + attribute('7', 'NDC', '00011000301') + attribute('9', 'NDC', '00011000401') + attribute('5', 'OTHER', '00011000999'));
  return folder;
}

describe('RxNorm', () => {
  const rxnormDir = writeRxNorm('rrf');

  it('leads from NDC over product and component to the ingredient, whichever way a relation points', async () => {
    const mapper = await createDrugMapper({ rxnormDir });
    expect(mapper.map({ ndc: '00011000101' })).toEqual({ atc: ['C07AB02'], source: 'rxnorm' });
    expect(mapper.map({ ndc: '00011000201' })).toEqual({ atc: ['C07AB02'], source: 'rxnorm' });
    expect(mapper.map({ ndc: '00011000999' })).toBeNull();
  });

  it('prefers the code of a combination to the codes of its parts, and the systemic code to the local one', async () => {
    const mapper = await createDrugMapper({ rxnormDir });
    expect(mapper.map({ ndc: '00011000301' })).toEqual({ atc: ['C07FX02'], source: 'rxnorm' });
    expect(mapper.map({ ndc: '00011000401' })).toEqual({ atc: ['C07AA06', 'C07AB02'], source: 'rxnorm' });
    expect(mapper.map({ drug: 'Exampladol 5mg Tab' })).toEqual({ atc: ['C07AA06'], source: 'rxnorm' });
  });

  it('knows ingredients and brands by name; containers stay containers, the user table stays first', async () => {
    const mapper = await createDrugMapper({ rxnormDir, tables: [write('first.csv', 'name,atc\nsamplor,C07AB03\n')] });
    expect(mapper.map({ drug: 'Examplolol Succinate XL' })).toEqual({ atc: ['C07AB02'], source: 'rxnorm' });
    expect(mapper.map({ drug: 'Samplor' })).toEqual({ atc: ['C07AB03'], source: 'table' });
    expect(mapper.map({ drug: 'Bag', ndc: '00011000101' })).toEqual({ skip: 'container' });
    expect(mapper.map({ drug: 'Furosemide' })).toEqual({ atc: ['C03CA01'], source: 'builtin' });
  });

  it('that is incomplete or damaged is refused by file and line', async () => {
    await expect(createDrugMapper({ rxnormDir: path.join(dir, 'nowhere') })).rejects.toThrow(/RXNCONSO.RRF: no such file/);
    const damaged = writeRxNorm('damaged');
    fs.appendFileSync(path.join(damaged, 'RXNREL.RRF'), '1|2|3\n');
    await expect(createDrugMapper({ rxnormDir: damaged })).rejects.toThrow(/RXNREL.RRF:11: expected at least 8 fields/);
  });
});
