/**
 * Chunk id → places on disk, in typed arrays (about 40 bytes an entry). Several places may hold the same id (two processes
 * computed it, or a damaged copy was written again): when one is forgotten, the next is found.
 */

/** Where a record lies. */
export interface Place {
  /** Number of the writer in the order in which index files were read. */
  writer: number;
  segment: number;
  offset: number;
  bytes: number;
}

export interface Lookup {
  /** A row for this id, or -1. */
  find(id: Uint8Array): number;
  add(id: Uint8Array, place: Place): void;
  forget(row: number): void;
  place(row: number): Place;
  id(row: number): Uint8Array;
  /** Rows that are not forgotten. */
  rows(): Iterable<number>;
  /** Distinct ids, and the bytes of all their records. */
  counts(): { entries: number; bytes: number };
}

/** A row: id (4 words), writer, segment, offset, bytes. */
const ROW_WORDS = 8;
const EMPTY = 0;
const REMOVED = -1;

/** @param expected rows there is room for before the tables grow */
export function createLookup(expected: number): Lookup {
  let capacity = 2 ** Math.ceil(Math.log2(Math.max(expected, 64)));
  let rows = new Uint32Array(capacity * ROW_WORDS);
  /** Open addressing with linear probing: row + 1, EMPTY or REMOVED. Twice as many slots as rows, so a search always ends. */
  let slots = new Int32Array(2 * capacity);
  let used = 0;
  let entries = 0;
  let bytes = 0;
  const key = new Uint8Array(16);
  const keyWords = new Uint32Array(key.buffer);

  const sameId = (row: number): boolean => {
    const at = row * ROW_WORDS;
    return rows[at] === keyWords[0] && rows[at + 1] === keyWords[1] && rows[at + 2] === keyWords[2] && rows[at + 3] === keyWords[3];
  };
  /** Ids are hashes: their first word is as good as any hash of them. */
  const firstSlot = (row: number): number => rows[row * ROW_WORDS]! & (slots.length - 1);
  const next = (slot: number): number => (slot + 1) & (slots.length - 1);
  const insert = (row: number): void => {
    let slot = firstSlot(row);
    while (slots[slot] !== EMPTY) slot = next(slot);
    slots[slot] = row + 1;
  };
  const slotOf = (row: number): number => {
    let slot = firstSlot(row);
    while (slots[slot] !== row + 1) slot = next(slot);
    return slot;
  };
  const grow = (): void => {
    const kept = live();
    const wider = new Uint32Array(capacity * 2 * ROW_WORDS);
    kept.forEach((row, i) => wider.set(rows.subarray(row * ROW_WORDS, (row + 1) * ROW_WORDS), i * ROW_WORDS));
    capacity *= 2;
    rows = wider;
    slots = new Int32Array(2 * capacity);
    used = kept.length;
    for (let row = 0; row < used; row++) insert(row);
  };
  const live = (): Int32Array => slots.filter((slot) => slot > 0).map((slot) => slot - 1).sort();
  const find = (id: Uint8Array): number => {
    key.set(id);
    for (let slot = keyWords[0]! & (slots.length - 1); slots[slot] !== EMPTY; slot = next(slot)) {
      const row = slots[slot]! - 1;
      if (row >= 0 && sameId(row)) return row;
    }
    return -1;
  };
  const idOf = (row: number): Uint8Array => new Uint8Array(rows.slice(row * ROW_WORDS, row * ROW_WORDS + 4).buffer);

  return {
    find,
    add(id, place) {
      if (used === capacity) grow();
      if (find(id) < 0) entries++;
      bytes += place.bytes;
      rows.set(keyWords, used * ROW_WORDS);
      rows.set([place.writer, place.segment, place.offset, place.bytes], used * ROW_WORDS + 4);
      insert(used++);
    },
    forget(row) {
      slots[slotOf(row)] = REMOVED;
      bytes -= rows[row * ROW_WORDS + 7]!;
      if (find(idOf(row)) < 0) entries--;
    },
    place(row) {
      const [writer, segment, offset, length] = rows.subarray(row * ROW_WORDS + 4, (row + 1) * ROW_WORDS);
      return { writer: writer!, segment: segment!, offset: offset!, bytes: length! };
    },
    id: idOf,
    rows: live,
    counts: () => ({ entries, bytes }),
  };
}
