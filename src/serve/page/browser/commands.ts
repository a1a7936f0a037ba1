/** Which key does what, and where. */

export type Command = 'code' | 'next' | 'previous' | 'first' | 'last' | 'accept' | 'reject' | 'undo' | 'release';

/** Where the focus is: in a field, in the list of codes, on a place in the note, or anywhere else. */
export type Focus = 'field' | 'list' | 'note' | 'elsewhere';

export interface Keystroke {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

const IN_LIST: Record<string, Command> = { ArrowDown: 'next', ArrowUp: 'previous', Home: 'first', End: 'last' };
/** In running text left and right are natural too. */
const IN_NOTE: Record<string, Command> = { ...IN_LIST, ArrowRight: 'next', ArrowLeft: 'previous' };
/** They act on the selected code. */
const OUTSIDE_FIELDS: Record<string, Command> = { a: 'accept', r: 'reject', u: 'undo', Escape: 'release' };

export function commandOf({ key, ctrlKey, metaKey, altKey }: Keystroke, focus: Focus): Command | undefined {
  if (altKey) return undefined;
  if (ctrlKey || metaKey) {
    if (key === 'Enter') return 'code';
    return key.toLowerCase() === 'z' && focus !== 'field' ? 'undo' : undefined;
  }
  if (focus === 'field') return undefined;
  const here = focus === 'list' ? IN_LIST[key] : focus === 'note' ? IN_NOTE[key] : undefined;
  return here ?? OUTSIDE_FIELDS[key.length === 1 ? key.toLowerCase() : key];
}
