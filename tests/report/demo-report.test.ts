import { JSDOM } from 'jsdom';
import { describe, expect, it } from 'vitest';
import { renderDemoReport, type DemoReport } from '../../src/report/demo-report.js';
import { curve, hostile, sampleReport } from './sample-report.js';

const documentOf = (report: DemoReport): Document => new JSDOM(renderDemoReport(report)).window.document;
const all = (root: ParentNode, selector: string): Element[] => [...root.querySelectorAll(selector)];
const texts = (root: ParentNode, selector: string): string[] => all(root, selector).map(({ textContent }) => textContent!.trim());
const plot = (document: Document, id: string): Element => document.getElementById(`${id}-title`)!.parentElement!;

describe('the page', () => {
  const text = renderDemoReport(sampleReport());
  const document = new JSDOM(text).window.document;

  it('shows hostile text as text', () => {
    expect(all(document, 'script, b, done')).toEqual([]);
    expect(document.title).toBe(`Demo ${hostile}`);
    for (const selector of ['h1', '.summary', 'dt', 'dd', '.prose li', '.commands p', '#figures tbody th', '#cohort-caption ~ tbody th']) {
      expect(texts(document, selector).some((found) => found.includes(hostile)), selector).toBe(true);
    }
    expect(document.querySelector('pre code')!.textContent).toBe('medweave demo --patients 10 && echo "<done>"');
  });

  it('is well-formed: parsing and writing it loses nothing, ids are unique, references resolve', () => {
    const ids = all(document, '[id]').map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const labels = all(document, '[aria-labelledby]').flatMap((element) => element.getAttribute('aria-labelledby')!.split(' '));
    expect(labels.filter((id) => !ids.includes(id))).toEqual([]);
    const once = document.documentElement.outerHTML;
    expect(new JSDOM(`<!DOCTYPE html>${once}`).window.document.documentElement.outerHTML).toBe(once);
    expect(text).not.toMatch(/NaN|undefined|\[object/);
  });

  it('needs nothing from outside', () => {
    expect(all(document, 'link, img, iframe, [src], [href], [xlink\\:href]')).toEqual([]);
    expect(text.replaceAll(/xmlns(:\w+)?="[^"]*"/g, '')).not.toMatch(/https?:|@import|url\(/);
    expect(document.querySelector('meta[http-equiv="Content-Security-Policy"]')!.getAttribute('content')).toContain("default-src 'none'");
  });

  it('says that the data are synthetic, and how the page came about', () => {
    expect(document.querySelector('.notice')!.textContent).toContain('Synthetic data, not for clinical use');
    expect(document.querySelector('footer')!.textContent!.trim()).toBe('medweave 9.8.7 · 2026-03-04 05:06 UTC · cpu & friends · 3 min 12 s in all');
  });

  it('has captions, headings of rows and columns, and section headings', () => {
    for (const table of all(document, 'table')) {
      expect(table.querySelector('caption')!.textContent).not.toBe('');
      expect(all(table, 'thead th:not([scope="col"]), tbody th:not([scope="row"])')).toEqual([]);
      const columns = all(table, 'thead th').length;
      expect(all(table, 'tbody tr').map((row) => row.children.length)).toEqual(all(table, 'tbody tr').map(() => columns));
    }
    expect(texts(document, 'h2')).toEqual(['Results', 'All figures', 'Pre-training', 'Fine-tuning', 'Data', 'Limits', 'Try next']);
  });
});

describe('the table of results', () => {
  const table = documentOf(sampleReport()).querySelector('#figures table')!;

  it('holds every figure, in groups, with undefined columns left out', () => {
    expect(texts(table, 'thead th')).toEqual(['Coder', 'Inputs', 'Pre-trained', 'MAP', 'Of ceiling', 'micro-F1', 'macro-F1', 'micro-AUC', 'P@5']);
    expect(texts(table.querySelector('tbody.model tr')!, 'td')).toEqual(['text + codes', 'no', '0.401', '49.4 %', '0.402', '0.403', '0.404', '0.405']);
    expect(texts(table.querySelector('tbody.reference')!, 'td')).toEqual(['none', '–', '0.601', '–', '0.602', '0.603', '0.604', '0.605']);
    expect(all(table, 'tbody').map((body) => [body.className, body.children.length])).toEqual([['model', 3], ['reference', 1], ['ceiling', 2]]);
    expect(table.querySelector('caption')!.textContent).toContain('edin');
  });

  it('emphasises the best model, not a better reference or ceiling', () => {
    expect(texts(table, '.emphasised th')).toEqual([`both ${hostile}`]);
  });
});

describe('the plots', () => {
  const document = documentOf(sampleReport());

  it('are images with a title and a description that carries the figures', () => {
    const svgs = all(document, 'svg');
    expect(svgs).toHaveLength(2 + 3 + 2);
    for (const svg of svgs) {
      expect(svg.getAttribute('role')).toBe('img');
      expect(svg.querySelector('title')!.textContent).not.toBe('');
      expect(svg.querySelector('desc')!.textContent).toMatch(/\d\.\d{3}/);
    }
    expect(plot(document, 'map-wide').querySelector('desc')!.textContent).toBe(`label frequency 0.601; both ${hostile} 0.501; text 0.451; scratch 0.401; ceiling 0.811.`);
  });

  it('give MAP proportional to length, and an own ceiling only to models with other inputs', () => {
    const svg = plot(document, 'map-wide');
    const dots = all(svg, 'circle').map((dot) => Number(dot.getAttribute('cx')) - 5);
    const [first, ...others] = dots;
    expect(others.map((x) => x / first!)).toEqual([0.501, 0.451, 0.401].map((map) => expect.closeTo(map / 0.601, 3)));
    expect(all(svg, '[aria-label="rule"] line[stroke-width="2"], [aria-label="rule"][stroke-width="2"] line')).toHaveLength(1);
  });

  it('draw two losses a panel, and the kept step of dev', () => {
    for (const metric of ['loss', 'text_to_code', 'code_to_code']) {
      const svg = plot(document, `pretraining-${metric}`);
      expect(all(svg, '[aria-label="line"] path')).toHaveLength(2);
      expect(all(svg, '[r="4.5"], [aria-label="dot"][stroke-width="2"] circle')).toHaveLength(1);
    }
    expect(plot(document, 'pretraining-loss').textContent).toMatch(/3\.000\s+train/);
  });

  it('keep the colour of a model over the page and break the line of one from scratch', () => {
    const lines = all(plot(document, 'finetuning-wide'), '[aria-label="line"]');
    expect(lines.map((line) => [line.getAttribute('stroke'), line.hasAttribute('stroke-dasharray')])).toEqual([['var(--hue-1)', false], ['var(--hue-1)', true]]);
    expect(texts(document, '.key li')).toEqual([expect.stringMatching(/^0\.417 both/), '0.389 scratch']);
  });
});

describe('incomplete runs', () => {
  it('draw a history of one evaluation as a dot', () => {
    const document = documentOf({ ...sampleReport(), pretraining: curve('pre', [{ train_loss: 2 }]), finetuning: [curve('one', [{ dev_map: 0 }])] });
    expect(all(plot(document, 'pretraining-loss'), 'circle')).toHaveLength(1);
    expect(all(plot(document, 'finetuning-wide'), 'circle')).toHaveLength(1);
    expect(document.body.innerHTML).not.toContain('NaN');
  });

  it('leave out evaluations without the metric, or where it is NaN or null', () => {
    const metrics = [{ dev_map: NaN }, { dev_map: 0.2 }, {}, { dev_map: null as unknown as number }, { dev_map: 0.3 }] as Record<string, number>[];
    const svg = plot(documentOf({ ...sampleReport(), finetuning: [curve('gaps', metrics)] }), 'finetuning-wide');
    expect(all(svg, 'circle')).toHaveLength(2);
    expect(svg.outerHTML).not.toContain('NaN');
  });

  it('say so when nothing was measured', () => {
    const report = sampleReport();
    const document = documentOf({ ...report, pretraining: curve('pre', []), finetuning: [], flow: [], facts: [], limits: [], next: [], results: { ...report.results, rows: [] } });
    expect(texts(document, '.absent')).toHaveLength(3);
    expect(texts(document, 'h2')).not.toContain('Limits');
  });

  it('print a dash for an undefined figure and rank the coder nowhere', () => {
    const report = sampleReport();
    report.results.rows[1]!.figures.map = NaN;
    const document = documentOf(report);
    expect(texts(document, '.emphasised th')).toEqual(['text']);
    expect(texts(document.querySelectorAll('#figures tbody.model tr')[1]!, 'td')[2]).toBe('–');
    expect(plot(document, 'map-wide').querySelector('desc')!.textContent).not.toContain('both');
  });
});
