/** Links the mentions of a store's split, kind by kind, with what its training splits, titles, a translation, an encoder and a generator give. */
import { configurationError, dataError } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import type { CodeKind } from '../dataset/index.js';
import type { Device } from '../engine/index.js';
import { codeSystem, loadTitles } from '../../ontologies/index.js';
import { accuracyByGroup, type AccuracyByGroup } from './accuracy.js';
import { createDictionary, dictionarySource, type Dictionary } from './dictionary.js';
import type { SentenceEncoder } from './embedding.js';
import { fuzzySource } from './fuzzy.js';
import { link } from './linker.js';
import { linkingSteps, type CandidateSource, type LinkingStep, type Mention } from './mention.js';
import { readMentions } from './mentions-file.js';
import type { LinkedMention } from './output.js';
import { learnFromStores, withTitlePairs } from './parallel-notes.js';
import { describeAsWritten, pliSource, type Describe } from './pli.js';
import { pliiSource } from './plii.js';
import { scanNotes } from './scan.js';
import { readStore, readStoreTitles, type SourceSplit, type StoreText } from './store-mentions.js';
import { titlesSource } from './titles-source.js';
import type { Translations } from './translation.js';

export interface LinkRequest {
  store: string;
  split: SourceSplit;
  train: readonly SourceSplit[];
  /** Default: those that training mentions have. */
  kinds?: readonly CodeKind[];
  /** Where mentions come from: the store's evidence, a file, or the training dictionary found in the notes. */
  mentions: { from: 'evidence' } | { from: 'file'; file: string } | { from: 'dictionary' };
  /** Tables of titles; without one, the store's own titles. */
  titles: Partial<Record<CodeKind, string>>;
  /** A store of the same notes in the titles' language. Training and background notes of both are read. */
  translateWith?: string;
  encoder?: SentenceEncoder;
  device: Device;
  /** Writes descriptions for PLI and PLII; without one the mentions themselves are compared. */
  describe?: Describe;
  /** Default: all that the rest of the request makes possible. */
  steps?: readonly LinkingStep[];
  /** Most candidates of a mention. */
  top: number;
  log: Logger;
  /** Aborted: `linkStore` throws before its next step. */
  signal?: AbortSignal;
}

export interface LinkResult {
  linked: LinkedMention[];
  /** Of the kinds whose mentions come with their codes. */
  accuracy: Partial<Record<CodeKind, AccuracyByGroup>>;
  steps: Partial<Record<CodeKind, LinkingStep[]>>;
}

const DEFAULT_SYSTEMS: Record<CodeKind, string> = { dx: 'icd10cm', px: 'icd10pcs', rx: 'atc' };

/** @throws configuration error when a step lacks what it needs, or a split is trained on and linked; data error when there is nothing to link or to learn from */
export async function linkStore(request: LinkRequest): Promise<LinkResult> {
  const { store, split, train } = request;
  if (train.includes(split)) throw configurationError(`--train ${train.join(' ')}: holds the split that is linked (${split}); its mentions would be found in themselves`);
  const training = await readStore(store, train);
  const target = await readStore(store, [split]);
  const kinds = request.kinds ?? [...training.systems.keys()];
  if (!kinds.length) throw dataError(`${store}: no evidence of the split ${train.join(', ')} to learn from; give --kind to link by titles alone`);
  const general = request.translateWith === undefined ? undefined : await learnFromStores({ ...request, translated: request.translateWith, splits: [...train, 'background'] });
  const resources: KindResources[] = [];
  for (const kind of [...kinds].sort()) resources.push(await resourcesOf(kind, request, { training, general }));
  refuseIdleSteps(request, resources);
  const result: LinkResult = { linked: [], accuracy: {}, steps: {} };
  for (const one of resources) {
    request.signal?.throwIfAborted();
    await linkKind(one, request, { target, result });
  }
  if (!result.linked.length) throw dataError(`${store}: no mentions in the split ${split}; give --mentions FILE, or --detect to look for the training mentions' words`);
  return result;
}

