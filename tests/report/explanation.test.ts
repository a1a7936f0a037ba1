import fc from 'fast-check';
import { JSDOM } from 'jsdom';
import { describe, expect, it } from 'vitest';
import type { ExplanationReport, ShownCode } from '../../src/report/explanation-data.js';
import { renderExplanation } from '../../src/report/explanation-report.js';
import { segmentsOf } from '../../src/report/segments.js';

describe('segmentsOf', () => {
  it('cuts where spans begin and end, in code points', () => {
    const [wide, inner] = [{ start: 1, end: 4 }, { start: 2, end: 9 }];
    expect(segmentsOf('a😀bcd', [wide, inner])).toEqual([
      { text: 'a', start: 0, covered: [] },
      { text: '😀', start: 1, covered: [wide] },
      { text: 'bc', start: 2, covered: [wide, inner] },
      { text: 'd', start: 4, covered: [inner] },
    ]);
    expect(segmentsOf('', [wide])).toEqual([]);
  });

  it('gives back the text, and each span its own words', () => {
    const range = fc.tuple(fc.nat(12), fc.nat(12)).map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) }));
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 10 }), fc.array(range, { maxLength: 4 }), (text, ranges) => {
      const segments = segmentsOf(text, ranges);
      expect(segments.map((segment) => segment.text).join('')).toBe(text);
      for (const one of ranges) {
        const covered = segments.filter((segment) => segment.covered.includes(one)).map((segment) => segment.text).join('');
        expect(covered).toBe(Array.from(text).slice(one.start, one.end).join(''));
      }
    }));
  });
});

const text = 'Dolor <script>alert(1)</script> & "tos"\nseca';
const code = (name: string, changed: Partial<ShownCode> = {}): ShownCode => ({ system: 'icd10cm', code: name, ancestors: [], probability: 0.75, predicted: true, spans: [], marked: [], ...changed });
const report: ExplanationReport = {
  title: 'Codes', summary: 'Two notes.', licence: 'Ours, for tests.', annotated: true, version: '1.2.3', createdAt: '2026-11-20T10:00:00Z',
  notes: [
    {
      id: 'case <1>',
      text,
      codes: [
        code('R52', { title: 'Pain & more', ancestors: [{ node: 'R00-R99', title: 'Symptoms' }], spans: [{ start: 0, end: 5, weight: 0.4, source: 'label attention' }, { start: 34, end: 44, weight: 0.1, source: 'label attention' }], annotated: false }),
        code('R05.9', { spans: [{ start: 35, end: 38, weight: 0.2, source: 'label attention' }], annotated: true, marked: [{ start: 35, end: 44 }] }),
        code('I10', { probability: undefined, predicted: false, annotated: true, marked: [{ start: 0, end: 5 }] }),
      ],
    },
    { id: 'case 2', text: 'Sin hallazgos', codes: [] },
  ],
};

describe('renderExplanation', () => {
  const page = renderExplanation(report);
  const { document } = new JSDOM(page).window;
  const note = document.querySelector('.note-text')!;

  it('shows the note as it is, whatever it holds, and runs nothing', () => {
    expect(note.textContent).toBe(text);
    expect(document.querySelectorAll('script')).toHaveLength(0);
    expect(document.querySelector('h2')!.textContent).toBe('case <1>');
    expect(page).toContain('Content-Security-Policy');
    expect(page).not.toMatch(/https?:\/\//);
  });

  it('marks evidence and annotations, also where they overlap', () => {
    const marks = [...note.querySelectorAll('mark')].map((mark) => [mark.textContent, mark.className, mark.getAttribute('style')]);
    expect(marks).toEqual([
      ['Dolor', 'e g c0 g2', '--w0:45%'],
      ['"', 'e c0', '--w0:25%'],
      ['tos', 'e g c0 c1 g1', '--w0:25%;--w1:45%'],
      ['"\nseca', 'e g c0 g1', '--w0:25%'],
    ]);
  });

  it('has a radio button a code, with a rule for each, and quotes that lead to the text', () => {
    expect([...document.querySelectorAll<HTMLInputElement>('input[name="note-1"]')].map((input) => [input.className, input.checked])).toEqual([['pick-all', true], ['pick pick-0', false], ['pick pick-1', false], ['pick pick-2', false]]);
    expect(page).toContain('.explained:has(.pick-2:checked) mark.g2');
    expect(page).not.toContain('.pick-3');
    const links = [...document.querySelectorAll<HTMLAnchorElement>('.quotes a')];
    expect(links.map((link) => link.textContent)).toEqual(['Dolor', '"tos" seca', 'tos', 'tos" seca', 'Dolor']);
    for (const link of links) expect(document.querySelector(link.getAttribute('href')!)).not.toBeNull();
  });

  it('says what the codes are, what the data is, and who may have it', () => {
    const choices = [...document.querySelectorAll('.code')].map((element) => element.textContent!.replace(/\s+/g, ' '));
    expect(choices[0]).toContain('R52 Pain & more75.0 %');
    expect(choices[0]).toContain('predicted · not annotated');
    expect(choices[0]).toContain('R00-R99 Symptoms');
    expect(choices[2]).toContain('not predicted · annotated');
    expect(document.querySelector('.notice')!.textContent).toContain('Ours, for tests.');
  });

  it('is the same for the same report', () => {
    expect(renderExplanation(report)).toBe(page);
  });
});
