/** chapter.md: the experiment on a chapter as tables. Equal results give equal bytes. */
import { markdownTable } from '../markdown.js';
import { chapterTables, notesOfChapter } from './columns.js';
import { readingsOfPublished } from './published.js';
import type { ChapterResults } from './results.js';

export function renderChapterMarkdown(results: ChapterResults): string {
  const { title, failed } = results;
  const bullets = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');
  const sections = [
    `# ${title}`,
    bullets(notesOfChapter(results)),
    ...chapterTables(results).flatMap(({ title: heading, caption, head, cells }) => [`## ${heading}`, caption, markdownTable(head, cells, head.slice(1).map((_, i) => i + 1))]),
    bullets(readingsOfPublished),
    ...(failed.length ? ['## Failed', bullets(failed.map(({ name, reason, log }) => `${name}: ${reason.replaceAll(/\s*\n\s*/g, ' ')} (${log})`))] : []),
  ];
  return `${sections.join('\n\n')}\n`;
}
