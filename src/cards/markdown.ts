/** Markdown out of data: text that cannot become markup, tables, YAML front matter. */
import { stringify } from 'yaml';

/** Text that Markdown leaves as it is; line breaks become spaces. */
export const escaped = (text: string): string => text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>#|~$&]/g, (character) => (character === '&' ? '&amp;' : character === '<' ? '&lt;' : `\\${character}`));

/** For hashes, paths and names of files. @returns code, whatever back-ticks the text has */
export function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return longest ? `${fence} ${text} ${fence}` : `${fence}${text.replaceAll('|', '\\|')}${fence}`;
}

/** Cells are Markdown already; the first column is text, the others figures unless told otherwise. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], others: 'figures' | 'text' = 'figures'): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i && others === 'figures' ? '---:' : '---'))), ...rows.map(line)].join('\n');
}

/** The block that Hugging Face reads. */
export const frontMatter = (fields: Record<string, unknown>): string => `---\n${stringify(fields, { lineWidth: 0 })}---`;

/** Blocks one under the other; those that are false are left out. */
export const document = (blocks: readonly (string | false | undefined)[]): string => `${blocks.filter((block): block is string => Boolean(block)).join('\n\n')}\n`;

export const bullets = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');
