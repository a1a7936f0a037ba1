/** The program of a process that serves a model, so that its memory is the server's alone; `serve.ts` starts it, and it ends when that lets go of it. */
import { openPredictor } from '../../finetune/predictor/index.js';
import { createLogger } from '../core/log.js';
import { openDevice } from '../engine/index.js';
import { serve, type Limits } from '../serve/index.js';

/** What goes in. */
export interface ServeRequest {
  run: string;
  device: string;
  limits: Limits;
}

/** What comes out. */
export type ServeAnswer = { url: string } | { error: string };

const stop = new AbortController();
process.once('disconnect', () => stop.abort());
// Ctrl-C reaches the whole group of processes; this one ends when its parent does.
process.on('SIGINT', () => undefined);
process.once('message', (request: ServeRequest) => {
  const answer = (message: ServeAnswer): void => void process.send?.(message);
  run(request, (url) => answer({ url })).catch((error: unknown) => {
    answer({ error: error instanceof Error ? error.message : String(error) });
    process.disconnect();
  });
});

async function run({ run: dir, device, limits }: ServeRequest, onReady: (url: string) => void): Promise<void> {
  const log = createLogger({ level: 'warn' });
  const predictor = await openPredictor(dir, { device: await openDevice(device, log) });
  try {
    await serve({ predictor, pages: [], limits, host: '127.0.0.1', port: 0, allowedHosts: [], log, signal: stop.signal, onReady });
  } finally {
    predictor.dispose();
  }
}
