/** `medweave check --phi`: its options, and its findings as lines. */
import type { Argv } from 'yargs';
import { configurationError } from '../../core/errors.js';
import { phiKinds, scanForPhi, type PhiFinding, type PhiKind, type ScanResult } from '../../privacy/index.js';
import type { CommandResult } from '../command.js';

export interface PhiArgs {
  phi?: string[];
  against?: string;
  words: number;
  ignore?: PhiKind[];
}

const WORDS = 8;

export const phiOptions = <Args>(yargs: Argv<Args>): Argv<Args & PhiArgs> =>
  yargs
    .option('phi', { type: 'string', array: true, describe: 'files and directories about to be shared: look for dates, numbers, names, addresses in them (docs/privacy.md)' })
    .option('against', { type: 'string', describe: 'with --phi: the store that they were made of; its notes and identifiers must not occur' })
    .option('words', { type: 'number', default: WORDS, describe: 'with --against: words in a row that make a passage of a note' })
    .option('ignore', { type: 'string', array: true, choices: phiKinds, describe: 'with --phi: kinds that are not looked for' }) as never;

/** @returns `wrong` when anything was found, or could not be looked into */
export async function checkPhi({ phi, against, words, ignore = [] }: PhiArgs, signal: AbortSignal): Promise<CommandResult> {
  if (!phi?.length) throw configurationError('check --phi: name files or directories');
  if (!Number.isSafeInteger(words) || words < 3) throw configurationError(`--words ${words}: expected a whole number from 3`);
  const result = await scanForPhi({ paths: phi, against, words, kinds: phiKinds.filter((kind) => !ignore.includes(kind)), signal });
  const wrong = verdict(result);
  return { text: [...linesOf(result), ...(wrong === undefined ? [`nothing found in ${result.files} files; docs/privacy.md says what this cannot find`] : [])].join('\n'), json: { ...result, against, passed: wrong === undefined }, wrong };
}

const SHOWN = 10;

/** A line a finding, the first of each kind in each file, masked. */
function linesOf({ findings, counts, unread }: ScanResult): string[] {
  const shown = new Map<string, number>();
  const few = findings.filter(({ file, kind }) => {
    const before = shown.get(`${kind} ${file}`) ?? 0;
    shown.set(`${kind} ${file}`, before + 1);
    return before < SHOWN;
  });
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return [
    ...few.map(lineOf),
    ...(few.length < total ? [`… and ${total - few.length} more`] : []),
    ...unread.map(({ file, reason }) => `not looked into: ${file}: ${reason}`),
  ];
}

const KIND_WIDTH = Math.max(...phiKinds.map((kind) => kind.length));

const lineOf = ({ kind, file, line, masked }: PhiFinding): string => `${kind.padEnd(KIND_WIDTH)}  ${line ? `${file}:${line}` : file}: ${masked}`;

function verdict({ counts, unread }: ScanResult): string | undefined {
  const kinds = Object.entries(counts).map(([kind, count]) => `${kind} ${count}`);
  if (kinds.length) return `found what may identify patients: ${kinds.join(', ')}. Look at these places before you share the files`;
  return unread.length ? `${unread.length} of the files were not looked into` : undefined;
}
