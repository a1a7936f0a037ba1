/** Streams the notes of the placed visits: once to learn the word pieces (training visits only), once to encode all. */
import fs from 'node:fs';
import path from 'node:path';
import type { Logger } from '../core/log.js';
import { createProgress, type Progress } from '../core/progress.js';
import { queryNumber, sqlString, type DuckDBConnection, type Store } from '../records/store.js';
import type { PrepareConfig } from './config.js';
import { trainingVisits } from './fitted-on.js';
import { cleanNote } from './text/clean.js';
import { learnWordPiece } from './text/learn.js';
import { createTokenSpool, type TokenSpool } from './text/spool.js';
import { readTokenizer } from './text/read.js';
import type { TextTokenizer } from './text/tokenizer.js';
import { createWordSplitter } from './text/words.js';
import { tokenizerJson } from './text/write.js';

export interface NotesContext {
  connection: DuckDBConnection;
  store: Store;
  config: PrepareConfig;
  /** The content of a tokenizer.json to use; without it, one is learnt. */
  tokenizerJson?: string;
  /** The directory being written. */
  out: string;
  log: Logger;
  signal: AbortSignal;
}

/** Calls `visit` with some cleaned notes at a time, of all visits that meet the SQL condition, in no particular order. */
async function forEachNote({ connection, store, config, signal }: NotesContext, where: string, progress: Progress, visit: (rows: number[], texts: string[]) => Promise<void> | void): Promise<void> {
  const result = await connection.stream(`select p.ordinal, n.text from read_parquet(${sqlString(store.files.notes)}) n join placed p using (visit_id) where p.has_text and ${where}`);
  let done = 0;
  for await (const chunk of result) {
    signal.throwIfAborted();
    const rows = chunk.getColumnValues(0) as number[];
    const texts = chunk.getColumnValues(1) as string[];
    await visit(rows, texts.map((text) => cleanNote(text, config.text)));
    progress.update((done += rows.length));
  }
}

async function startProgress({ connection, log }: NotesContext, label: string, where: string): Promise<Progress> {
  const total = await queryNumber(connection, `select count(*) from placed where has_text and ${where}`);
  return createProgress({ label, total, unit: 'notes', log });
}

async function learnTokenizer(context: NotesContext): Promise<string> {
  const { tokenizer } = context.config;
  const counts = new Map<string, number>();
  const split = createWordSplitter(tokenizer);
  const progress = await startProgress(context, 'counting words', trainingVisits);
  const count = (text: string): void => split(text, (word) => counts.set(word, (counts.get(word) ?? 0) + 1));
  await forEachNote(context, trainingVisits, progress, (_rows, texts) => texts.forEach(count));
  progress.finish(`${counts.size} different words`);
  context.log.info(`learning up to ${tokenizer.vocabulary_size} word pieces`);
  return tokenizerJson(learnWordPiece(counts, tokenizer), tokenizer);
}

/** Writes tokenizer.json: the one of the configuration, or one learnt from the training notes. */
export async function writeTokenizer(context: NotesContext): Promise<TextTokenizer> {
  const file = path.join(context.out, 'tokenizer.json');
  fs.writeFileSync(file, context.tokenizerJson ?? (await learnTokenizer(context)));
  return readTokenizer(file);
}

/** Encodes every note into a scratch file of the directory. The caller closes it. */
export async function encodeNotes(context: NotesContext, tokenizer: TextTokenizer): Promise<TokenSpool> {
  const visits = await queryNumber(context.connection, 'select count(*) from placed');
  const spool = createTokenSpool(path.join(context.out, 'tokens.scratch'), visits);
  const progress = await startProgress(context, 'encoding', 'true');
  let tokens = 0;
  await forEachNote(context, 'true', progress, async (rows, texts) => {
    const lists = await tokenizer.encode(texts, context.config.max_tokens);
    lists.forEach((ids, i) => {
      tokens += ids.length;
      spool.write(rows[i]!, ids);
    });
  });
  progress.finish(`${tokens} tokens`);
  return spool;
}
