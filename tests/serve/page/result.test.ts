/** What is downloaded: complete, without the note's text unless asked for, and safe to open in a spreadsheet. */
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import type { ModelCard } from '../../../src/serve/page/browser/card.js';
import { fileName, resultOf, toCsv, toJson } from '../../../src/serve/page/browser/result.js';
import { coded, draft, reviewed, span } from './reviews.js';

const card: ModelCard = { task: 'icd-coding', inputs: ['text'], labels: 3, systems: ['icd10cm'], command: 'finetune', version: '1.2.3', explains: true, licence_notice: 'None.', do_not_share: true };
const record = draft({ id: '=1+1', text: 'said "ouch",\r\nthen 🙂', codes: [{ system: 'atc', code: 'C10AA05' }] });
const review = reviewed([{ ...coded('E11.9', 0.9, true, [span(0, 4, 1)]), title: 'Diabetes, type 2, "mild"' }, coded('I10', 0.2, false)], { record, decisions: { 'icd10cm:E11.9': 'accepted' }, unknown: ['atc:X'] });
const result = (includeText: boolean, threshold?: number) => resultOf({ review, threshold }, { card, writtenAt: '2026-11-21T01:02:03.456Z', includeText });

describe('JSON', () => {
  it('holds record, model, times, threshold and every code with its decision', () => {
    const read = JSON.parse(toJson(result(false))) as unknown;
    expect(read).toEqual({
      record: { id: '=1+1', codes: ['atc:C10AA05'] },
      model: card,
      coded_at: '2026-11-21T00:00:00.000Z',
      written_at: '2026-11-21T01:02:03.456Z',
      threshold: null,
      codes: [
        { kind: 'dx', system: 'icd10cm', code: 'E11.9', title: 'Diabetes, type 2, "mild"', score: 0.9, predicted: true, decision: 'accepted', from: 'model', spans: [span(0, 4, 1)] },
        { kind: 'dx', system: 'icd10cm', code: 'I10', title: 'Title of I10', score: 0.2, predicted: false, decision: 'open', from: 'model', spans: [] },
      ],
      unknown_codes: ['atc:X'],
      truncated: false,
      notice: 'Not for clinical use.',
    });
  });

  it('holds the text only when asked, and says by which threshold codes are predicted', () => {
    expect(toJson(result(false))).not.toContain('ouch');
    expect(result(true).record.text).toBe(record.text);
    expect(result(false, 0.1)).toMatchObject({ threshold: 0.1, codes: [{ predicted: true }, { predicted: true }] });
  });
});

describe('CSV', () => {
  const rows = (includeText: boolean) => parse(toCsv(result(includeText)), { columns: true }) as Record<string, string>[];

  it('is read back by a parser, one line a code', () => {
    expect(rows(false)).toHaveLength(2);
    expect(rows(false)[0]).toEqual({
      record_id: "'=1+1", kind: 'dx', system: 'icd10cm', code: 'E11.9', title: 'Diabetes, type 2, "mild"', score: '0.9', predicted: 'true', decision: 'accepted', from: 'model',
      task: 'icd-coding', version: '1.2.3', coded_at: '2026-11-21T00:00:00.000Z', written_at: '2026-11-21T01:02:03.456Z', threshold: '',
    });
  });

  it('holds the text only when asked', () => {
    expect(toCsv(result(false))).not.toContain('ouch');
    expect(rows(true).map(({ text }) => text)).toEqual([record.text, record.text]);
  });

  it('has nothing that a spreadsheet would compute', () => {
    const hostile = { ...result(false), codes: ['=cmd()', '+1', '-1', '@x', '\tx'].map((title) => ({ ...result(false).codes[0]!, title })) };
    const titles = (parse(toCsv(hostile), { columns: true }) as { title: string }[]).map(({ title }) => title);
    expect(titles).toEqual(["'=cmd()", "'+1", "'-1", "'@x", "'\tx"]);
  });
});

describe('a file’s name', () => {
  it('says the record and the time in letters that every system takes', () => {
    expect(fileName('Synthetic wóman / 78', '2026-11-21T01:02:03.456Z', 'csv')).toBe('medweave-Synthetic-wo-man-78-2026-11-21-01-02-03.csv');
    expect(fileName('../…', '2026-11-21T01:02:03.456Z', 'json')).toBe('medweave-note-2026-11-21-01-02-03.json');
  });
});
