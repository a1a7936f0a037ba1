/** `medweave evaluate`: a fine-tuned run on a split, beside references and the ceiling. */
import { evaluate, type EvaluationReport } from '../../../finetune/evaluation/evaluate.js';
import { codingDialects, type CodingDialect } from '../../metrics/evaluate-coding.js';
import { defineCommand } from '../command.js';
import { alignColumns } from '../run-options.js';

interface EvaluateArgs {
  run: string;
  data: string;
  split: 'train' | 'dev' | 'test';
  out: string;
  references: boolean;
  int8: boolean;
  ceiling?: string;
  dialect: CodingDialect[];
}

export default defineCommand<EvaluateArgs>({
  usage: 'evaluate',
  describe: 'Score a fine-tuned run on a split, in named metric dialects',
  builder: (yargs) =>
    yargs
      .option('run', { type: 'string', demandOption: true, describe: 'run directory of `medweave finetune`' })
      .option('data', { type: 'string', demandOption: true, describe: 'directory written by `medweave prepare`' })
      .option('split', { choices: ['train', 'dev', 'test'] as const, default: 'test' as const, describe: 'visits to score' })
      .option('out', { type: 'string', demandOption: true, describe: 'directory to write' })
      .option('references', { type: 'boolean', default: true, describe: 'also fit label frequency and TF-IDF + logistic regression' })
      .option('int8', { type: 'boolean', default: false, describe: 'also score the model with its linear layers in 8-bit integers' })
      .option('ceiling', { type: 'string', describe: 'directory of `medweave synth`: adds its Bayes-optimal scores' })
      .option('dialect', { choices: codingDialects, array: true, default: ['edin', 'caml', 'codiesp-strict'] as CodingDialect[], describe: 'metric definitions' }),
  async run(args, { log, device, force }) {
    const { run, data, split, out, references, int8, ceiling, dialect } = args;
    const { report } = await evaluate({ run, data, split, out, references, int8, ceiling, dialects: dialect, device, force, log });
    return { text: `${evaluationTables(report)}\n\nwritten: ${out}`, json: report };
  },
});

/** One table a dialect. */
export function evaluationTables({ split, visits, labels, inputs, rows }: EvaluationReport): string {
  const dialects = Object.keys(rows[0]!.figures);
  const title = `${split}: ${visits} visits, ${labels} labels, inputs ${inputs.join(' + ')}`;
  const tables = dialects.map((dialect) => {
    const figures = Object.keys(rows[0]!.figures[dialect]!);
    const head = [dialect, ...rows.map(({ name }) => name)];
    return alignColumns([head, ...figures.map((figure) => [figure, ...rows.map((row) => row.figures[dialect]![figure]?.toFixed(4) ?? '–')])]);
  });
  return [title, ...tables].join('\n\n');
}
