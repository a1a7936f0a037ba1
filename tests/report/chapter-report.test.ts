/** The page and the picture of the experiment on a chapter. */
import { JSDOM } from 'jsdom';
import { describe, expect, it } from 'vitest';
import { decisionFigureNames } from '../../src/compare/chapter/decision-figures.js';
import { published } from '../../src/compare/chapter/published.js';
import type { ChapterResults, ChapterRow, RuleResult } from '../../src/compare/chapter/results.js';
import { renderChapterReport, renderConfusionSvg } from '../../src/report/chapter-report.js';
import { hostile } from './sample-report.js';

const spread = (mean: number) => ({ mean, std: NaN, values: [mean] });
const rule = (tpr: number, tnr: number): RuleResult => ({
  threshold: spread(0.5),
  figures: Object.fromEntries(decisionFigureNames.map((name) => [name, spread(name.endsWith('tpr') ? tpr : name.endsWith('fnr') ? 1 - tpr : tnr)])) as RuleResult['figures'],
});
const row = (name: string, tpr: number, tnr: number): ChapterRow => ({ name, kind: 'model', seeds: [1], failed: 0, scores: { 'caml.micro_auc': spread(0.7) }, rules: { tuned: rule(tpr, tnr), half: rule(tpr / 2, 1) } });

const results = (rows: ChapterRow[]): ChapterResults => ({
  title: `Codes within ${hostile}`, nodes: ['K00-K95'], visits: 'all', config: 'c', data: 'd', split: 'test', seeds: [1],
  counts: { visits: 29, visits_with_label: 17, labels: 11, labels_present: 7 }, rows, differences: [], published, failed: [],
});
const two = results([row(`base ${hostile}`, 0.177, 0.992), row('per-ICD', 0.349, 0.994)]);
const about = { version: '9.8.7', licence: 'Cite the source', splitId: 'abc' };

describe('the page', () => {
  const text = renderChapterReport(two, about);
  const { document } = new JSDOM(text).window;
  const all = (selector: string): Element[] => [...document.querySelectorAll(selector)];

  it('shows hostile text as text, and nothing undefined', () => {
    expect(all('script, b, done')).toEqual([]);
    expect(document.querySelector('h1')!.textContent).toContain(hostile);
    expect(text).not.toMatch(/NaN|undefined|\[object/);
  });

  it('has unique ids, references that resolve, and captions', () => {
    const ids = all('[id]').map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(all('[aria-labelledby]').flatMap((element) => element.getAttribute('aria-labelledby')!.split(' ')).filter((id) => !ids.includes(id))).toEqual([]);
    expect(all('table caption').map(({ textContent }) => textContent)).not.toContain('');
  });

  it('needs nothing from outside', () => {
    expect(all('link, img, iframe, [src], [href]')).toEqual([]);
    expect(document.querySelector('.notice')!.textContent).toBe('Cite the source');
  });

  it('draws each matrix twice over: rows of a matrix sum to 100 %', () => {
    const picture = document.getElementById('confusion-tuned-wide-title')!.parentElement!;
    const shown = [...picture.querySelectorAll('text')].map(({ textContent }) => textContent!);
    for (const cell of ['17.7 %', '82.3 %', '99.2 %', '0.8 %', '34.9 %', '65.1 %', '99.4 %', '0.6 %']) expect(shown.filter((one) => one === cell), cell).toHaveLength(2);
    expect(picture.querySelector('desc')!.textContent).toContain('per-ICD, weighted by support: 34.9 % of what is gold is predicted');
    expect(document.getElementById('confusion-half-narrow-title')).not.toBeNull();
  });
});

describe('the picture by itself', () => {
  it('is an SVG file with its own colours for light and dark', () => {
    const text = renderConfusionSvg(two)!;
    const { documentElement } = new JSDOM(text, { contentType: 'image/svg+xml' }).window.document;
    expect(documentElement.namespaceURI).toBe('http://www.w3.org/2000/svg');
    expect(text).toContain('prefers-color-scheme: dark');
    for (const name of new Set(text.match(/var\((--[\w-]+)\)/g))) expect(text, name).toContain(`${name.slice(4, -1)}: #`);
    expect(text.replaceAll(/xmlns(:\w+)?="[^"]*"/g, '')).not.toMatch(/https?:|url\(/);
  });

  it('is left out when nothing was measured', () => {
    const { rules, ...failed } = row('base', 0, 0);
    expect(rules).toBeDefined();
    expect(renderConfusionSvg(results([{ ...failed, failed: 1 }]))).toBeUndefined();
    expect(renderChapterReport(results([{ ...failed, failed: 1 }]), about)).toContain('Nothing was measured');
  });
});
