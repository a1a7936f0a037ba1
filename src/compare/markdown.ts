/** table.md: the paper's Table III in its form, the claims judged, and what failed. Equal results give equal bytes. */
import { bestRow, columnsOf, failedCells, notesOf, type TableColumn } from './columns.js';
import { inWords, interval, pValue, signed } from './format.js';
import type { Comparison, ResultRow, ResultTable } from './results.js';
import { figureTitle } from './tasks.js';

export function renderMarkdown(comparison: Comparison): string {
  const { title, tables, effects, failed } = comparison;
  const sections = [
    `# ${title}`,
    notesOf(comparison).map((note) => `- ${note}`).join('\n'),
    ...tables.flatMap((table) => [`## Trained on ${table.title}`, resultTable(comparison, table)]),
    ...(effects.length ? ['## What is claimed, and what is there', effectsTable(comparison), EFFECTS_NOTE] : []),
    ...(failed.length ? ['## Failed', failed.map(({ name, reason, log }) => `- ${name}: ${oneLine(reason)} (${log})`).join('\n')] : []),
  ];
  return `${sections.join('\n\n')}\n`;
}

export const EFFECTS_NOTE = 'Differences in percentage points of the figure named, means over seeds. Intervals (95 %) and p-values: paired bootstrap over the visits of the split; p after Holm\'s correction over the lines of a claim. The best of a group is chosen on the same visits, which favours it.';

function resultTable({ tasks }: Comparison, table: ResultTable): string {
  const columns = tasks.flatMap((task) => columnsOf(task, table));
  const best = columns.map((column) => bestRow(table, column));
  const dialects = new Map(tasks.map(({ task, dialect }) => [task, dialect]));
  const heading = ({ task, heading: name, figure }: TableColumn): string => `${task} ${name}${figure?.startsWith(`${dialects.get(task)}.`) ? ` (${dialects.get(task)})` : ''}`;
  const cell = (row: ResultRow, column: TableColumn, i: number): string => (row === best[i] ? `**${column.text(row)}**` : column.text(row));
  const rows = table.rows.map((row) => [row.group, `${row.name}${failedMark(row)}`, ...columns.map((column, i) => cell(row, column, i))]);
  return markdownTable(['Group', 'Model', ...columns.map(heading)], rows, columns.map((_, i) => i + 2));
}

const failedMark = (row: ResultRow): string => (failedCells(row) ? ` (${failedCells(row)} cell${failedCells(row) === 1 ? '' : 's'} failed)` : '');

function effectsTable({ effects }: Comparison): string {
  const rows = effects.map((effect) => [
    effect.claim, effect.task, effect.share, `${effect.model} − ${effect.against}`, figureTitle(effect.figure),
    effect.difference ? signed(effect.difference.estimate) : '–', interval(effect), pValue(effect.pHolm), inWords(effect),
  ]);
  return markdownTable(['Claim', 'Task', 'Trained on', 'Difference', 'Figure', 'Estimate', '95 % interval', 'p (Holm)', 'Verdict'], rows, [5, 6, 7]);
}

/** @param numeric places of the columns that are aligned to the right */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[], numeric: readonly number[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (numeric.includes(i) ? '---:' : '---'))), ...rows.map(line)].join('\n');
}

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ');
