/** The text encoder of a run as a folder that Python's transformers loads. */
import path from 'node:path';
import { writeArtifact } from '../core/artifact.js';
import { configurationError } from '../core/errors.js';
import { openSafetensors } from '../core/safetensors.js';
import { saveTextEncoder } from '../huggingface/save.js';
import { openRun } from './run-files.js';

export interface ExportTextEncoderOptions {
  /** A run of `mlm`, `pretrain` or `finetune`. */
  run: string;
  out: string;
  force: boolean;
}

const PREFIX = 'bert.';

/** @throws data error when `run` is no finished run; configuration error when its text encoder is no Transformer, or `out` holds something else */
export async function exportTextEncoder({ run, out, force }: ExportTextEncoderOptions): Promise<{ done: boolean }> {
  const { model: { text }, weights, manifest } = openRun(run, 'mlm', 'pretrain', 'finetune');
  if (text.encoder !== 'transformer') throw configurationError(`${run}: its text encoder is ${text.encoder} (model.text.encoder), for which Hugging Face's format has no place; \`medweave embed --encoder ${run}\` gives its vectors`);
  const request = { command: 'export', out, config: { what: 'text-encoder' }, inputs: [run], force };
  const { done } = await writeArtifact(request, async (dir) => {
    const stored = openSafetensors(weights);
    const names = stored.names.filter((name) => name.startsWith(PREFIX));
    const tensors = Object.fromEntries(names.map((name) => [name.slice(PREFIX.length), stored.read(name)]));
    const rowsOf = (table: string): number => tensors[`embeddings.${table}.weight`]!.shape[0]!;
    const { family, width, layers, heads, feed_forward, activation, norm_epsilon, position_offset } = text;
    const architecture = {
      family, width, layers, heads, feed_forward, activation, norm_epsilon, position_offset,
      positions: rowsOf('position_embeddings'), token_types: rowsOf('token_type_embeddings'), vocabulary_size: rowsOf('word_embeddings'),
    };
    saveTextEncoder(dir, { architecture, tensors, tokenizerFile: path.join(run, 'tokenizer.json') });
    return { split_id: manifest.split_id };
  });
  return { done };
}
