/** `medweave ingest`: raw tables → store. */
import { applyOverrides, parseConfig, readYaml, type RawConfig } from '../../core/config.js';
import { noticesOf } from '../../core/notices.js';
import { ingestSchema, sourceNames } from '../../records/config.js';
import { ingest } from '../../records/ingest.js';
import { ingestSummary } from '../../records/summary.js';
import { defineCommand } from '../command.js';
import { findConfig } from '../run-config.js';

interface IngestArgs {
  source?: string;
  raw?: string[];
  out: string;
  config?: string;
  set: string[];
  language?: string;
  drugTable?: string[];
  rxnorm?: string;
  memoryLimit?: string;
}

/** The `ingest:` slice of the file, then `--set ingest.…`, then the flags. */
function ingestConfig(args: IngestArgs) {
  const file = applyOverrides(args.config ? readYaml(findConfig(args.config)) : {}, args.set);
  const flags = { source: args.source, raw: args.raw, language: args.language, drug_tables: args.drugTable, rxnorm: args.rxnorm, memory_limit: args.memoryLimit };
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  return parseConfig(ingestSchema, { ...(file.ingest as RawConfig | undefined), ...given }, args.config ? `${args.config} (ingest)` : 'ingest');
}

export default defineCommand<IngestArgs>({
  usage: 'ingest',
  describe: 'Raw tables (MIMIC-III, MIMIC-IV, CodiEsp, MEDS, OMOP) → store',
  builder: (yargs) =>
    yargs
      .option('source', { type: 'string', choices: sourceNames, describe: 'what the raw tables are' })
      .option('raw', { type: 'string', array: true, nargs: 1, describe: 'directory of the raw tables; several where modules lie apart' })
      .option('out', { type: 'string', demandOption: true, describe: 'directory of the store' })
      .option('config', { type: 'string', describe: 'YAML file, or the name of one in configs/; its part `ingest:` is used' })
      .option('set', { type: 'string', array: true, nargs: 1, default: [] as string[], describe: 'override, e.g. --set ingest.max_reject_share=0.05' })
      .option('language', { type: 'string', choices: ['es', 'en'], describe: 'CodiEsp: Spanish texts (default) or their English translation' })
      .option('drug-table', { type: 'string', array: true, nargs: 1, describe: 'CSV file ndc,atc or name,atc; looked at first' })
      .option('rxnorm', { type: 'string', describe: 'directory of the RxNorm RRF files' })
      .option('memory-limit', { type: 'string', describe: 'DuckDB spills to disk beyond it (default 4GB)' })
      .example('$0 ingest --source mimic4 --raw MIMIC4 --raw MIMIC4_NOTE --out store', '') as never,
  run: async (args, { log, force, signal }) => {
    const { done, manifest, coverage } = await ingest({ config: ingestConfig(args), out: args.out, force, log, signal });
    const text = done ? ingestSummary(coverage, args.out) : `${args.out}: up to date, nothing to do (--force redoes)`;
    return { text, json: { done, out: args.out, ...noticesOf(manifest), ...coverage } };
  },
});
