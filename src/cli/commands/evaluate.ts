/** `medweave evaluate`: a fine-tuned run on a split, beside references and the ceiling. */
import { evaluate, type EvaluationReport } from '../../../finetune/evaluation/evaluate.js';
import { dialectsOf } from '../../metrics/evaluate-task.js';
import { openEvaluationRecorder } from '../../tracking/evaluation.js';
import { defineCommand } from '../command.js';
import { alignColumns } from '../run-options.js';
import { placeOptions, type PlaceArgs } from '../tracking-options.js';

interface EvaluateArgs extends PlaceArgs {
  run: string;
  data: string;
  split: 'train' | 'dev' | 'test';
  out: string;
  references: boolean;
  int8: boolean;
  ceiling?: string;
  interactions?: string;
  saveScores: boolean;
  dialect?: string[];
}

export default defineCommand<EvaluateArgs>({
  usage: 'evaluate',
  describe: 'Score a fine-tuned run on a split, in named metric dialects',
  builder: (yargs) =>
    placeOptions(yargs)
      .option('run', { type: 'string', demandOption: true, describe: 'run directory of `medweave finetune`' })
      .option('data', { type: 'string', demandOption: true, describe: 'directory written by `medweave prepare`' })
      .option('split', { choices: ['train', 'dev', 'test'] as const, default: 'test' as const, describe: 'visits to score' })
      .option('out', { type: 'string', demandOption: true, describe: 'directory to write' })
      .option('references', { type: 'boolean', default: true, describe: 'also fit label frequency and logistic regressions' })
      .option('int8', { type: 'boolean', default: false, describe: 'also score the model with its linear layers in 8-bit integers' })
      .option('ceiling', { type: 'string', describe: 'directory of `medweave synth`: adds its Bayes-optimal scores' })
      .option('interactions', { type: 'string', describe: 'table of interacting ATC codes, for the rate of drug-drug interactions (medication)' })
      .option('save-scores', { type: 'boolean', default: false, describe: 'write the score of every visit and label too' })
      .option('dialect', { choices: [...new Set(Object.values(dialectsOf).flat())], array: true, describe: 'metric definitions; by default the usual ones of the task' })
      .example('$0 evaluate --run run --data data --split test --out evaluation', '')
      .example('$0 evaluate --run run --data data --dialect caml --json --out evaluation | jq .rows', '') as never,
  async run(args, { log, device, force, signal }) {
    const { run, data, split, out, references, int8, ceiling, interactions, saveScores, dialect: dialects } = args;
    const record = await openEvaluationRecorder(run, args, { signal, log });
    const { report } = await evaluate({ run, data, split, out, references, int8, ceiling, interactions, saveScores, dialects, device, force, signal, log });
    await record({ directory: out, split, figures: report.rows[0]!.figures });
    return { text: `${evaluationTables(report)}\n\nwritten: ${out}`, json: report };
  },
});

/** One table a dialect. */
export function evaluationTables({ task, split, visits, labels, inputs, flow, rows }: EvaluationReport): string {
  const dialects = Object.keys(rows[0]!.figures);
  const title = `${task}, ${split}: ${visits} visits, ${labels} label${labels === 1 ? '' : 's'}, inputs ${inputs.join(' + ')}`;
  const cohort = alignColumns([['cohort', 'visits', 'patients'], ...flow.map((step) => [step.step, String(step.visits), String(step.patients)])]);
  const tables = dialects.map((dialect) => {
    const figures = Object.keys(rows[0]!.figures[dialect]!);
    const head = [dialect, ...rows.map(({ name }) => name)];
    return alignColumns([head, ...figures.map((figure) => [figure, ...rows.map((row) => row.figures[dialect]![figure]?.toFixed(4) ?? '–')])]);
  });
  return [title, cohort, ...tables].join('\n\n');
}
