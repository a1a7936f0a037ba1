/** A small run report with invented figures and names that need escaping. */
import type { Assessment } from '../../../src/metrics/assess.js';
import type { ReportedRun, RunReport } from '../../../src/report/run/data.js';
import { curve, hostile } from '../sample-report.js';

const interval = (estimate: number) => ({ estimate, low: estimate - 0.01, high: estimate + 0.02, moved: false });

const label = (code: string, count: number, f1: number, support = 5) => ({
  reported: { kind: 'dx', system: 'icd10cm', code, title: `title of ${code} ${hostile}`, count },
  figures: { support, predicted: support, hits: 1, precision: f1, recall: f1, f1, auc: support ? 0.5 + f1 / 2 : NaN, averagePrecision: support ? f1 : NaN },
});

export const sampleLabels = [label('I10', 120, 0.7), label('E11.9', 45, 0.9), label('J18.9', 1234, 0.2), label('Z99', 3, 0, 0)];

const distribution = (median: number) => ({ visits: 90, without: 10, mean: median, median, p95: 2 * median, max: 3 * median, histogram: [{ from: 0, to: 5, visits: 0 }, { from: 5, to: 10, visits: 90 }] });

export const assessmentOf = (first: number): Assessment => ({
  visits: 1101, patients: 613, labels: sampleLabels.length, gold: { inside: 90, all: 100 },
  figures: [
    ...['edin.map', 'edin.micro_f1', 'edin.macro_f1', 'edin.micro_auc', 'edin.precision_at_8', 'caml.micro_f1'].map((figure, i) => ({ figure, ...interval(first + i / 1000), resamples: 1000 })),
    { figure: 'edin.macro_auprc', ...interval(NaN), resamples: 1000 },
  ],
  byLabel: sampleLabels.map(({ figures }) => figures),
  calibration: {
    cells: 4404, positives: 97, from: 0.05, brier: interval(0.031), ece: interval(0.022),
    bins: [{ cells: 50, positives: 10, meanScore: 0.25, share: 0.2, low: 0.15, high: 0.26 }, { cells: 50, positives: 40, meanScore: 0.75, share: 0.8, low: 0.7, high: 0.86 }],
    histogram: [{ from: 0, to: 0.5, cells: 4350, positives: 57 }, { from: 0.5, to: 1, cells: 54, positives: 40 }],
  },
});

export const sampleRun = (name: string, first: number): ReportedRun => ({
  name, command: 'finetune', version: '9.8.7', createdAt: '2026-03-04T05:06:07.000Z', seed: 3, splitId: 'abc', inputs: ['text', 'rx'],
  labels: sampleLabels.map(({ reported }) => reported), threshold: 0.3, model: [['head', `label-attention ${hostile}`]], config: { task: 'icd-coding', note: hostile },
  hashes: { 'model.safetensors': 'f00d' }, notices: { licence_notice: `Licence ${hostile}`, do_not_share: true },
  training: curve(name, [{ train_loss: 2, dev_map: 0.3 }, { train_loss: 1, dev_map: 0.4 }], 20),
  pretrainedFrom: 'before', pretraining: curve('before', [{ train_loss: 5, dev_loss: 6 }, { train_loss: 4, dev_loss: 5 }], 20),
  flow: [{ step: `labelled ${hostile}`, visits: 1101, patients: 3 }],
  assessment: assessmentOf(first),
});

const codeFlow = { codes: 200, distinct: 20, unknown: 10 };
const splitFlow = { visits: 1000, patients: 4, labelled: 900, with_text: 800, codes: { dx: codeFlow, rx: codeFlow, px: { codes: 0, distinct: 0, unknown: 0 } } };

export const sampleRunReport = (): RunReport => ({
  createdAt: '2026-03-04T05:06:07.000Z', version: '9.8.7', task: 'icd-coding', split: 'test',
  notices: { licence_notice: `Licence ${hostile}`, do_not_share: true },
  runs: [sampleRun(`first ${hostile}`, 0.5)],
  resampling: { replicates: 1000, seed: 1 },
  differences: [],
  data: {
    name: `data ${hostile}`, version: '9.8.7', createdAt: '2026-03-04T05:06:07.000Z', splitId: 'abc', notices: { licence_notice: `Licence ${hostile}`, do_not_share: true }, config: {},
    flow: { steps: [{ step: `in the store ${hostile}`, visits: 2000, patients: 2 }], splits: { train: splitFlow, dev: splitFlow, test: splitFlow }, overlap: { policy: 'none', patients: 0, visits_left_out: 0 } },
    description: { tokens: distribution(7), codes: { dx: distribution(7), rx: distribution(7), px: { ...distribution(0), visits: 0, histogram: [] } }, frequencies: { dx: [100, 20, 3], rx: [50, 1], px: [] }, visitsPerPatient: distribution(7) },
    hashes: { 'visits.parquet': 'beef' },
    store: { source: 'mimic4', flow: [{ step: 'admissions', visits: 2000, patients: 1500 }], codes: [], drugs: { named_rows: 100, mapped_rows: 70, skipped_rows: 20, unmapped: { rows: 10, distinct: 2, most_frequent: [{ name: hostile, rows: 8 }] } } },
  },
  examples: {
    from: 'synthetic', run: 'first',
    notes: [{ id: 'synthetic note 1', text: 'Known history of high blood pressure.', codes: [{ system: 'icd10cm', code: 'I10', title: 'hypertension', ancestors: [], probability: 0.9, predicted: true, spans: [{ start: 17, end: 36, weight: 0.8, source: 'label attention' }], marked: [] }] }],
  },
  missing: [`missing ${hostile}`],
});
