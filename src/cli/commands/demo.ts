/** `medweave demo`: the main job on a synthetic MIMIC, by the commands a user would type, ending with a page. */
import fs from 'node:fs';
import path from 'node:path';
import { makeFolder } from '../../core/make-folder.js';
import { renderDemoReport } from '../../report/demo-report.js';
import { defineCommand } from '../command.js';
import { collectReport } from '../demo/collect.js';
import { commandLine, planDemo } from '../demo/steps.js';
import { execute } from '../execute.js';
import { DEFAULT_SEED } from '../run-options.js';

interface DemoArgs {
  out: string;
  patients: number;
  config: string;
}

export default defineCommand<DemoArgs>({
  usage: 'demo',
  describe: 'Everything on a synthetic MIMIC-IV, in minutes: data, pre-training, fine-tuning, results as a page',
  builder: (yargs) =>
    yargs
      .option('out', { type: 'string', default: 'demo-out', describe: 'directory to write' })
      .option('patients', { type: 'number', default: 3000, describe: 'synthetic patients' })
      .option('config', { type: 'string', default: 'demo', describe: 'YAML file, or the name of one in configs/' })
      .example('$0 demo --patients 600 --out try', 'smaller and faster'),
  async run({ out, patients, config }, { log, seed = DEFAULT_SEED, device, force, signal }) {
    const started = performance.now();
    const plan = planDemo({ out, patients, seed, config });
    makeFolder(out);
    for (const [i, { what, argv }] of plan.steps.entries()) {
      log.info(`[${i + 1}/${plan.steps.length}] ${what}\n  ${commandLine(argv)}`);
      const trains = argv[0] === 'pretrain' || argv[0] === 'finetune';
      await execute([...argv, '--device', device, ...(trains ? ['--resume'] : []), ...(force ? ['--force'] : [])], { signal, log });
    }
    const seconds = (performance.now() - started) / 1000;
    const report = collectReport(plan, { seconds, device });
    const page = path.join(out, 'report.html');
    fs.writeFileSync(page, renderDemoReport(report));
    const next = report.next[0]!;
    const text = [report.summary, '', `The report: ${path.resolve(page)}`, `Next, ${next.what}:`, `  ${next.command}`].join('\n');
    return { text, json: { page: path.resolve(page), seconds, results: report.results } };
  },
});
