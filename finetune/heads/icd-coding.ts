/** The heads of ICD coding by name (docs/heads.md). */
import { configurationError } from '../../src/core/errors.js';
import type { FinetuneConfig } from '../config.js';
import { caml } from './caml.js';
import { cls } from './cls.js';
import type { CodeHeadOptions, Head } from './head.js';
import { labelAttentionHead } from './label-attention.js';
import { checkSources, labelSources } from './label-embeddings.js';
import { laat, plmIcd } from './laat.js';
import { perIcd } from './per-icd.js';
import { plmCa } from './plm-ca.js';
import { textHead, type TokenReader } from './text-head.js';
import { visitMlpHead } from './visit-mlp.js';

/** Published heads, which read nothing but the note. */
const readers: Partial<Record<FinetuneConfig['head']['kind'], TokenReader>> = { 'per-icd': perIcd, caml, laat, 'plm-icd': plmIcd, 'plm-ca': plmCa, cls };

export const readsNoteOnly = (kind: FinetuneConfig['head']['kind']): boolean => kind in readers;

/** @throws configuration error for inputs or label embeddings that the head cannot have */
export function icdCodingHead(options: CodeHeadOptions): Head {
  const { config, inputs, labels } = options;
  const { kind } = config;
  if (kind === 'mlp') {
    if (labels.learnt) throw configurationError('finetune.labels.extra: the perceptron of finetune.head.kind mlp cannot score codes never seen in training; choose another head');
    return visitMlpHead(options);
  }
  checkSources(labelSources(config), labels, inputs);
  const reader = readers[kind];
  if (!reader) return labelAttentionHead(options);
  if (inputs.join() !== 'text') throw configurationError(`finetune.inputs: the head ${kind} reads the note only, got ${inputs.join(' + ')}; set finetune.inputs: [text], or finetune.head.kind: label-attention`);
  return textHead(reader, options);
}
