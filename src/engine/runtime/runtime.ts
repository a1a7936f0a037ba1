/** What every ONNX runtime offers: sessions over a model, calls bound to buffers. */
import type { Buffer, DType } from '../types.js';

/** A buffer under the name, shape and type that the model declares. */
export interface BoundTensor {
  name: string;
  shape: readonly number[];
  dtype: DType;
  data: Buffer;
}

export interface Session {
  /** @returns a function that reads the inputs as they are then and fills the outputs */
  bind(inputs: readonly BoundTensor[], outputs: readonly BoundTensor[]): () => Promise<void>;
  release(): void;
}

export interface SessionOptions {
  /** Runs are short: do them on the JavaScript thread, where the runtime has the choice. */
  brief?: boolean;
}

export interface Runtime {
  /** For humans: name, version, threads. */
  readonly description: string;
  readonly threads: number;
  createSession(model: Uint8Array, options?: SessionOptions): Promise<Session>;
}
