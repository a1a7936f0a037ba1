/** JSON files of a checkpoint. */
import fs from 'node:fs';
import { checkpointError } from '../core/errors.js';

/** @throws checkpoint error when the file cannot be read or is no JSON */
export function readJsonFile(file: string): unknown {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (cause) {
    throw checkpointError(`${file}: cannot be read as JSON; was it downloaded completely?`, cause);
  }
}
