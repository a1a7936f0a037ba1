/** Ctrl-C: the run was saved; say how to go on. Not the user's mistake, so exit code 1. */
export const interrupted = (out: string): Error => new Interrupted(`interrupted; everything up to the last step is saved in ${out}.partial. Repeat the command with --resume to continue`);

export class Interrupted extends Error {}
