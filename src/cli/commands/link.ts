/** `medweave link`: mentions of a store's notes → codes. */
import fs from 'node:fs';
import path from 'node:path';
import { configurationError } from '../../core/errors.js';
import { noticesOfInputs, writeNotices } from '../../core/notices.js';
import { checkOutputFile, writeWhole } from '../../core/output-file.js';
import { openEmbedder } from '../../embed/embedder.js';
import { poolings, type Pooling } from '../../embed/pool.js';
import { openDevice } from '../../engine/index.js';
import { codeKinds, type CodeKind } from '../../dataset/index.js';
import { encoderIdentity, type SentenceEncoder } from '../../linking/embedding.js';
import { figureRows } from '../../linking/figures.js';
import { DEFAULT_PROMPT, describeBy } from '../../linking/generator/descriptions.js';
import { openGenerator } from '../../linking/generator/seq2seq.js';
import { linkStore, type LinkRequest, type LinkResult } from '../../linking/link-store.js';
import { linkingSteps, type LinkingStep } from '../../linking/mention.js';
import { codiespLines, jsonLines } from '../../linking/output.js';
import { sourceSplits, type SourceSplit } from '../../linking/store-mentions.js';
import { cacheDirectory } from '../../prefix-cache/config.js';
import { defineCommand, type CommandContext } from '../command.js';
import { alignColumns } from '../run-options.js';

interface LinkArgs {
  store: string;
  split: SourceSplit;
  train: SourceSplit[];
  kind?: CodeKind[];
  titles: string[];
  translateWith?: string;
  encoder?: string;
  pooling: Pooling;
  generator: string[];
  prompt: string;
  beams: number;
  maxNewTokens: number;
  steps?: string;
  mentions?: string;
  detect: boolean;
  top: number;
  texts: boolean;
  out: string;
}

export default defineCommand<LinkArgs>({
  usage: 'link',
  describe: 'Link mentions in notes to codes: dictionary, titles, sentence embeddings, generated descriptions',
  builder: (yargs) =>
    yargs
      .option('store', { type: 'string', demandOption: true, describe: 'directory written by `medweave ingest`' })
      .option('split', { choices: sourceSplits, default: 'dev' as const, describe: 'split of the source whose notes are linked' })
      .option('train', { choices: sourceSplits, array: true, default: ['train'] as const, describe: 'splits whose mentions are learnt from' })
      .option('kind', { choices: codeKinds, array: true, describe: 'kinds of codes (default: those that the training mentions have)' })
      .option('mentions', { type: 'string', describe: 'TSV with a header: document, and span (or start, end) or text; kind, code (default: the store\'s evidence)' })
      .option('detect', { type: 'boolean', default: false, describe: 'look for the words of training mentions in the notes instead' })
      .option('titles', { type: 'string', array: true, nargs: 1, default: [] as string[], describe: '[KIND=]FILE: table of titles, as for `medweave ontology` (KIND: dx; default: the store\'s titles)' })
      .option('translate-with', { type: 'string', describe: 'store of the same notes in the titles\' language: words are translated as its train and background notes show' })
      .option('encoder', { type: 'string', describe: 'PLII: Hugging Face checkpoint (folder or hub name) or run directory' })
      .option('pooling', { choices: poolings, default: 'cls' as const, describe: 'PLII: a sentence\'s vector' })
      .option('generator', { type: 'string', array: true, nargs: 1, default: [] as string[], describe: 'T5 or mT5 in ONNX (folder or hub name) that writes a description of each mention; several: mean and standard deviation' })
      .option('prompt', { type: 'string', default: DEFAULT_PROMPT, describe: 'what the generator reads; {mention} and {sentence} are filled in' })
      .option('beams', { type: 'number', default: 5, describe: 'beams of the generator' })
      .option('max-new-tokens', { type: 'number', default: 128, describe: 'longest description, in tokens' })
      .option('steps', { type: 'string', describe: `comma-separated, of ${linkingSteps.join(', ')} (default: all that are possible)` })
      .option('top', { type: 'number', default: 10, describe: 'most candidates of a mention' })
      .option('texts', { type: 'boolean', default: false, describe: 'write mentions\' words to a .jsonl file: they are patient text' })
      .option('out', { type: 'string', demandOption: true, describe: '.tsv (CodiEsp-X lines, the best code) or .jsonl (all candidates)' })
      .example('$0 link --store store --split dev --out links.tsv', '') as never,
  async run(args, context) {
    checkOutput(args, context.force);
    const results = await linkByEach(args, context);
    const { linked } = results[0]!;
    const lines = path.extname(args.out) === '.tsv' ? codiespLines(linked) : jsonLines(linked, args);
    writeWhole(args.out, lines.map((line) => `${line}\n`).join(''));
    writeNotices(args.out, noticesOfInputs([args.store, args.encoder, args.mentions, args.translateWith].filter((input) => input !== undefined)));
    const found = linked.filter(({ candidates }) => candidates.length).length;
    const figures = results[0]!.accuracy;
    const table = Object.keys(figures).length ? `${alignColumns(figureRows(results.map(({ accuracy }) => accuracy)))}\n` : '';
    return { text: `${table}${linked.length} mentions, ${found} with candidates, written: ${args.out}`, json: { out: args.out, mentions: linked.length, with_candidates: found, runs: results.map(({ accuracy, steps }, i) => ({ generator: args.generator[i], steps, accuracy })) } };
  },
});

