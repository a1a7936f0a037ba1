/** The commands, loaded only when called: `medweave ontology` must not wait for tensors. */
import type { Command } from './command.js';

export interface CommandEntry {
  describe: string;
  load: () => Promise<{ default: Command<unknown> }>;
}

export const commands: Record<string, CommandEntry> = {
};
