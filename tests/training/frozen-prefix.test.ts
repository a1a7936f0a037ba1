import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.js';
import { silentLogger } from '../../src/core/log.js';
import { raggedFrom, type Dataset } from '../../src/dataset/index.js';
import { visitTensors, type ChunkedRows, type VisitRows } from '../../src/encoders/visit-batch.js';
import { encodeVisit, initVisitEncoder, type ModelSpec, type VisitEncoder } from '../../src/encoders/visit.js';
import { openDevice, type Device } from '../../src/engine/index.js';
import { noDropout } from '../../src/nn/dropout.js';
import { openCachedPrefix } from '../../src/training/cached-prefix.js';
import type { FlatParameters } from '../../src/training/checkpoint.js';
import { initialValues, layOut } from '../../src/training/flat-parameters.js';
import { createForward } from '../../src/training/forward.js';
import { createFrozenPrefix } from '../../src/training/frozen-prefix.js';
import { splitFrozen } from '../../src/training/stage-parameters.js';
import { expectAllClose } from '../support/all-close.js';
import { tinySpec, tinyVisits } from '../encoders/tiny-model.js';

const spec: ModelSpec = { ...tinySpec(), config: { ...tinySpec().config, text: { ...tinySpec().config.text, layers: 3 } } };
const { text } = spec.config;
const inits = (seed = 5) => initVisitEncoder(createRng(seed), spec);

let device: Device;
let directory: string;
beforeEach(async () => {
  device = await openDevice('cpu', silentLogger());
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-prefix-'));
});
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

const textVector = async (parameters: FlatParameters[], rows: VisitRows): Promise<Float32Array> => {
  const forward = createForward<VisitEncoder>({
    name: 'test', device, parameters,
    fn: (p, inputs) => ({ visit: encodeVisit(p, inputs, spec, { inputs: ['text', 'dx'], dropout: { text: noDropout, codes: noDropout } }).text!.visit }),
  });
  const outputs = await forward.run(visitTensors(rows, ['text', 'dx']));
  forward.dispose();
  return outputs['visit']! as Float32Array;
};

const flat = (tree: Parameters<typeof layOut>[0]): FlatParameters => {
  const layout = layOut(tree);
  return { layout, values: initialValues(layout, tree) };
};

/** As `openCachedPrefix` sees a data set. */
const dataset = { tokens: raggedFrom([[5, 6, 7], []]), tokenizer: { vocabulary: new Map([['[PAD]', 0], ['a', 1]]), special: { pad: 0, unk: 1, cls: 1, sep: 1, mask: 1 } } } as unknown as Dataset;

interface Opened {
  precision?: 'float16' | 'float32';
  seed?: number;
  freeze?: number;
  warn?: (message: string) => void;
}

function open({ precision = 'float32', seed, freeze = 2, warn = () => undefined }: Opened = {}) {
  const { frozen } = splitFrozen(inits(seed), freeze);
  const log = Object.assign(silentLogger(), { warn });
  return openCachedPrefix({ device, dataset, model: spec.config, frozen: frozen!, freeze, cache: { enabled: true, directory, precision }, log });
}

const encode = async (options: Opened, rows: ChunkedRows = tinyVisits().text): Promise<Float32Array> => {
  const prefix = open(options);
  const { hidden } = await prefix.encode(rows);
  prefix.dispose();
  return hidden!;
};

