/** Tries an execution provider in a process of its own: drivers may print, hang or abort, which must not happen to ours. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { forbidTelemetry } from '../../core/telemetry.js';
import type { ExecutionProvider } from './binding.js';
import { selfTestInput, selfTestModel, selfTestOutput } from './self-test.js';

const TIMEOUT_MS = 60_000;
const DONE = 'probe-ok';

/** CommonJS, because it is handed to `node -e`. Arguments: package, provider, model (base64), input, output. */
const SCRIPT = `
const [entry, provider, model, input, output] = process.argv.slice(1);
const ort = require(entry);
(async () => {
  const session = await ort.InferenceSession.create(Buffer.from(model, 'base64'), { executionProviders: [provider], logSeverityLevel: 4 });
  const { y } = await session.run({ x: new ort.Tensor('float32', Float32Array.from(JSON.parse(input)), [2, 3]) });
  process.stdout.write(JSON.stringify(Array.from(y.data)) === output ? '${DONE}' : 'wrong result ' + Array.from(y.data));
  process.exit(0);
})().catch((error) => { process.stdout.write(String(error.message)); process.exit(1); });
`;

/** @returns undefined when the provider works, else why not, in one line */
export function probeProvider(provider: ExecutionProvider): Promise<string | undefined> {
  forbidTelemetry();
  const entry = createRequire(import.meta.url).resolve('onnxruntime-node');
  const args = [entry, provider, Buffer.from(selfTestModel()).toString('base64'), JSON.stringify(selfTestInput), JSON.stringify(selfTestOutput)];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['-e', SCRIPT, ...args], { stdio: ['ignore', 'pipe', 'ignore'], timeout: TIMEOUT_MS, killSignal: 'SIGKILL' });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(said === DONE ? undefined : reasonOf(said, signal ?? `exit code ${code}`)));
  });
}

/** ONNX Runtime's messages carry source positions and expressions; the last sentence is for humans. */
function reasonOf(said: string, end: string): string {
  const message = said.replace(/\s+/g, ' ').trim();
  return message ? message.replace(/^\/.* was false\. /, '') : `the probe ended without a word (${end})`;
}
