/** `medweave check`: the leak linter, for a data set and for a run of any stage; with `--phi`, files about to be shared. */
import path from 'node:path';
import { finetuneSchema } from '../../../finetune/config.js';
import { readTaskFile } from '../../../finetune/task-file.js';
import { declarationOf, readsOf } from '../../../finetune/tasks/declarations.js';
import { openTask, taskNames, type TaskName } from '../../../finetune/tasks/index.js';
import { expectArtifact } from '../../core/artifact.js';
import { parseConfig, readYaml } from '../../core/config.js';
import { configurationError, dataError } from '../../core/errors.js';
import { openDataset, type Dataset } from '../../dataset/index.js';
import { lint, type Finding, type LintRequest } from '../../leaks/index.js';
import { checkPhi, phiOptions, type PhiArgs } from '../check/phi.js';
import { defineCommand } from '../command.js';

interface CheckArgs extends PhiArgs {
  data?: string;
  run?: string;
  strict: boolean;
}

export default defineCommand<CheckArgs>({
  usage: 'check',
  describe: 'Look for leaks between training, dev and test, and between labels and inputs; with --phi, for what identifies patients in files; exits with 2 when there is any',
  builder: (yargs) =>
    phiOptions(yargs)
      .option('data', { type: 'string', describe: 'directory written by `medweave prepare`' })
      .option('run', { type: 'string', describe: 'run of `medweave mlm`, `pretrain` or `finetune`: its task, and all that it started from' })
      .option('strict', { type: 'boolean', default: false, describe: 'exit with 2 also when something is unclear' })
      .example('$0 check --phi REPORT.html RUN --against STORE', 'before a report and a run leave the house'),
  async run({ data, run, strict, ...args }, { signal }) {
    if (args.phi !== undefined) return checkPhi(args, signal);
    if (data === undefined) throw configurationError('check: --data DATA is missing (leaks between splits), or --phi PATH… (what identifies patients in files)');
    const dataset = await openDataset(data);
    const findings = lint({ dataset, notes: true, ...(run === undefined ? {} : requestOf(dataset, run)) });
    const wrong = verdict(findings, strict);
    const lines = findings.map(lineOf);
    return { text: [...lines, ...(wrong === undefined ? ['', summaryOf(findings)] : [])].join('\n'), json: { data, run, findings, passed: wrong === undefined }, wrong };
  },
});

const marks: Record<Finding['status'], string> = { ok: 'ok', leak: 'LEAK', allowed: 'allowed', unclear: 'unclear' };

const lineOf = ({ status, check, name, message }: Finding): string => `${marks[status].padEnd(8)}${check}${name === undefined ? '' : ` [${name}]`}: ${message}`;

const countOf = (findings: readonly Finding[], status: Finding['status']): number => findings.filter((finding) => finding.status === status).length;

function summaryOf(findings: readonly Finding[]): string {
  const [allowed, unclear] = [countOf(findings, 'allowed'), countOf(findings, 'unclear')];
  return `no leak found in ${findings.length} checks${allowed ? `; ${allowed} allowed on purpose` : ''}${unclear ? `; ${unclear} unclear` : ''}`;
}

/** What is wrong, if anything. */
function verdict(findings: readonly Finding[], strict: boolean): string | undefined {
  const leaks = findings.filter(({ status }) => status === 'leak').map(({ name }) => name);
  if (leaks.length) return `${leaks.length === 1 ? 'a leak' : `${leaks.length} leaks`} found: ${[...new Set(leaks)].join(', ')} (the lines marked LEAK say where and what to do)`;
  const unclear = countOf(findings, 'unclear');
  return strict && unclear ? `${unclear} of ${findings.length} checks are unclear, and --strict was given` : undefined;
}

/** What there is to check of a run; its task when it is fine-tuned. */
function requestOf(dataset: Dataset, run: string): Partial<LintRequest> {
  const { command, seed = 0 } = expectArtifact(run, 'finetune', 'pretrain', 'mlm');
  if (command !== 'finetune') return { run };
  const file = path.join(run, 'config.yaml');
  const config = parseConfig(finetuneSchema, readYaml(file)['finetune'], `${file}: finetune`);
  const name = taskOf(run);
  return {
    run,
    declaration: declarationOf(name, config),
    reads: () => readsOf(openTask(name, { dataset, config, seed })),
  };
}

function taskOf(run: string): TaskName {
  const file = path.join(run, 'task.json');
  const { task } = readTaskFile<{ task: string }>(run);
  const name = taskNames.find((known) => known === task);
  if (!name) throw dataError(`${file}: task ${task} is none of ${taskNames.join(', ')}; was it written by a later version?`);
  return name;
}
