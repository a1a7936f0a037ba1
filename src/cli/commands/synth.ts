/** `medweave synth`: writes a synthetic MIMIC with planted signal and the Bayes-optimal scores of its labels. */
import { writeArtifact } from '../../core/artifact.js';
import { configurationError } from '../../core/errors.js';
import { createProgress } from '../../core/progress.js';
import { CEILING_DEFINITIONS } from '../../synth/ceiling.js';
import { mimic3 } from '../../synth/formats/mimic3.js';
import { mimic4 } from '../../synth/formats/mimic4.js';
import { synthesise, type SynthSummary } from '../../synth/synthesise.js';
import { Interrupted } from '../interrupted.js';
import { defineCommand, type CommandContext, type CommandResult } from '../command.js';

interface SynthArgs {
  format: 'mimic3' | 'mimic4';
  patients: number;
  out: string;
  gzip: boolean;
  noteWords: number;
  listMedications: boolean;
  ceiling: boolean;
}

const FORMATS = { mimic3, mimic4 } as const;
const DEFAULT_SEED = 1;

const expectCount = (name: string, value: number, least: number): number => {
  if (!Number.isInteger(value) || value < least) throw configurationError(`--${name} ${value}: expected a whole number from ${least}`);
  return value;
};

function describe(out: string, done: boolean, summary: SynthSummary): CommandResult {
  const { patients, visits, diagnoses, prescriptions, readmissions, discharges, multi_visit_patients } = summary;
  const head = done ? `${out}: written` : `${out}: already there, nothing to do (--force writes it anew)`;
  const mean = (count: number, of: number): string => (count / Math.max(of, 1)).toFixed(1);
  return {
    text: `${head}: ${patients} patients (${multi_visit_patients} with several visits), ${visits} visits, ${mean(diagnoses, visits)} diagnoses and `
      + `${mean(prescriptions, visits)} drugs a visit, ${readmissions} of ${discharges} discharges readmitted within 30 days`,
    json: { out, done, ...summary },
  };
}

async function run(args: SynthArgs, { log, seed = DEFAULT_SEED, force, signal }: CommandContext): Promise<CommandResult> {
  const patients = expectCount('patients', args.patients, 1);
  const noteWords = expectCount('note-words', args.noteWords, 0);
  const { format, gzip, listMedications } = args;
  const ceiling = args.ceiling && !listMedications;
  const config = { format, patients, gzip, note_words: noteWords, list_medications: listMedications, ceiling };
  const { done, manifest } = await writeArtifact({ command: 'synth', out: args.out, config, inputs: [], seed, force }, async (dir) => {
    const progress = createProgress({ label: 'synthetic patients', total: patients, unit: 'patients', log });
    const summary = await synthesise(dir, { format: FORMATS[format], patients, seed, gzip, noteWords, listMedications, ceiling, signal, onProgress: (n) => progress.update(n) });
    if (signal.aborted) throw new Interrupted(`interrupted after ${summary.patients} of ${patients} patients; nothing was written to ${args.out}`);
    progress.finish(`${summary.visits} visits`);
    return { summary, ...(ceiling ? { ceiling: CEILING_DEFINITIONS } : {}), licence_notice: 'Synthetic: no patient is described. Free to use under the licence of medweave.' };
  });
  return describe(args.out, done, manifest.summary as SynthSummary);
}

export default defineCommand<SynthArgs>({
  usage: 'synth',
  describe: 'Write a synthetic MIMIC-III or MIMIC-IV with planted signal',
  builder: (yargs) => yargs
    .option('format', { choices: ['mimic3', 'mimic4'] as const, default: 'mimic4' as const, describe: 'which tables to write' })
    .option('patients', { type: 'number', demandOption: true, describe: 'how many patients (about 1.8 visits each)' })
    .option('out', { type: 'string', demandOption: true, describe: 'directory to write' })
    .option('gzip', { type: 'boolean', default: true, describe: 'gzip the tables, as PhysioNet does' })
    .option('note-words', { type: 'number', default: 180, describe: 'length of a note in words' })
    .option('list-medications', { type: 'boolean', default: false, describe: 'list the drugs in the notes, as real ones do; leaves out the ceiling' })
    .option('ceiling', { type: 'boolean', default: true, describe: 'write the Bayes-optimal scores to ceiling/' })
    .example('$0 synth --patients 2000 --seed 7 --out raw', '') as never,
  run,
});
