/** A small report with invented figures, names that need escaping and every kind of row. */
import type { DemoReport, ResultRow, RunCurve } from '../../src/report/demo-report.js';

export const hostile = `<script>alert("x")</script> & 'co'`;

/** History with the given metrics an epoch; ten steps an epoch. */
export const curve = (name: string, metrics: Record<string, number>[], best?: number): RunCurve => ({
  name,
  best,
  history: metrics.map((one, i) => ({ step: 10 * (i + 1), epoch: i + 1, seconds: i, learning_rate: 0.001, metrics: one })),
});

const row = (part: Omit<ResultRow, 'figures'> & { first: number }): ResultRow => {
  const { first, ...rest } = part;
  const [map, micro_f1, macro_f1, micro_auc, precision_at_5] = [0, 1, 2, 3, 4].map((i) => first + i / 1000) as [number, number, number, number, number];
  return { ...rest, figures: { map, micro_f1, macro_f1, micro_auc, precision_at_5 } };
};

export const sampleReport = (): DemoReport => ({
  title: `Demo ${hostile}`,
  createdAt: '2026-03-04T05:06:07.000Z',
  version: '9.8.7',
  device: 'cpu & friends',
  seconds: 192,
  summary: `Summary ${hostile}`,
  facts: [[`fact ${hostile}`, `12,345 ${hostile}`]],
  flow: [
    { step: `step ${hostile}`, visits: 23456, patients: 1234 },
    { step: 'labelled', visits: 789, patients: 567 },
  ],
  pretraining: curve('pre-training', [
    { train_loss: 4, dev_loss: 4.5, train_text_to_code: 2, dev_text_to_code: 2.25, train_code_to_code: 2, dev_code_to_code: 2.25 },
    { train_loss: 3, dev_loss: 3.5, train_text_to_code: 1.5, dev_text_to_code: 1.75, train_code_to_code: 1.5, dev_code_to_code: 1.75 },
  ], 20),
  finetuning: [curve(`both ${hostile}`, [{ dev_map: 0.31 }, { dev_map: 0.417 }], 20), curve('scratch', [{ dev_map: 0.21 }, { dev_map: 0.389 }], 20)],
  results: {
    dialect: 'edin',
    split: 'test',
    visits: 101,
    labels: 37,
    rows: [
      row({ name: 'scratch', inputs: 'text + codes', pretrained: false, kind: 'model', first: 0.401, share_of_ceiling: 0.401 / 0.811 }),
      row({ name: `both ${hostile}`, inputs: 'text + codes', pretrained: true, kind: 'model', first: 0.501, share_of_ceiling: 0.501 / 0.811 }),
      row({ name: 'text', inputs: 'text', pretrained: true, kind: 'model', first: 0.451, share_of_ceiling: 0.451 / 0.811 }),
      row({ name: 'label frequency', inputs: 'none', pretrained: null, kind: 'reference', first: 0.601 }),
      row({ name: 'ceiling (text + codes)', inputs: 'text + codes', pretrained: null, kind: 'ceiling', first: 0.811 }),
      row({ name: 'ceiling (text)', inputs: 'text', pretrained: null, kind: 'ceiling', first: 0.711 }),
    ],
  },
  limits: [`limit ${hostile}`],
  next: [{ what: `what ${hostile}`, command: 'medweave demo --patients 10 && echo "<done>"' }],
});
