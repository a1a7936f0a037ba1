/** The safetensors files of a checkpoint: one, or several with an index that says which tensor is in which. */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { checkpointError } from '../core/errors.js';
import { openSafetensors, type SafetensorsFile } from '../core/safetensors.js';
import { withoutSafetensors } from './conversion.js';
import { readJsonFile } from './json-file.js';

export const WEIGHTS = 'model.safetensors';
export const WEIGHTS_INDEX = 'model.safetensors.index.json';

/** A shard is a file beside its index: a name with a folder in it could lead anywhere. */
const indexSchema = z.object({ weight_map: z.record(z.string(), z.string().regex(/^[^/\\]+\.safetensors$/, 'is not the name of a safetensors file beside the index')) });

/** Tensor → file. @throws checkpoint error when the index is damaged */
export function readShardIndex(file: string): Record<string, string> {
  const parsed = indexSchema.safeParse(readJsonFile(file));
  if (!parsed.success) throw checkpointError(`${file}: ${parsed.error.issues[0]!.path.join('.')} ${parsed.error.issues[0]!.message}`);
  return parsed.data.weight_map;
}

/**
 * Opens a folder's weights; nothing but headers is read.
 * @throws checkpoint error when a shard is missing or lacks a tensor that the index puts there, or when there are only weights in
 * another format (the message says how to convert them)
 */
export function openWeights(dir: string): SafetensorsFile {
  const single = path.join(dir, WEIGHTS);
  if (fs.existsSync(single)) return openSafetensors(single);
  const index = path.join(dir, WEIGHTS_INDEX);
  if (fs.existsSync(index)) return openShards(dir, index);
  throw withoutSafetensors(dir);
}

function openShards(dir: string, index: string): SafetensorsFile {
  const shardOf = new Map(Object.entries(readShardIndex(index)));
  const shardNames = [...new Set(shardOf.values())];
  const missing = shardNames.filter((name) => !fs.existsSync(path.join(dir, name)));
  if (missing.length) throw checkpointError(`${dir}: ${missing.length} of ${shardNames.length} shards missing (${missing.join(', ')}); download them from where ${path.basename(index)} came from`);
  const shards = new Map(shardNames.map((name) => [name, openSafetensors(path.join(dir, name))]));
  for (const [name, shard] of shardOf) {
    if (!shards.get(shard)!.describe(name)) throw checkpointError(`${path.join(dir, shard)}: lacks tensor ${name}, which ${path.basename(index)} says is there; download both again`);
  }
  const find = (name: string): SafetensorsFile | undefined => shards.get(shardOf.get(name) ?? '');
  return {
    file: index,
    names: [...shardOf.keys()],
    describe: (name) => find(name)?.describe(name),
    read(name) {
      const shard = find(name);
      if (!shard) throw checkpointError(`${index}: puts tensor ${name} in no shard`);
      return shard.read(name);
    },
  };
}
