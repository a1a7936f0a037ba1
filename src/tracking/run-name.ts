/** What a run is called in trackers. */
import path from 'node:path';

/** The name of its directory; of a directory called `run`, as in the cells of a comparison, the way to it from here. */
export function runName(directory: string): string {
  const full = path.resolve(directory).replace(/\.partial$/, '');
  if (path.basename(full) !== 'run') return path.basename(full);
  const above = path.relative('', path.dirname(full));
  return above === '' || above.startsWith('..') ? path.basename(path.dirname(full)) : above.split(path.sep).join('/');
}
