/** The demo's steps: the very command lines a user would type, in order. */
import path from 'node:path';

export interface DemoOptions {
  out: string;
  patients: number;
  seed: number;
  config: string;
}

export interface DemoRun {
  name: string;
  dir: string;
  evaluation: string;
  inputs: readonly string[];
  pretrained: boolean;
}

export interface DemoPlan {
  raw: string;
  store: string;
  data: string;
  pretrained: string;
  runs: DemoRun[];
  /** What each step is for, and its command line without the leading `medweave`. */
  steps: { what: string; argv: string[] }[];
}

const variants: Pick<DemoRun, 'name' | 'inputs' | 'pretrained'>[] = [
  { name: 'text + codes, pre-trained', inputs: ['text', 'rx'], pretrained: true },
  { name: 'text + codes, from scratch', inputs: ['text', 'rx'], pretrained: false },
  { name: 'text only, pre-trained', inputs: ['text'], pretrained: true },
  { name: 'codes only, pre-trained', inputs: ['rx'], pretrained: true },
];

export function planDemo({ out, patients, seed, config }: DemoOptions): DemoPlan {
  const at = (name: string): string => path.join(out, name);
  const [raw, store, data, pretrained] = [at('raw'), at('store'), at('data'), at('pretrained')];
  const runs = variants.map((variant): DemoRun => {
    const slug = variant.name.replaceAll(/[^a-z]+/g, '-');
    return { ...variant, dir: at(slug), evaluation: at(`${slug}-test`) };
  });
  const common = ['--seed', String(seed)];
  const configured = ['--config', config];
  return {
    raw,
    store,
    data,
    pretrained,
    runs,
    steps: [
      ...syntheticSteps({ raw, store, data }, { patients, seed, config }),
      { what: 'pre-train', argv: ['pretrain', '--data', data, '--out', pretrained, ...configured, ...common] },
      ...runs.flatMap((run) => [
        { what: `fine-tune: ${run.name}`, argv: finetuneArgv(run, data, pretrained, [...configured, ...common]) },
        { what: `test: ${run.name}`, argv: evaluateArgv(run, data, raw) },
      ]),
    ],
  };
}

/** A synthetic MIMIC-IV, from its tables to a data set. */
export const syntheticSteps = ({ raw, store, data }: Pick<DemoPlan, 'raw' | 'store' | 'data'>, { patients, seed, config }: Omit<DemoOptions, 'out'>): DemoPlan['steps'] => [
  { what: 'write a synthetic MIMIC-IV', argv: ['synth', '--format', 'mimic4', '--patients', String(patients), '--out', raw, '--seed', String(seed)] },
  { what: 'read its tables', argv: ['ingest', '--source', 'mimic4', '--raw', raw, '--out', store] },
  { what: 'split by patient, fit vocabularies, tokenise', argv: ['prepare', '--store', store, '--out', data, '--config', config, '--seed', String(seed)] },
];

const finetuneArgv = ({ dir, inputs, pretrained }: DemoRun, data: string, from: string, rest: string[]): string[] => [
  ...['finetune', 'icd-coding', '--data', data, ...(pretrained ? ['--from', from] : []), '--out', dir],
  ...['--set', `finetune.inputs=[${inputs.join(', ')}]`, ...rest],
];

/** References do not depend on the run: they are fitted once, beside the first. */
const evaluateArgv = ({ dir, evaluation, name }: DemoRun, data: string, raw: string): string[] => [
  ...['evaluate', '--run', dir, '--data', data, '--split', 'test', '--ceiling', raw, '--out', evaluation],
  ...(name === variants[0]!.name ? [] : ['--no-references']),
];

/** As a user would type it. */
export const commandLine = (argv: readonly string[]): string => ['medweave', ...argv.map((word) => (/[\s[\]]/.test(word) ? `'${word}'` : word))].join(' ');
