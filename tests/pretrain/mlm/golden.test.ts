/** The whole of masked-language modelling's forward pass against Python's transformers: encoder, head and tied decoder. */
import fs from 'node:fs';
import { expect, it } from 'vitest';
import { maskedLanguageLogits, type MaskedLanguageModel } from '../../../pretrain/mlm/objective.js';
import { silentLogger } from '../../../src/core/log.js';
import { packageFile } from '../../../src/core/paths.js';
import { unflattenTree } from '../../../src/core/tree.js';
import { modelSchema } from '../../../src/encoders/config.js';
import { openDevice } from '../../../src/engine/index.js';
import { openMaskedLanguageHead } from '../../../src/huggingface/language-head.js';
import { loadTextEncoder } from '../../../src/huggingface/load.js';
import { noDropout } from '../../../src/nn/dropout.js';
import { checkpoint } from '../../huggingface/fixtures.js';
import { expectAllClose } from '../../support/all-close.js';

interface Golden {
  ids: number[][];
  mask: number[][];
  places: number[];
  logits: Record<string, number[][]>;
}

/** Made by tests/fixtures/mlm/make.py. */
const golden = JSON.parse(fs.readFileSync(packageFile('tests', 'fixtures', 'mlm', 'logits.json'), 'utf8')) as Golden;

it.each(['legacy', 'xlm-roberta'] as const)('%s gives the logits that Python gives', async (name) => {
  const { architecture, tensors } = loadTextEncoder(checkpoint(name));
  const head = openMaskedLanguageHead(checkpoint(name))!;
  const config = modelSchema.parse({ text: { ...architecture, window: 7, max_tokens: 14 } }).text;
  const parameters = [...Object.entries(tensors).map(([path, tensor]) => [`bert.${path}`, tensor] as const), ...head.names.map((path) => [path, head.read(path)] as const)];
  const device = await openDevice('cpu', silentLogger());
  const program = await device.compile(
    (inputs) => ({ logits: maskedLanguageLogits(unflattenTree(parameters.map(([path]) => [path, inputs[path]!] as const)) as unknown as MaskedLanguageModel, inputs, config, noDropout) }),
    [
      { name: 'text.ids', shape: [1, 2, 7], dtype: 'int32' },
      { name: 'text.mask', shape: [1, 2, 7], dtype: 'bool' },
      { name: 'masked.positions', shape: [golden.places.length], dtype: 'int32' },
      ...parameters.map(([path, { shape }]) => ({ name: path, shape: [...shape], dtype: 'float32' as const })),
    ],
  );
  const batch = { 'text.ids': Int32Array.from(golden.ids.flat()), 'text.mask': Uint8Array.from(golden.mask.flat()), 'masked.positions': Int32Array.from(golden.places) };
  const call = program.bind({ ...batch, ...Object.fromEntries(parameters.map(([path, { data }]) => [path, data])) });
  await call.run();
  expectAllClose(call.outputs['logits']!, golden.logits[name]!.flat(), { rtol: 1e-5, atol: 2e-6, label: name });
  expect(golden.logits[name]![0]).toHaveLength(architecture.vocabulary_size);
});
