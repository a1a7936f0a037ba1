/** Model and data cards: front matter that parses, figures with intervals, small counts not told, nothing that breaks out of its place. */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { dataCard } from '../../src/cards/data-card.js';
import { code, escaped, table } from '../../src/cards/markdown.js';
import { modelCard } from '../../src/cards/model-card.js';
import { sampleRunReport } from '../report/run/sample-run-report.js';

const report = sampleRunReport();
const [run] = report.runs as [(typeof report.runs)[0]];
const model = modelCard(report, run, { smallCell: 5 });
const data = dataCard(report.data!, report, { smallCell: 5 });

const frontMatterOf = (card: string): Record<string, unknown> => parse(/^---\n([\s\S]*?)\n---\n/.exec(card)![1]!) as Record<string, unknown>;
const headings = (card: string): string[] => [...card.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading!);

describe('a model card', () => {
  it('has the front matter that Hugging Face reads', () => {
    expect(frontMatterOf(model)).toMatchObject({
      license: 'other', do_not_share: true, language: 'en', library_name: 'medweave', pipeline_tag: 'text-classification',
      'model-index': [{ results: [{ task: { type: 'text-classification' }, dataset: { split: 'test' }, metrics: expect.arrayContaining([{ type: 'edin.map', name: 'MAP (edin)', value: 0.5 }]) }] }],
    });
    // A figure that is undefined is left out: it would be no number.
    expect(JSON.stringify(frontMatterOf(model))).not.toContain('macro_auprc');
  });

  it('has the usual sections, figures with intervals, hashes, and says not to share', () => {
    expect(headings(model)).toEqual(['Model details', 'Intended use', 'Out of scope', 'Training data', 'Evaluation', 'Limitations', 'How to use', 'Reproducibility', 'Citation']);
    expect(model).toContain('| MAP (edin) | 0.500 | 0.490 to 0.520 |');
    expect(model).toContain('| `model.safetensors` | `f00d` |');
    expect(model).toContain('> **Do not share this model.**');
    expect(model).toContain('Not for clinical use');
  });

  it('without data says that nothing was measured', () => {
    const { data: _, ...without } = report;
    const { assessment: __, ...unmeasured } = run;
    const card = modelCard({ ...without, runs: [unmeasured] }, unmeasured, { smallCell: 5 });
    expect(card).toContain('Nothing was measured when this card was written');
    expect(frontMatterOf(card)).not.toHaveProperty('model-index');
  });
});

describe('a data card', () => {
  it('has front matter and the questions of a datasheet', () => {
    expect(frontMatterOf(data)).toMatchObject({ license: 'other', size_categories: ['1K<n<10K'], task_categories: ['text-classification'] });
    expect(headings(data)).toEqual(['Motivation', 'Composition', 'Collection and selection', 'Preprocessing', 'Coverage', 'Uses', 'Distribution and maintenance']);
    expect(data).toContain('70.0 % were mapped to ATC and 10.0 % have no code');
  });

  it('does not tell small counts, unless asked to', () => {
    expect(data).toMatch(/\| train \| 1,000 \| &lt; 5 \| 900 \|/);
    expect(data).toMatch(/\| data: in the store .* \| 2,000 \| &lt; 5 \|/);
    expect(model).toContain('1,000 training visits of &lt; 5 patients');
    const open = dataCard(report.data!, report, { smallCell: 1 });
    expect(open).toMatch(/\| train \| 1,000 \| 4 \| 900 \|/);
    expect(open).not.toContain('&lt; 1');
  });
});

describe('markup in data', () => {
  it('stays text in both cards', () => {
    for (const card of [model, data]) {
      const body = card.replace(/^---\n[\s\S]*?\n---\n/, '').replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '');
      expect(body).not.toMatch(/<script/);
      expect(body).toContain('&lt;script\\>');
    }
  });

  it('cannot end a cell, a line or a span of code', () => {
    expect(escaped('a|b\n# c *d* [e](f) & <g> $x$')).toBe('a\\|b \\# c \\*d\\* \\[e\\](f) &amp; &lt;g\\> \\$x\\$');
    expect(code('a`b')).toBe('`` a`b ``');
    expect(code('a|b')).toBe('`a\\|b`');
    expect(table(['x', 'y'], [[escaped('1|2'), '3']])).toBe('| x | y |\n| --- | ---: |\n| 1\\|2 | 3 |');
  });
});
