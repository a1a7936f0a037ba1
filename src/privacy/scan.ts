/** Looks through files about to be shared for what could tell who a patient is. */
import path from 'node:path';
import { compareWithStore } from './against/compare.js';
import { createCollector } from './against/shared.js';
import { phiKinds, type PhiFinding, type PhiKind, type Piece } from './finding.js';
import { filesUnder, PACKED, piecesOf, TOKEN_IDS } from './read/index.js';
import { applyRules } from './rules/index.js';

export interface ScanRequest {
  /** Files and directories. */
  paths: readonly string[];
  /** A store whose notes and identifiers must not occur. */
  against?: string;
  /** Words in a row that make a passage of a note. */
  words: number;
  /** Default: all. */
  kinds?: readonly PhiKind[];
  signal: AbortSignal;
}

export interface ScanResult {
  files: number;
  /** The first of each kind in each file. */
  findings: PhiFinding[];
  /** Of all findings. */
  counts: Partial<Record<PhiKind, number>>;
  /** Files that were not looked into, and why. */
  unread: { file: string; reason: string }[];
}

const KEPT = 50;

/** @throws data error for a path that is not there, or when `against` is no store */
export async function scanForPhi({ paths, against, words, kinds = phiKinds, signal }: ScanRequest): Promise<ScanResult> {
  const wanted = new Set(kinds);
  const result: ScanResult = { files: 0, findings: [], counts: {}, unread: [] };
  const collector = against === undefined ? undefined : createCollector(words);
  for (const file of filesUnder(paths)) {
    signal.throwIfAborted();
    if (PACKED.includes(path.extname(file).toLowerCase())) {
      result.unread.push({ file, reason: 'a packed or binary format; unpack or convert it, and check that' });
      continue;
    }
    result.files++;
    const add = createTally(result);
    try {
      const collect = collector?.openFile(file);
      for await (const piece of piecesOf(file)) {
        collect?.(piece);
        if (isStepTime(file, piece)) continue;
        for (const finding of findingsIn(piece, wanted)) add({ file, line: piece.line, ...finding });
      }
    } catch {
      // What a parser says of a file may quote it.
      result.unread.push({ file, reason: `cannot be read as ${path.extname(file) || 'text'}; is it damaged, or larger than 512 MB?` });
    }
  }
  if (against !== undefined) {
    const add = createTally(result);
    for (const finding of await compareWithStore(collector!.content, against, signal)) if (wanted.has(finding.kind)) add(finding);
  }
  return result;
}

/** When each step of a training was: `metrics.jsonl` of a run. */
const isStepTime = (file: string, { field }: Piece): boolean => field === 'time' && path.basename(file) === 'metrics.jsonl';

function findingsIn(piece: Piece, wanted: ReadonlySet<PhiKind>): Pick<PhiFinding, 'kind' | 'masked'>[] {
  if (piece.text === TOKEN_IDS) return wanted.has('note-text') ? [{ kind: 'note-text', masked: 'token ids, which tokenizer.json turns into the notes' }] : [];
  return applyRules(piece, wanted);
}

function createTally({ findings, counts }: ScanResult): (finding: PhiFinding) => void {
  const kept = new Map<string, number>();
  return (finding) => {
    const { kind, file } = finding;
    counts[kind] = (counts[kind] ?? 0) + 1;
    const before = kept.get(`${kind} ${file}`) ?? 0;
    kept.set(`${kind} ${file}`, before + 1);
    if (before < KEPT) findings.push(finding);
  };
}
