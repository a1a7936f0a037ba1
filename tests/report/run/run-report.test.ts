/** The page of runs: well-formed, self-contained, its one script allowed by hash; tables that sort and search; what it does where something is missing. */
import { createHash } from 'node:crypto';
import { JSDOM } from 'jsdom';
import { describe, expect, it } from 'vitest';
import type { RunReport } from '../../../src/report/run/data.js';
import { renderRunReport } from '../../../src/report/run/run-report.js';
import { SHOWN_ROWS } from '../../../src/report/run/sort-script.js';
import { hostile } from '../sample-report.js';
import { sampleLabels, sampleRun, sampleRunReport } from './sample-run-report.js';

const documentOf = (report: RunReport): Document => new JSDOM(renderRunReport(report)).window.document;
const withScript = (report: RunReport): Document => new JSDOM(renderRunReport(report), { runScripts: 'dangerously' }).window.document;
const all = <E extends Element = HTMLElement>(root: ParentNode, selector: string): E[] => [...root.querySelectorAll<E>(selector)];
const texts = (root: ParentNode, selector: string): string[] => all(root, selector).map(({ textContent }) => textContent!.trim());

const compared = (): RunReport => {
  const report = sampleRunReport();
  const [first] = report.runs as [RunReport['runs'][0]];
  const clear = { estimate: -0.1, low: -0.12, high: -0.08, moved: false };
  const figures = { 'edin.map': clear, 'edin.micro_f1': { ...clear, high: 0.01 } };
  return {
    ...report,
    runs: [first, sampleRun('second', 0.4), sampleRun('third', 0.3)],
    differences: [{ run: 'second', against: first.name, figures }, { run: 'third', against: first.name }],
  };
};