async function linkKind(resources: KindResources, request: LinkRequest, { target, result }: { target: StoreText; result: LinkResult }): Promise<void> {
  const { kind, dictionary, titles } = resources;
  const mentions = mentionsOf(kind, request, { target, dictionary });
  const sources = sourcesOf(request, resources);
  request.log.info({ kind, mentions: mentions.length, training_surfaces: dictionary.surfaces.size, titles: titles.size, steps: sources.map(({ step }) => step) }, 'linking');
  const candidates = await link(mentions, sources, request.top);
  result.linked.push(...mentions.map((mention, i) => ({ mention, candidates: candidates[i]! })));
  result.steps[kind] = sources.map(({ step }) => step);
  if (mentions.some(({ code }) => code !== undefined)) result.accuracy[kind] = accuracyByGroup(mentions, candidates, dictionary);
}

interface KindResources {
  kind: CodeKind;
  dictionary: Dictionary;
  /** Code → title; empty where there are none. */
  titles: ReadonlyMap<string, string>;
  translations?: Translations;
}

async function resourcesOf(kind: CodeKind, { store, titles: files }: LinkRequest, { training, general }: { training: StoreText; general?: Translations }): Promise<KindResources> {
  const coded = training.mentions.filter((mention) => mention.kind === kind).map(({ text, code }) => ({ text, code: code! }));
  const system = training.systems.get(kind) ?? DEFAULT_SYSTEMS[kind];
  const titles = files[kind] === undefined ? await readStoreTitles(store, system) : await loadTitles(files[kind], codeSystem(system));
  const dictionary = createDictionary(coded);
  const pairs = [...dictionary.surfaces.values()].flatMap(({ text, codes: [first] }) => (titles.has(first!.code) ? [{ source: text, target: titles.get(first!.code)! }] : []));
  return { kind, dictionary, titles, translations: general && withTitlePairs(general, pairs) };
}

function mentionsOf(kind: CodeKind, { mentions }: LinkRequest, { target, dictionary }: { target: StoreText; dictionary: Dictionary }): Mention[] {
  if (mentions.from === 'dictionary') return scanNotes(target.notes, dictionary, kind);
  const all = mentions.from === 'evidence' ? target.mentions : readMentions(mentions.file, { notes: target.notes, kind });
  return all.filter((mention) => mention.kind === kind);
}

/** What each step lacks that cannot be taken for this kind. */
const lacking = ({ encoder }: LinkRequest, { dictionary, titles }: KindResources): Partial<Record<LinkingStep, string>> => ({
  ...(dictionary.surfaces.size ? {} : { dictionary: 'training mentions', fuzzy: 'training mentions' }),
  ...(encoder ? {} : { plii: 'an encoder (--encoder)' }),
  ...(titles.size ? {} : { pli: 'titles (--titles)', titles: 'titles (--titles)', plii: 'titles (--titles)' }),
});

/** A step that is asked for has to be possible for one of the kinds at least. */
function refuseIdleSteps(request: LinkRequest, resources: readonly KindResources[]): void {
  for (const step of request.steps ?? []) {
    const reasons = resources.map((one) => lacking(request, one)[step]);
    if (reasons.every((reason) => reason !== undefined)) throw configurationError(`--steps ${step}: needs ${reasons[0]}; there are none for ${resources.map(({ kind }) => kind).join(', ')}`);
  }
}

function sourcesOf(request: LinkRequest, resources: KindResources): CandidateSource[] {
  const { encoder, describe = describeAsWritten, device, log, signal } = request;
  const { kind, dictionary, titles, translations } = resources;
  const lacks = lacking(request, resources);
  const possible = linkingSteps.filter((step) => (request.steps ?? linkingSteps).includes(step) && lacks[step] === undefined);
  if (!possible.length) throw configurationError(`${kind}: none of the steps is possible; it has neither training mentions nor titles (--titles)`);
  const create: Record<LinkingStep, () => CandidateSource> = {
    dictionary: () => dictionarySource(dictionary),
    pli: () => pliSource({ titles, frequency: dictionary.frequency }, describe),
    fuzzy: () => fuzzySource(dictionary),
    titles: () => titlesSource({ titles, translations, frequency: dictionary.frequency }),
    plii: () => pliiSource({ titles, encoder: encoder!, device, describe, log, signal }),
  };
  return possible.map((step) => create[step]());
}
