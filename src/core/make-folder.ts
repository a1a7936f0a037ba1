/** Makes a folder and those above it, one by one: Node's own recursion never ends where the system says that there is no such folder (`/proc`). */
import fs from 'node:fs';
import path from 'node:path';

/** @throws what the operating system says of the first folder that it refuses */
export function makeFolder(folder: string): void {
  if (fs.existsSync(folder)) return;
  makeFolder(path.dirname(path.resolve(folder)));
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    // Another process may have been faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