describe('the frozen prefix', () => {
  it.each([0, 1, 3])('with %i frozen layers, prefix and trained layers are the whole model', async (freeze) => {
    const rows = tinyVisits();
    const whole = await textVector([flat(inits())], rows);
    const { trained, frozen } = splitFrozen(inits(), freeze);
    expect(frozen!.layout.specs.some(({ name }) => name.startsWith('bert.encoder.layer.0.'))).toBe(freeze > 0);
    expect(frozen!.layout.specs.every(({ name }) => name.startsWith('bert.embeddings.') || Number(/layer\.(\d)/.exec(name)![1]) < freeze)).toBe(true);
    const prefix = createFrozenPrefix({ device, config: text, frozen: frozen! });
    const parts = await textVector([flat(trained)], { ...rows, text: await prefix.encode(rows.text) });
    prefix.dispose();
    expectAllClose(parts, whole, { rtol: 1e-5, atol: 1e-6, label: 'visit vector' });
  });

  it('gives 0 on padding', async () => {
    const { mask } = tinyVisits().text;
    const hidden = await encode({});
    mask.forEach((there, i) => expect(hidden.subarray(i * text.width, (i + 1) * text.width).some((x) => x !== 0)).toBe(there === 1));
  });

  it('from a float32 cache gives exactly what it gives without; from a float16 cache, to half precision', async () => {
    const { frozen } = splitFrozen(inits(), 2);
    const prefix = createFrozenPrefix({ device, config: text, frozen: frozen! });
    const { hidden } = await prefix.encode(tinyVisits().text);
    prefix.dispose();
    expect(await encode({ precision: 'float32' })).toEqual(hidden);
    expect(await encode({ precision: 'float32' })).toEqual(hidden);
    const half = await encode({ precision: 'float16' });
    expect(await encode({ precision: 'float16' })).toEqual(half);
    expectAllClose(half, hidden!, { rtol: 2 ** -11, atol: 1e-7, label: 'hidden' });
  });
});

describe('the cache of the frozen prefix', () => {
  const files = (): string[] => fs.readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.segment')).sort();

  it('is read the second time: what lies there is what training gets', async () => {
    const first = await encode({});
    const [file] = files();
    expect(files()).toHaveLength(1);
    const size = fs.statSync(path.join(directory, file!)).size;
    expect(await encode({})).toEqual(first);
    expect(files()).toEqual([file]);
    expect(fs.statSync(path.join(directory, file!)).size).toBe(size);
  });

  it.each<[string, Opened]>([['other weights', { seed: 6 }], ['another number of frozen layers', { freeze: 1 }], ['another precision', { precision: 'float16' }]])('is not used for %s', async (_, changed) => {
    const before = await encode({});
    const after = await encode(changed);
    expect(fs.readdirSync(directory).filter((name) => fs.statSync(path.join(directory, name)).isDirectory())).toHaveLength(2);
    expect(after).not.toEqual(before);
  });

  it('knows a note that fills its window whatever notes stand beside it', async () => {
    const [notes, width] = [3, 7];
    const full = (order: readonly number[]): ChunkedRows => ({
      chunks: 1,
      width,
      ids: Int32Array.from(order.flatMap((note) => Array.from({ length: width }, (_, i) => (note * width + i) % 29))),
      mask: new Uint8Array(notes * width).fill(1),
      present: new Uint8Array(notes).fill(1),
    });
    const size = width * text.width;
    const hidden = await encode({}, full([0, 1, 2]));
    const [file] = files();
    const bytes = fs.statSync(path.join(directory, file!)).size;
    const turned = await encode({}, full([2, 0, 1]));
    [2, 0, 1].forEach((note, place) => expect(turned.subarray(place * size, (place + 1) * size)).toEqual(hidden.subarray(note * size, (note + 1) * size)));
    expect(fs.statSync(path.join(directory, file!)).size).toBe(bytes);
    expect(files()).toEqual([file]);
  });

  it('is not used for another text', async () => {
    await encode({});
    const rows = tinyVisits().text;
    rows.ids[3] = (rows.ids[3]! + 1) % 29;
    const fresh = createFrozenPrefix({ device, config: text, frozen: splitFrozen(inits(), 2).frozen! });
    const { hidden } = await fresh.encode(rows);
    fresh.dispose();
    expect(await encode({}, rows)).toEqual(hidden);
  });

  it('computes again what is damaged, and says so', async () => {
    const before = await encode({});
    const file = path.join(directory, files()[0]!);
    const bytes = fs.readFileSync(file);
    for (let at = 60; at < bytes.length; at += 97) bytes[at]! ^= 0x40;
    fs.writeFileSync(file, bytes);
    const warnings: string[] = [];
    expect(await encode({ warn: (message) => warnings.push(message) })).toEqual(before);
    expect(warnings.join()).toMatch(/damaged at byte \d+/);
    const sizes = () => files().map((name) => fs.statSync(path.join(directory, name)).size);
    const mended = sizes();
    expect(await encode({})).toEqual(before);
    expect(sizes()).toEqual(mended);
  });
});
