/** The masked-language head that a checkpoint was pre-trained with, where it kept it; its decoder is the word embeddings. */
import { checkpointError } from '../core/errors.js';
import type { SafetensorsFile } from '../core/safetensors.js';
import { readArchitecture, type EncoderArchitecture } from './architecture.js';
import { modernName } from './tensor-names.js';
import { openWeights } from './weight-files.js';

const NAMES: Record<EncoderArchitecture['family'], readonly string[]> = {
  bert: ['transform.dense.weight', 'transform.dense.bias', 'transform.LayerNorm.weight', 'transform.LayerNorm.bias', 'bias'].map((name) => `cls.predictions.${name}`),
  roberta: ['dense.weight', 'dense.bias', 'layer_norm.weight', 'layer_norm.bias', 'bias'].map((name) => `lm_head.${name}`),
};

/**
 * Opens the head of BertForMaskedLM, BertForPreTraining or RobertaForMaskedLM by its names there; its weights are still on disk.
 * @returns undefined when the checkpoint has none, or only part of one
 */
export function openMaskedLanguageHead(dir: string): SafetensorsFile | undefined {
  const names = NAMES[readArchitecture(dir).family];
  const weights = openWeights(dir);
  const stored = new Map(weights.names.map((name) => [modernName(name), name]));
  if (!names.every((name) => stored.has(name))) return undefined;
  const nameInFile = (name: string): string | undefined => (names.includes(name) ? stored.get(name) : undefined);
  return {
    file: weights.file,
    names,
    describe: (name) => weights.describe(nameInFile(name) ?? ''),
    read(name) {
      const inFile = nameInFile(name);
      if (inFile === undefined) throw checkpointError(`${weights.file}: the masked-language head has no tensor ${name}`);
      return weights.read(inFile);
    },
  };
}
