/** `medweave prepare`: store → data. */
import { applyOverrides, parseConfig, readYaml } from '../../core/config.js';
import { prepareSchema } from '../../dataset/config.js';
import { flowTable } from '../../dataset/flow.js';
import { prepare } from '../../dataset/prepare.js';
import { defineCommand } from '../command.js';

interface PrepareArgs {
  store: string;
  out: string;
  config?: string;
  set: string[];
}

export default defineCommand<PrepareArgs>({
  usage: 'prepare',
  describe: 'Turn a store into a data set: cohort, split, vocabularies, tokens',
  builder: (yargs) =>
    yargs
      .option('store', { type: 'string', demandOption: true, describe: 'directory written by `medweave ingest`' })
      .option('out', { type: 'string', demandOption: true, describe: 'directory to write' })
      .option('config', { type: 'string', describe: 'YAML file; its section `prepare` is used' })
      .option('set', { type: 'string', array: true, default: [] as string[], nargs: 1, describe: 'override, e.g. prepare.split.seed=3' }),
  async run(args, { log, seed, force, signal }) {
    const raw = applyOverrides(args.config ? readYaml(args.config) : {}, [...args.set, ...(seed === undefined ? [] : [`prepare.split.seed=${seed}`])]);
    const config = parseConfig(prepareSchema, raw.prepare ?? {}, `${args.config ?? 'configuration'}: prepare`);
    const { done, manifest, flow } = await prepare({ store: args.store, out: args.out, config, log, signal, force });
    const text = `${flowTable(flow)}\n\n${done ? 'written' : 'unchanged, nothing to do'}: ${args.out} (split ${manifest.split_id}, vocabulary ${JSON.stringify(manifest.vocabularies)})`;
    return { text, json: { out: args.out, done, split_id: manifest.split_id, totals: manifest.totals, vocabularies: manifest.vocabularies, flow } };
  },
});
