/** Descriptions of mentions written by a sequence-to-sequence checkpoint. */
import { configurationError } from '../../core/errors.js';
import type { Logger } from '../../core/log.js';
import { createProgress } from '../../core/progress.js';
import type { Mention } from '../mention.js';
import type { Describe } from '../pli.js';
import type { GenerateOptions, Generator } from './seq2seq.js';

/** The paper's wording was not at hand; the mention alone supposes least of a checkpoint. */
export const DEFAULT_PROMPT = '{mention}';

/** Texts that are generated together, the short with the short. */
const TOGETHER = 16;

export interface DescriptionOptions extends GenerateOptions {
  /** `{mention}` and `{sentence}` stand for the mention and the sentence around it. */
  prompt: string;
  log: Logger;
  /** Aborted: no further mentions are described. */
  signal?: AbortSignal;
}

/** @throws configuration error when the prompt does not say where the mention goes */
export function describeBy(generator: Generator, { prompt, log, signal, ...options }: DescriptionOptions): Describe {
  if (!prompt.includes('{mention}')) throw configurationError(`--prompt: expected {mention} in it, which stands for the mention ({sentence} for the sentence around it)`);
  const known = new Map<string, string[]>();
  return async (mentions) => {
    const prompts = mentions.map((mention) => promptFor(mention, prompt));
    await generateMissing(generator, [...new Set(prompts)].filter((text) => !known.has(text)), { known, options, log, signal });
    return prompts.map((text) => known.get(text)!);
  };
}

const promptFor = ({ text, sentence }: Mention, prompt: string): string => prompt.replaceAll('{sentence}', () => sentence ?? text).replaceAll('{mention}', () => text);

interface Missing {
  known: Map<string, string[]>;
  options: GenerateOptions;
  log: Logger;
  signal?: AbortSignal;
}

async function generateMissing(generator: Generator, prompts: readonly string[], { known, options, log, signal }: Missing): Promise<void> {
  const sorted = [...prompts].sort((a, b) => a.length - b.length);
  const progress = createProgress({ label: 'generating', total: sorted.length, unit: 'mentions', log });
  for (let first = 0; first < sorted.length; first += TOGETHER) {
    signal?.throwIfAborted();
    const group = sorted.slice(first, first + TOGETHER);
    const generated = await generator.generate(group, options);
    group.forEach((text, i) => known.set(text, generated[i]!.map((one) => one.text)));
    progress.update(first + group.length);
  }
  progress.finish();
}