describe('the page', () => {
  const text = renderRunReport(sampleRunReport());
  const document = new JSDOM(text).window.document;

  it('shows hostile text as text', () => {
    expect(all(document, 'script')).toHaveLength(1);
    for (const selector of ['h1', '.notice', '#labels td.text', '#cohort tbody th', '#provenance code', '#missing li', '#unmapped-caption ~ tbody th']) {
      expect(texts(document, selector).some((found) => found.includes(hostile)), selector).toBe(true);
    }
  });

  it('is well-formed: ids are unique, references and links resolve, nothing undefined is printed', () => {
    const ids = all(document, '[id]').map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const references = [...all(document, '[aria-labelledby]').flatMap((element) => element.getAttribute('aria-labelledby')!.split(' ')), ...all(document, '[href]').map((link) => link.getAttribute('href')!.slice(1)), ...all(document, 'label[for]').map((element) => element.getAttribute('for')!)];
    expect(references.filter((id) => !ids.includes(id))).toEqual([]);
    expect(text.replace(/<script>[\s\S]*<\/script>/, '')).not.toMatch(/NaN|undefined|\[object/);
  });

  it('needs nothing from outside, and allows its own script only, by its hash', () => {
    expect(all(document, 'link, img, iframe, [src]')).toEqual([]);
    const policy = document.querySelector('meta[http-equiv="Content-Security-Policy"]')!.getAttribute('content')!;
    const hash = createHash('sha256').update(document.querySelector('script')!.textContent!).digest('base64');
    expect(policy).toBe(`default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'`);
  });

  it('has the licence, and says not to share, before anything else', () => {
    expect(texts(document, 'header .notice')).toEqual([expect.stringContaining('Not for clinical use. Licence'), expect.stringContaining('Do not share this page.')]);
  });

  it('gives the verdict with its interval', () => {
    expect(document.querySelector('.summary')!.textContent).toBe('ICD coding from text and rx: MAP (edin) 0.500, 95 % interval 0.490 to 0.520, on 1,101 test visits of 613 patients.');
    expect(texts(document, '.verdict dd')[0]).toBe('0.500 0.490 to 0.520');
    expect(texts(document, '#figures tbody:first-of-type tr:first-child td')).toEqual(['edin', '0.500 [0.490, 0.520]']);
    expect(texts(document, '#figures tbody th')).not.toContain('Macro-AUPRC');
  });

  it('gives calibration, coverage and curves', () => {
    expect(texts(document, '#calibration td')).toEqual(['4,404', '2.2 %', '0.0310 [0.0210, 0.0510]', '0.022 [0.012, 0.042]']);
    expect(document.getElementById('reliability-desc')!.textContent).toContain('0.200 at 0.250, 0.800 at 0.750');
    expect(document.getElementById('coverage')!.textContent).toMatch(/90\.0 % of the split’s 100 gold codes are among its 4 labels/);
    expect(texts(document, '#training h3')).toEqual(['Loss', 'MAP 0.400']);
    expect(texts(document, '#pre-training h2')).toEqual(['Pre-training (before)']);
  });

  it('shows synthetic notes with their evidence, and says so', () => {
    expect(document.getElementById('examples')!.textContent).toContain('that a program wrote for this page');
    expect(texts(document, '#examples mark')).toEqual(['high blood pressure']);
    const real = documentOf({ ...sampleRunReport(), examples: { ...sampleRunReport().examples!, from: 'store' } });
    expect(texts(real, 'header .notice').at(-1)).toContain('This page holds patients’ notes');
    expect(real.querySelector('#examples .notice')!.textContent).toContain('Real notes.');
  });
});

describe('the table of labels', () => {
  const codes = (document: Document): string[] => all<HTMLTableRowElement>(document, '#labels tbody tr').filter(({ hidden }) => !hidden).map((row) => row.cells[0]!.textContent!);
  const press = (document: Document, heading: string): void => all<HTMLButtonElement>(document, '#labels thead button').find(({ textContent }) => textContent === heading)!.click();
  const type = (document: Document, text: string): void => {
    const search = document.querySelector<HTMLInputElement>('#labels input')!;
    search.value = text;
    search.dispatchEvent(new (document.defaultView as unknown as { Event: typeof Event }).Event('input'));
  };

  it('without its script is a plain table, the most frequent labels first', () => {
    const document = documentOf(sampleRunReport());
    expect(codes(document)).toEqual(['J18.9', 'I10', 'E11.9', 'Z99']);
    expect(document.querySelector<HTMLElement>('.tools')!.hidden).toBe(true);
    expect(texts(document, '#labels tbody tr:last-child td').slice(1)).toEqual(['3', '0', '0', '–', '–', '–', '–', '–']);
  });

  it('sorts by a heading, both ways, what is not measured last; says so to screen readers', () => {
    const document = withScript(sampleRunReport());
    const sorted = (): string[] => all(document, '#labels [aria-sort]').map((head) => `${head.textContent} ${head.getAttribute('aria-sort')}`);
    expect(sorted()).toEqual(['Train descending']);
    press(document, 'F1');
    expect([codes(document), sorted()]).toEqual([['E11.9', 'I10', 'J18.9', 'Z99'], ['F1 descending']]);
    press(document, 'F1');
    expect([codes(document), sorted()]).toEqual([['J18.9', 'I10', 'E11.9', 'Z99'], ['F1 ascending']]);
    press(document, 'Code');
    expect([codes(document), sorted()]).toEqual([['E11.9', 'I10', 'J18.9', 'Z99'], ['Code ascending']]);
    press(document, 'Train');
    expect(codes(document)[0]).toBe('J18.9');
  });

  it('searches codes and titles, all words of them', () => {
    const document = withScript(sampleRunReport());
    type(document, 'TITLE e11');
    expect(codes(document)).toEqual(['E11.9']);
    expect(document.querySelector('.shown')!.textContent).toBe('1 of 4 labels');
    type(document, 'nothing like it');
    expect(codes(document)).toEqual([]);
  });

  it('shows the first of thousands until asked for all; a search reaches the others', () => {
    const report = sampleRunReport();
    const [run] = report.runs as [RunReport['runs'][0]];
    const many = Array.from({ length: 1000 }, (_, i) => ({ ...sampleLabels[0]!.reported, code: `X${i}`, title: `number ${i} of many`, count: 1000 - i }));
    const assessment = { ...run.assessment!, labels: 1000, byLabel: many.map(() => sampleLabels[0]!.figures) };
    const document = withScript({ ...report, runs: [{ ...run, labels: many, assessment }] });
    expect(codes(document)).toHaveLength(SHOWN_ROWS);
    type(document, 'x999');
    expect(codes(document)).toEqual(['X999']);
    type(document, '');
    document.querySelector<HTMLButtonElement>('.all')!.click();
    expect(codes(document)).toHaveLength(1000);
    expect(document.querySelector<HTMLButtonElement>('.all')!.hidden).toBe(true);
  });
});

describe('several runs', () => {
  const document = documentOf(compared());

  it('stand beside each other, best first in the plot, with differences to the first', () => {
    expect(document.querySelector('.summary')!.textContent).toMatch(/first .* is best with 0\.500, before second with 0\.400/);
    expect(document.getElementById('compared-wide-desc')!.textContent).toMatch(/^first .* 0\.500, 0\.490 to 0\.520; second 0\.400.*; third 0\.300/);
    expect(texts(document, '#differences thead th')).toEqual(['Figure', 'second']);
    expect(texts(document, '#differences tbody td')).toEqual(['−0.100 [−0.120, −0.080]', '−0.100 [−0.120, +0.010]']);
    expect(all(document, '#differences td strong')).toHaveLength(1);
    expect(document.querySelector('#differences .absent')!.textContent).toContain('third: predicted for other visits');
  });

  it('have a table of labels each, a line each in every panel, and one pre-training that they share', () => {
    expect(texts(document, '#labels summary')).toEqual([`first ${hostile}`, 'second', 'third']);
    expect(document.getElementById('training-map-desc')!.textContent).toMatch(/second from 0\.300 to 0\.400; third/);
    expect(texts(document, '#training .key li')).toHaveLength(3);
    expect(texts(document, '#pre-training h2')).toEqual(['Pre-training (before)']);
    const ids = all(document, '[id]').map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('few-shot curves', () => {
  const spread = (mean: number) => ({ mean, std: 0.01, values: [mean] });
  const row = (name: string, mean: number) => ({ name, group: 'models', kind: 'model' as const, tasks: { 'icd-coding': { figures: { 'edin.map': spread(mean) }, seeds: [1], failed: 0 } } });
  const table = (share: string, size: number, gain: number) => ({ share, title: share, size, rows: [row('from scratch', 0.2 + size / 10), row('pre-trained', 0.2 + size / 10 + gain)] });
  const task = { task: 'icd-coding' as const, title: 'ICD coding', dialect: 'caml', columns: [], primary: 'edin.map', visits: 9, labels: 4 };
  const fewShot: RunReport['fewShot'] = { title: 'Few-shot', config: 'c', split: 'test', seeds: [1], pretrain_seeds: [1], pretrained: true, tasks: [task, { ...task, task: 'readmission' }], tables: [table('1', 1, 0.01), table('0.1', 0.1, 0.2)], effects: [], failed: [] };

  it('are of this task alone, by share of the data', () => {
    const document = documentOf({ ...sampleRunReport(), fewShot });
    expect(texts(document, '#few-shot h3')).toEqual(['ICD coding']);
    expect(document.getElementById('few-shot-icd-coding-desc')!.textContent).toContain('pre-trained 41.0 at 0.1, 31.0 at 1');
    expect(document.getElementById('few-shot-k')).toBeNull();
  });
});

describe('where something is missing', () => {
  it('without data there are curves and the run, and a sentence', () => {
    const { data: _, examples: __, ...report } = sampleRunReport();
    const { assessment: ___, flow: ____, ...run } = report.runs[0]!;
    const document = documentOf({ ...report, runs: [run], missing: ['No --data was given'] });
    expect(texts(document, 'h2')).toEqual(['Training', 'Pre-training (before)', 'The run', 'Not in this report']);
    expect(document.querySelector('.summary')!.textContent).toContain('Nothing was measured for this report.');
  });

  it('a run without history, as a baseline, has no panel', () => {
    const report = sampleRunReport();
    const { pretraining: _, pretrainedFrom: __, ...run } = report.runs[0]!;
    const document = documentOf({ ...report, runs: [{ ...run, command: 'baseline', threshold: undefined, training: { history: [] } }] });
    expect(document.getElementById('training')).toBeNull();
    expect(document.getElementById('labels-1-caption')!.textContent).toContain('decided by the threshold of each label');
  });

  it('a task of one label has curves and a confusion table instead of labels', () => {
    const report = sampleRunReport();
    const run = report.runs[0]!;
    const binary = { roc: [{ x: 0, y: 0, threshold: Infinity }, { x: 0.5, y: 1, threshold: 0.4 }, { x: 1, y: 1, threshold: 0.1 }], precisionRecall: [{ x: 1, y: 0.5, threshold: 0.4 }], confusion: { truePositives: 3, falsePositives: 1, falseNegatives: 2, trueNegatives: 1095 } };
    const figures = ['auc', 'auprc', 'macro_f1', 'accuracy'].map((name) => ({ ...run.assessment!.figures[0]!, figure: `gbert-readmission.${name}` }));
    const document = documentOf({ ...report, task: 'readmission', runs: [{ ...run, labels: run.labels.slice(0, 1), assessment: { ...run.assessment!, labels: 1, figures, binary } }] });
    expect(document.getElementById('labels')).toBeNull();
    expect(texts(document, '#confusion-table-caption ~ tbody td').slice(1, 5)).toEqual(['3', '1', '2', '1,095']);
    expect(document.getElementById('roc-title')!.textContent).toBe('ROC curve');
  });
});
