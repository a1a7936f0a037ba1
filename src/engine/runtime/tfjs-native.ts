/** The native tfjs backend (libtensorflow), where one of its packages is installed with its native part. */
import { deviceError } from '../../core/errors.js';
import { tf } from '../tf.js';

export const TENSORFLOW_BACKEND = 'tensorflow';
const packages = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'];

/** Registers the backend with tfjs. @returns the package that offered it @throws device error when none loads */
export async function loadNativeBackend(): Promise<string> {
  const failures: string[] = [];
  for (const name of packages) {
    try {
      await quietly(() => import(name) as Promise<unknown>);
      if (tf.findBackend(TENSORFLOW_BACKEND)) return name;
      failures.push(`${name} registered no backend`);
    } catch (error) {
      failures.push(`${name}: ${(error as Error).message.split('\n')[0]!.trim()}`);
    }
  }
  throw deviceError(failures.join('; '));
}

/** Importing the package makes its backend the current one; ours is chosen for each run. */
async function quietly(load: () => Promise<unknown>): Promise<void> {
  const before = tf.getBackend() as string | undefined;
  try {
    await load();
  } finally {
    if (before) await tf.setBackend(before);
  }
}
