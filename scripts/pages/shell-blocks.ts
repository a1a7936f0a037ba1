/** The commands of a documentation page. */

/**
 * What is to be done with a fenced block: `run` (```sh), `background` (```sh background: runs until the page ends), or `shown` (```bash, or no language: needs data,
 * machines or a terminal that not everybody has).
 */
export type BlockKind = 'run' | 'background' | 'shown';

export interface ShellBlock {
  kind: BlockKind;
  /** Of the first command, from 1. */
  line: number;
  text: string;
}

const kinds: Record<string, BlockKind> = { sh: 'run', 'sh background': 'background', bash: 'shown', '': 'shown' };

/** Fenced blocks of shell commands in Markdown; those of other languages are left out. */
export function shellBlocks(markdown: string): ShellBlock[] {
  const lines = markdown.split('\n');
  const blocks: ShellBlock[] = [];
  for (let i = 0; i < lines.length; i++) {
    const fence = /^```(.*)$/.exec(lines[i]!);
    if (!fence) continue;
    const end = lines.indexOf('```', i + 1);
    const kind = kinds[fence[1]!.trim()];
    if (kind) blocks.push({ kind, line: i + 2, text: lines.slice(i + 1, end).join('\n') });
    i = end;
  }
  return blocks;
}

/** Command lines `medweave …` of a block as lists of words, quotes taken off; comments, pipes, redirections and what follows them left out. */
export const medweaveCommands = (block: string): string[][] =>
  block
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .flatMap((line) => [...line.matchAll(/(?:^|&& |\|\| |\$\(|<\()\s*medweave ((?:'[^']*'|"[^"]*"|[^'"#|>&;)]|(?<=\S)#)*)/g)].map((match) => wordsOf(match[1]!)));

const wordsOf = (command: string): string[] =>
  [...command.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) => word.replace(/'([^']*)'|"([^"]*)"/g, (_, single?: string, double?: string) => single ?? double ?? ''));