function checkOutput({ out, texts, mentions, detect, generator, beams, maxNewTokens, top }: LinkArgs, force: boolean): void {
  checkOutputFile(out, ['.tsv', '.jsonl'], force);
  if (texts && path.extname(out) === '.tsv') throw configurationError('--texts: CodiEsp-X lines have no column for words; write a .jsonl file');
  if (mentions !== undefined && detect) throw configurationError('--mentions and --detect: give one of them');
  for (const [name, value] of Object.entries({ top, beams, 'max-new-tokens': maxNewTokens })) {
    if (!Number.isSafeInteger(value) || value < 1) throw configurationError(`--${name} ${value}: expected a whole number from 1`);
  }
  if (new Set(generator).size < generator.length) throw configurationError('--generator: the same checkpoint twice');
}

/** Once, or once for each generator; the first one's candidates are written. */
async function linkByEach(args: LinkArgs, context: CommandContext): Promise<LinkResult[]> {
  const request = await requestOf(args, context);
  try {
    if (!args.generator.length) return [await linkStore(request)];
    const results: LinkResult[] = [];
    for (const name of args.generator) {
      const generator = await openGenerator(name);
      const { prompt, beams, maxNewTokens } = args;
      try {
        results.push(await linkStore({ ...request, describe: describeBy(generator, { prompt, beams, maxNewTokens, log: context.log, signal: context.signal }) }));
      } finally {
        await generator.dispose();
      }
    }
    return results;
  } finally {
    request.encoder?.embedder.dispose();
  }
}

async function requestOf(args: LinkArgs, { device: name, log, signal }: CommandContext): Promise<LinkRequest> {
  const { store, split, train, kind, translateWith, mentions, detect, top } = args;
  const device = await openDevice(name, log);
  const encoder = args.encoder === undefined ? undefined : await openEncoder({ ...args, encoder: args.encoder }, { device, log });
  return {
    ...{ store, split, train, kinds: kind, translateWith, encoder, device, top, log, signal },
    titles: titleFiles(args.titles),
    steps: args.steps === undefined ? undefined : parseSteps(args.steps),
    mentions: mentions !== undefined ? { from: 'file', file: mentions } : { from: detect ? 'dictionary' : 'evidence' },
  };
}

/** Titles and mentions are short. */
const MAX_TOKENS = 512;

async function openEncoder({ encoder, pooling }: { encoder: string; pooling: Pooling }, { device, log }: Pick<LinkRequest, 'device' | 'log'>): Promise<SentenceEncoder> {
  const embedder = await openEmbedder({ encoder, device, overlap: 0, maxTokens: MAX_TOKENS, log });
  return { embedder, pooling, identity: await encoderIdentity(encoder, log), cacheDir: path.join(cacheDirectory(), 'title-vectors') };
}

function titleFiles(given: readonly string[]): Partial<Record<CodeKind, string>> {
  return Object.fromEntries(
    given.map((text) => {
      const [, kind, file] = /^(?:(dx|px|rx)=)?(.+)$/.exec(text) ?? [];
      if (!file || !fs.existsSync(file)) throw configurationError(`--titles ${text}: no such file; expected FILE or KIND=FILE with ${codeKinds.join(', ')}`);
      return [kind ?? 'dx', file];
    }),
  );
}

function parseSteps(text: string): LinkingStep[] {
  const names = text.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !(linkingSteps as readonly string[]).includes(name));
  if (wrong !== undefined) throw configurationError(`--steps ${wrong}: no such step; expected some of ${linkingSteps.join(', ')}, separated by commas`);
  return names as LinkingStep[];
}
