import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { codiespXLines } from '../../../finetune/evidence/codiesp-x.js';
import type { ExplainedCode, ExplainedNote } from '../../../finetune/evidence/explained-note.js';
import { readPredictedEvidence } from '../../../src/metrics/codiesp/tsv.js';

const span = (start: number, end: number) => ({ start, end, weight: 0.5, source: 'label attention' });
const code = (kind: string, name: string, changed: Partial<ExplainedCode> = {}): ExplainedCode => ({ kind, system: kind, code: name, probability: 0.9, predicted: true, spans: [span(3, 9)], ...changed });

const notes: ExplainedNote[] = [
  {
    id: 'B',
    text: '',
    codes: [
      code('dx', 'K80.20', { spans: [span(12, 20), span(0, 4)] }),
      code('px', '0DTJ4ZZ'),
      code('dx', 'R10.9', { predicted: false }),
      code('dx', 'R11.0', { spans: [] }),
      code('rx', 'N02BE01'),
    ],
  },
  { id: 'A', text: '', codes: [code('dx', 'I10')] },
];

it('writes a line a span of each predicted diagnosis and procedure, notes and codes in their order', () => {
  expect(codiespXLines(notes)).toBe(['B\t12 20\tDIAGNOSTICO\tk80.20', 'B\t0 4\tDIAGNOSTICO\tk80.20', 'B\t3 9\tPROCEDIMIENTO\t0dtj4zz', 'A\t3 9\tDIAGNOSTICO\ti10', ''].join('\n'));
  expect(codiespXLines([])).toBe('');
});

it('writes what `medweave score codiesp-x` reads', () => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-evidence-')), 'x.tsv');
  fs.writeFileSync(file, codiespXLines(notes));
  expect(readPredictedEvidence(file)[2]).toEqual({ document: 'B', code: '0dtj4zz', start: 3, end: 9 });
  fs.rmSync(path.dirname(file), { recursive: true });
});
