/** `medweave embed`: texts → vectors, by any text encoder. */
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { configurationError, dataError } from '../../core/errors.js';
import { noticesOfInputs, writeNotices } from '../../core/notices.js';
import { checkOutputFile } from '../../core/output-file.js';
import { createProgress } from '../../core/progress.js';
import { openEmbedder } from '../../embed/embedder.js';
import { pool, poolings, type Pooling } from '../../embed/pool.js';
import { openDevice } from '../../engine/index.js';
import { defineCommand } from '../command.js';
import { Interrupted } from '../interrupted.js';

interface EmbedArgs {
  encoder: string;
  input: string;
  out: string;
  pooling: Pooling | 'tokens';
  window?: number;
  overlap: number;
  maxTokens: number;
}

/** Texts that are encoded together, the short with the short. */
const TOGETHER = 64;

export default defineCommand<EmbedArgs>({
  usage: 'embed',
  describe: 'Write the vectors that a text encoder gives for texts',
  builder: (yargs) =>
    yargs
      .option('encoder', { type: 'string', demandOption: true, describe: 'Hugging Face checkpoint (folder or hub name), or a run directory' })
      .option('input', { type: 'string', demandOption: true, describe: '.txt with a text a line, or .jsonl with a field `text` (other fields are kept)' })
      .option('out', { type: 'string', demandOption: true, describe: '.jsonl file to write: `vector`, or with --pooling tokens `ids` and `vectors`' })
      .option('pooling', { choices: [...poolings, 'tokens'] as const, default: 'mean' as const, describe: 'mean over tokens, first token, BERT\'s pooler, or every token' })
      .option('window', { type: 'number', describe: 'longest chunk in tokens (default: what the encoder has positions for)' })
      .option('overlap', { type: 'number', default: 0, describe: 'tokens that a chunk shares with the one before' })
      .option('max-tokens', { type: 'number', default: 8192, describe: 'most tokens of a text that are read' })
      .example('$0 embed --encoder ENCODER --input texts.jsonl --out vectors.jsonl', '') as never,
  async run({ encoder, input, out, pooling, window, overlap, maxTokens }, { log, device: name, force, signal }) {
    checkOutputFile(out, ['.jsonl'], force);
    const records = await readTexts(input);
    const embedder = await openEmbedder({ encoder, device: await openDevice(name, log), window, overlap, maxTokens, log });
    const progress = createProgress({ label: 'embed', total: records.length, unit: 'texts', log });
    const temporary = `${out}.tmp-${process.pid}`;
    try {
      for (let first = 0; first < records.length; first += TOGETHER) {
        if (signal.aborted) throw new Interrupted('interrupted; nothing was written');
        const group = records.slice(first, first + TOGETHER);
        const encoded = await embedder.encode(group.map(({ text }) => text));
        fs.appendFileSync(temporary, group.map(({ fields }, i) => `${JSON.stringify({ ...fields, ...vectorsOf(encoded[i]!) })}\n`).join(''));
        progress.update(first + group.length);
      }
      fs.renameSync(temporary, out);
      writeNotices(out, noticesOfInputs([encoder, input]));
    } finally {
      fs.rmSync(temporary, { force: true });
      embedder.dispose();
    }
    progress.finish(`vectors of ${embedder.width} numbers`);
    return { text: `${records.length} texts, written: ${out}`, json: { out, texts: records.length, width: embedder.width } };

    function vectorsOf(encoded: { ids: Int32Array; hidden: Float32Array }) {
      if (pooling !== 'tokens') return { tokens: encoded.ids.length, vector: Array.from(pool(encoded, pooling, embedder)) };
      const vectors = Array.from(encoded.ids, (_, i) => Array.from(encoded.hidden.subarray(i * embedder.width, (i + 1) * embedder.width)));
      return { ids: Array.from(encoded.ids), vectors };
    }
  },
});

interface TextRecord {
  text: string;
  /** What else a line of .jsonl holds. */
  fields: Record<string, unknown>;
}

async function readTexts(file: string): Promise<TextRecord[]> {
  const extension = path.extname(file);
  if (extension !== '.txt' && extension !== '.jsonl') throw configurationError(`--input ${file}: expected a .txt or .jsonl file`);
  if (!fs.existsSync(file)) throw dataError(`${file}: no such file`);
  const records: TextRecord[] = [];
  let line = 0;
  for await (const content of readline.createInterface({ input: fs.createReadStream(file), crlfDelay: Infinity })) {
    line++;
    records.push(extension === '.txt' ? { text: content, fields: {} } : parseRecord(content, `${file}:${line}`));
  }
  if (!records.length) throw dataError(`${file}: holds no text`);
  return records;
}

function parseRecord(content: string, where: string): TextRecord {
  let record: unknown;
  try {
    record = JSON.parse(content);
  } catch (cause) {
    throw dataError(`${where}: not a JSON object`, cause);
  }
  const { text, ...fields } = (record ?? {}) as Record<string, unknown>;
  if (typeof text !== 'string') throw dataError(`${where}: has no field \`text\` with a string`);
  return { text, fields };
}
