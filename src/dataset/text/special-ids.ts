/** Which ids of a tokenizer are padding, unknown, first, last and mask. */
import { z } from 'zod';
import { dataError } from '../../core/errors.js';
import type { SpecialIds } from './tokenizer.js';
import type { TokenizerFile } from './tokenizer-file.js';

export type SpecialRole = keyof SpecialIds;
export const specialRoles = ['pad', 'unk', 'cls', 'sep', 'mask'] as const satisfies readonly SpecialRole[];

/** Names by which a role goes, BERT's first, RoBERTa's second. */
const usualNames: Record<SpecialRole, readonly [string, string]> = {
  pad: ['[PAD]', '<pad>'],
  unk: ['[UNK]', '<unk>'],
  cls: ['[CLS]', '<s>'],
  sep: ['[SEP]', '</s>'],
  mask: ['[MASK]', '<mask>'],
};

const templateSchema = z.object({
  type: z.literal('TemplateProcessing'),
  single: z.array(z.record(z.string(), z.object({ id: z.string() }))),
  special_tokens: z.record(z.string(), z.object({ ids: z.array(z.int().nonnegative()).min(1) })),
});
const pairSchema = z.object({
  type: z.enum(['BertProcessing', 'RobertaProcessing']),
  cls: z.tuple([z.string(), z.int().nonnegative()]),
  sep: z.tuple([z.string(), z.int().nonnegative()]),
});
const sequenceSchema = z.object({ type: z.literal('Sequence'), processors: z.array(z.unknown()) });

/** What a template puts before and after a text, and what it calls by BERT's names (see `nameSpecialIds`). */
function fromTemplate({ single, special_tokens }: z.output<typeof templateSchema>): Partial<SpecialIds> {
  const idOf = (name: string | undefined): number | undefined => (name === undefined ? undefined : special_tokens[name]?.ids[0]);
  const text = single.findIndex((item) => item.Sequence);
  const named = Object.fromEntries(specialRoles.map((role) => [role, idOf(usualNames[role][0])]));
  return { ...named, cls: idOf(single.slice(0, text)[0]?.SpecialToken?.id), sep: idOf(single.slice(text + 1).at(-1)?.SpecialToken?.id) };
}

function fromPostProcessor(processor: unknown): Partial<SpecialIds> {
  const template = templateSchema.safeParse(processor);
  if (template.success) return fromTemplate(template.data);
  const pair = pairSchema.safeParse(processor);
  if (pair.success) return { cls: pair.data.cls[1], sep: pair.data.sep[1] };
  const sequence = sequenceSchema.safeParse(processor);
  return sequence.success ? firstOfEach(sequence.data.processors.map(fromPostProcessor)) : {};
}

/** For each role the first answer. */
export const firstOfEach = (answers: readonly Partial<SpecialIds>[]): Partial<SpecialIds> =>
  Object.fromEntries(specialRoles.map((role) => [role, answers.map((answer) => answer[role]).find((id) => id !== undefined)]));

/** What the model gives for a piece that it does not have; byte-level models have every piece. */
export const unknownOf = ({ model }: TokenizerFile, vocabulary: ReadonlyMap<string, number>): number | undefined => model.unk_id ?? vocabulary.get(model.unk_token ?? '');

/** What a tokenizer.json says by itself: its post-processor, its model, its padding, then the usual names. */
export function specialIdsOf(file: TokenizerFile, vocabulary: ReadonlyMap<string, number>): Partial<SpecialIds> {
  const usual = Object.fromEntries(specialRoles.map((role) => [role, usualNames[role].map((name) => vocabulary.get(name)).find((id) => id !== undefined)]));
  const pad = vocabulary.get(file.padding?.pad_token ?? '');
  return firstOfEach([{ unk: unknownOf(file, vocabulary) }, fromPostProcessor(file.post_processor), { pad }, usual]);
}

/** @throws data error that names the tokens which were not found */
export function completeSpecialIds(found: Partial<SpecialIds>, where: string): SpecialIds {
  const missing = specialRoles.filter((role) => found[role] === undefined);
  if (!missing.length) return found as SpecialIds;
  const names = missing.map((role) => usualNames[role].join(' or '));
  throw dataError(`${where}: the vocabulary lacks ${names.join(', ')}; a text encoder needs them: add them with Python's tokenizers, or name them in tokenizer_config.json beside it (${missing.map((role) => `${role}_token`).join(', ')})`);
}

/**
 * A post-processor that names special ids as BERT does, for a checkpoint that names them in other files than tokenizer.json, where
 * nothing but a template may hold such names. Ids of a text stay as they are.
 */
export function nameSpecialIds(special: SpecialIds, vocabulary: ReadonlyMap<string, number>): object {
  const pieces = new Map(Array.from(vocabulary, ([piece, id]) => [id, piece]));
  const entry = (id: string, role: SpecialRole) => [id, { id, ids: [special[role]], tokens: [pieces.get(special[role]) ?? id] }] as const;
  return bertTemplate(Object.fromEntries(specialRoles.map((role) => entry(usualNames[role][0], role))));
}

/** `[CLS] A [SEP]` and `[CLS] A [SEP] B [SEP]`. @param special_tokens what the names stand for; must hold the two */
export function bertTemplate(special_tokens: Record<string, unknown>, cls = '[CLS]', sep = '[SEP]'): object {
  const text = (id: string, type_id: number) => ({ Sequence: { id, type_id } });
  const special = (id: string, type_id: number) => ({ SpecialToken: { id, type_id } });
  const single = [special(cls, 0), text('A', 0), special(sep, 0)];
  return { type: 'TemplateProcessing', single, pair: [...single, text('B', 1), special(sep, 1)], special_tokens };
}
