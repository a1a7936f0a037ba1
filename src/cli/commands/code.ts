/** `medweave code`: a combined coder and notes → codes, with the places of the text that speak for them. */
import fs from 'node:fs';
import path from 'node:path';
import { openNoteCoder } from '../../../finetune/coder/coder.js';
import { figuresOf, type CoderFigures } from '../../../finetune/coder/figures.js';
import { openCoder } from '../../../finetune/coder/files.js';
import { readModelScores } from '../../../finetune/coder/model-scores.js';
import type { Note } from '../../../finetune/coder/note.js';
import { readStore } from '../../../finetune/coder/read-store.js';
import { readTexts } from '../../../finetune/coder/read-texts.js';
import { writePredictions } from '../../../finetune/coder/write-predictions.js';
import { writeArtifact } from '../../core/artifact.js';
import { configurationError } from '../../core/errors.js';
import { openDevice } from '../../engine/index.js';
import { byKindOption } from '../coder/by-kind.js';
import { coderTable } from '../coder/tables.js';
import { defineCommand } from '../command.js';

interface CodeArgs {
  coder: string;
  texts?: string;
  store?: string;
  split: string;
  scores: string[];
  out: string;
}

export default defineCommand<CodeArgs>({
  usage: 'code',
  describe: 'Code notes with a combined coder: ranked and decided codes and their evidence, as CodiEsp files',
  builder: (yargs) =>
    yargs
      .option('coder', { type: 'string', demandOption: true, describe: 'directory written by `medweave coder`' })
      .option('texts', { type: 'string', describe: 'folder of .txt files, one a note' })
      .option('store', { type: 'string', describe: 'or a store written by `medweave ingest`; where its notes have codes, figures are reported' })
      .option('split', { type: 'string', default: 'dev', describe: "with --store: the source's own split" })
      .option('scores', { type: 'string', array: true, default: [], describe: 'KIND=FILE.jsonl of `medweave predict`, for coders that learnt with them' })
      .option('out', { type: 'string', demandOption: true, describe: 'directory to write; notes.jsonl in it holds the notes\' text' })
      .conflicts('texts', 'store')
      .example('$0 code --coder CODER --texts FOLDER --out PREDICTIONS', 'codes for the texts of a folder') as never,
  async run(args, { log, device, force }) {
    const source = sourceOf(args);
    const scores = byKindOption('--scores', args.scores);
    let figures: CoderFigures | undefined;
    const config = { split: args.store === undefined ? undefined : args.split };
    const { done, manifest } = await writeArtifact({ command: 'code', out: args.out, config, inputs: [args.coder, source, ...Object.values(scores)], force }, async (dir) => {
      const { coder, manifest: from } = openCoder(args.coder);
      assertScores(from['with_scores'] as string[], scores, args.coder);
      const notes: Note[] = args.store === undefined ? readTexts(source) : (await readStore(source, [args.split])).notes;
      const models = Object.fromEntries(Object.entries(scores).map(([kind, file]) => [kind, readModelScores(file, { notes, system: coder.systems[kind]!, log })]));
      const noteCoder = openNoteCoder(coder, await openDevice(device, log));
      const explained = await noteCoder.code(notes, models);
      noteCoder.dispose();
      const kinds = Object.keys(coder.kinds);
      const files = writePredictions(dir, explained, kinds);
      if (notes.some(({ annotations }) => Object.keys(annotations).length)) {
        figures = figuresOf({ notes, explained, kinds, seen: (kind, code) => coder.kinds[kind]!.associations.codes.get(code)?.total ?? 0 });
        fs.writeFileSync(path.join(dir, 'figures.json'), `${JSON.stringify(figures, null, 2)}\n`);
      }
      // Whose texts lie in a folder nobody can know.
      return { notes: notes.length, files, ...(args.texts !== undefined && { do_not_share: true as const }) };
    });
    const files = manifest['files'] as Record<string, string>;
    const listed = Object.entries(files).map(([name, purpose]) => `  ${name.padEnd(18)} ${purpose}`);
    const table = figures ? `${coderTable(`${args.split}, ${String(manifest['notes'])} notes`, figures)}\n` : '';
    return { text: `${table}${done ? 'written' : 'unchanged'}: ${args.out}\n${listed.join('\n')}`, json: { out: args.out, done, notes: manifest['notes'], files: Object.keys(files), figures } };
  },
});

function sourceOf({ texts, store }: CodeArgs): string {
  const source = texts ?? store;
  if (source === undefined) throw configurationError('code: --texts FOLDER or --store STORE is missing: there are no notes to code');
  return source;
}

/** @throws configuration error when the coder learnt with a model's probabilities that are not given, or the other way round */
function assertScores(learntWith: readonly string[], given: Record<string, string>, coder: string): void {
  const missing = learntWith.filter((kind) => !(kind in given));
  if (missing.length) throw configurationError(`${coder}: this coder learnt with a model's probabilities for ${missing.join(', ')}; give --scores ${missing[0]}=FILE.jsonl of \`medweave predict\` for these notes`);
  const unknown = Object.keys(given).filter((kind) => !learntWith.includes(kind));
  if (unknown.length) throw configurationError(`--scores ${unknown[0]}=…: ${coder} learnt without a model's probabilities for ${unknown[0]}; leave the option out`);
}
