/** The commands, loaded only when called: `medweave ontology` must not wait for tensors. */
import type { Command } from './command.js';

export interface CommandEntry {
  describe: string;
  load: () => Promise<{ default: Command<unknown> }>;
}

export const commands: Record<string, CommandEntry> = {
  ontology: { describe: 'print the path of codes to the root of their hierarchy', load: () => import('./commands/ontology.js') },
  prepare: { describe: 'turn a store into a data set: cohort, split, vocabularies, tokens', load: () => import('./commands/prepare.js') },
  score: { describe: 'score a CodiEsp prediction file', load: () => import('./commands/score.js') },
};
