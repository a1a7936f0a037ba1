/** Gathers what the demo's steps wrote into the data of its report. */
import fs from 'node:fs';
import path from 'node:path';
import type { EvaluationReport, EvaluationRow } from '../../../finetune/evaluation/evaluate.js';
import { readManifest } from '../../core/artifact.js';
import { packageVersion } from '../../core/paths.js';
import type { DemoReport, ResultRow, RunCurve } from '../../report/demo-report.js';
import { readHistory } from '../../training/run-files.js';
import { commandLine, type DemoPlan, type DemoRun } from './steps.js';

const DIALECT = 'edin';

const readJson = <T>(...parts: string[]): T => JSON.parse(fs.readFileSync(path.join(...parts), 'utf8')) as T;

export function collectReport(plan: DemoPlan, { seconds, device }: { seconds: number; device: string }): DemoReport {
  const evaluations = plan.runs.map((run) => ({ run, evaluation: readJson<EvaluationReport>(run.evaluation, 'evaluation.json') }));
  const rows = evaluations.flatMap(({ run, evaluation }) => resultRows(run, evaluation));
  const { split, visits, labels } = evaluations[0]!.evaluation;
  return {
    title: 'medweave demo',
    createdAt: new Date().toISOString(),
    version: packageVersion(),
    device,
    seconds,
    summary: summarise(rows),
    facts: facts(plan, evaluations[0]!.run),
    flow: readJson<{ steps: DemoReport['flow'] }>(plan.data, 'flow.json').steps,
    pretraining: curve('pre-training', plan.pretrained),
    finetuning: plan.runs.map(({ name, dir }) => curve(name, dir)),
    results: { dialect: DIALECT, split, visits, labels, rows },
    limits: [
      'The patients are synthetic: the notes are made of a few hundred phrases, and no figure here says anything about real notes.',
      `Pre-training reads the codes of all training visits; fine-tuning, and the references, see the labels of ${labelledShare(plan)} of the training patients. From scratch means those alone.`,
      'The models are small and trained for minutes, one seed each; differences of a few points can be chance.',
      'The ceiling is the generator’s own posterior given the same visit; it is computed from what the note says, not from its words.',
    ],
    next: [
      { what: 'code a note in your browser, and see which words each code comes from', command: commandLine(['serve', '--run', plan.runs[0]!.dir]) },
      { what: 'see everything about the runs: curves, calibration, every label, side by side', command: commandLine(['report', ...plan.runs.map(({ dir }) => dir), '--data', plan.data, '--out', path.join(path.dirname(plan.raw), 'runs')]) },
      { what: 'try another size or seed', command: `medweave demo --patients 6000 --seed 2 --out ${path.dirname(plan.raw)}-2` },
      { what: 'read your MIMIC-IV', command: 'medweave ingest --source mimic4 --raw /path/to/mimiciv --out store' },
    ],
  };
}

function labelledShare({ runs }: DemoPlan): string {
  const { finetune } = readManifest(runs[0]!.dir).config as { finetune: { fraction: number } };
  return `${Math.round(100 * finetune.fraction)} %`;
}

/** The model of a run, and what the run's evaluation holds beside it; the same ceiling is not shown twice. */
function resultRows({ name, inputs, pretrained }: DemoRun, { rows }: EvaluationReport): ResultRow[] {
  const spelled = spell(inputs);
  const ceiling = rows.find((row) => row.name.startsWith('ceiling'));
  const figures = ({ figures: byDialect }: EvaluationRow) => byDialect[DIALECT] as unknown as ResultRow['figures'];
  return rows.flatMap((row): ResultRow[] => {
    if (row.name === 'model') return [{ name, inputs: spelled, pretrained, kind: 'model', figures: figures(row), share_of_ceiling: ceiling && figures(row).map / figures(ceiling).map }];
    if (row === ceiling) return pretrained ? [{ name: `ceiling, ${spelled}`, inputs: spelled, pretrained: null, kind: 'ceiling', figures: figures(row) }] : [];
    return [{ name: row.name, inputs: /\((.*)\)/.exec(row.name)?.[1] ?? 'nothing', pretrained: null, kind: 'reference', figures: figures(row) }];
  });
}

const spell = (inputs: readonly string[]): string => inputs.map((input) => (input === 'text' ? 'text' : 'codes')).join(' + ');

function curve(name: string, dir: string): RunCurve {
  const history = readHistory(dir);
  const best = readManifest(dir)['best'] as { step: number } | undefined;
  return { name, history, best: best?.step };
}

function facts({ raw, data }: DemoPlan, { dir }: DemoRun): DemoReport['facts'] {
  const { totals, vocabularies } = readManifest(data) as unknown as { totals: Record<string, number>; vocabularies: Record<string, number> };
  const { summary } = readManifest(raw) as unknown as { summary: { patients: number; diagnoses: number; prescriptions: number } };
  const count = (value: number | undefined): string => (value ?? 0).toLocaleString('en-US');
  return [
    ['patients', count(summary.patients)],
    ['visits', count(totals['visits'])],
    ['word pieces in all notes', count(totals['tokens'])],
    ['diagnosis codes', `${count(totals['dx'])} (${count(vocabularies['dx'])} distinct)`],
    ['medication codes', `${count(totals['rx'])} (${count(vocabularies['rx'])} distinct)`],
    ['word-piece vocabulary', count(vocabularies['word_pieces'])],
    ['size of a fine-tuned model', `${(fs.statSync(path.join(dir, 'model.safetensors')).size / 1e6).toFixed(1)} MB`],
  ];
}

/** Says what came out, also when it is not what one would hope. */
function summarise(rows: readonly ResultRow[]): string {
  const model = (inputs: string, pretrained: boolean) => rows.find((row) => row.kind === 'model' && row.inputs === inputs && row.pretrained === pretrained)!.figures.map;
  const [both, scratch, text, codes] = [model('text + codes', true), model('text + codes', false), model('text', true), model('codes', true)];
  const ceiling = rows.find((row) => row.kind === 'ceiling' && row.inputs === 'text + codes')!.figures.map;
  const against = (name: string, value: number): string => `${name} ${value.toFixed(3)}`;
  const verdict = both > Math.max(scratch, text, codes) ? 'is best with' : 'comes to';
  return `Diagnosis coding from note and medications, pre-trained, ${verdict} a MAP of ${both.toFixed(3)} (${[against('from scratch', scratch), against('text only', text), against('codes only', codes)].join(', ')}; best possible ${ceiling.toFixed(3)}).`;
}
