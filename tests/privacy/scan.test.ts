import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import onnxProto from 'onnx-proto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PhiFinding, PhiKind } from '../../src/privacy/finding.js';
import { scanForPhi, type ScanRequest } from '../../src/privacy/index.js';
import { sqlString, withDuckDB } from '../../src/records/store.js';
import { prepareStore, temporaryDirectory } from '../dataset/store-fixture.js';

let root: string;
let store: string;
let data: string;
let dir: string;

const note = 'She came with sharp pain in her left knee after gardening with her cousin Wolfenbüttel last spring. Nothing was broken.';
const other = 'He came with dull pain in his right hip. Rest was advised. Nothing was broken there either, and he walked home.';

beforeAll(async () => {
  root = temporaryDirectory();
  const visits = [...Array(12).keys()].map((i) => ({ visit: `20000${i}`, patient: `10000${i}`, admitted: '2150-03-01', discharged: '2150-03-04', dx: ['icd10cm M25.5'], text: i === 3 ? note : other }));
  data = (await prepareStore(root, visits, { tokenizer: { vocabulary_size: 200 } })).out;
  store = path.join(root, 'store');
});
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(root, 'shared-'));
});

const write = (name: string, content: string | Uint8Array): void => fs.writeFileSync(path.join(dir, name), content);
const scan = (request: Partial<ScanRequest> = {}) => scanForPhi({ paths: [dir], words: 8, signal: new AbortController().signal, ...request });
const found = async (request?: Partial<ScanRequest>): Promise<string[]> => (await scan(request)).findings.map(({ file, line, kind }: PhiFinding) => `${path.basename(file)}:${line} ${kind}`);

/** Strings that each format below holds, one of each. */
const MAIL = 'ann@clinic.org';

describe('formats', () => {
  it.each<[string, string, string | Uint8Array, number, PhiKind]>([
    ['text', 'a.txt', `x\ny ${MAIL}`, 2, 'email'],
    ['Markdown', 'a.md', `# A\n\n${MAIL}`, 3, 'email'],
    ['YAML', 'a.yaml', 'a: 1\nsubject_id: 10032', 2, 'record-number'],
    ['JSON', 'a.json', `{"a": 1,\n "b": ["x", "to ${MAIL}"]}`, 2, 'email'],
    ['escaped JSON', 'a.json', '{"a": "died\\n12\\/03\\/2014"}', 1, 'date'],
    ['JSON keys', 'a.json', '{"patients": {"10000032": "train"}, "split_id": "a1"}', 1, 'record-number'],
    ['JSON numbers', 'a.jsonl', '{"score": 0.25, "visits": 20000}\n{"hadm_id": 20000019}', 2, 'record-number'],
    ['JSON lists of ids', 'a.json', '{"visit_ids": [20000019]}', 1, 'record-number'],
    ['damaged JSON', 'a.json', `{"a": {"b": "${MAIL}`.replace(MAIL, `${MAIL}"`), 1, 'email'],
    ['CSV', 'a.csv', 'visit_id,code\n20000019,I10', 2, 'record-number'],
    ['TSV', 'a.tsv', `code\tnote\nI10\tseen by Dr. Smith`, 2, 'name'],
    ['compressed CSV', 'a.csv.gz', gzipSync('age,sex\n93,F\n'), 2, 'age'],
    ['HTML text', 'a.html', '<p>\nSeen by <b>Dr.</b> Smith</p>', 2, 'name'],
    ['HTML entities', 'a.html', '<p>ann&#64;clinic.org</p>', 1, 'email'],
    ['HTML attributes', 'a.html', `<p>a</p>\n<p class="x" title="${MAIL}">b</p>`, 2, 'email'],
    ['scripts', 'a.html', `<script>const a = "${MAIL}"</script>`, 1, 'email'],
    ['images', 'a.png', Buffer.from(`\x89PNG\0\0\0tEXtComment\0by ${MAIL}\0\xff`, 'latin1'), 0, 'email'],
    ['file names', 'hadm_id_20000019.txt', 'nothing', 0, 'record-number'],
  ])('%s', async (_, name, content, line, kind) => {
    write(name, content);
    expect(await found()).toEqual([`${name}:${line} ${kind}`]);
  });

  it('Parquet: cells, and tokens that spell the notes', async () => {
    await withDuckDB({}, (connection) => connection.run(`copy (select 'x' as code, '${MAIL}' as contact, [1, 2] as tokens) to ${sqlString(path.join(dir, 'a.parquet'))} (format parquet)`));
    expect((await found()).sort()).toEqual(['a.parquet:0 note-text', 'a.parquet:1 email']);
  });

  it('safetensors and ONNX: descriptions, and not the weights', async () => {
    const header = Buffer.from(JSON.stringify({ __metadata__: { by: MAIL }, w: { dtype: 'F32', shape: [4], data_offsets: [0, 16] } }));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    write('a.safetensors', Buffer.concat([length, header, Buffer.from('dr@b.org 1234567')]));
    const { ModelProto } = onnxProto.onnx;
    const raw = { name: 'w', dataType: 1, dims: [4], rawData: Buffer.from('dr@b.org 1234567') };
    const strings = { name: 'v', dataType: 8, dims: [1], stringData: [Buffer.from('Dr. Smith')] };
    write('a.onnx', ModelProto.encode(ModelProto.fromObject({ irVersion: 8, metadataProps: [{ key: 'author', value: MAIL }], graph: { initializer: [raw, strings] } })).finish());
    expect((await found()).sort()).toEqual(['a.onnx:0 email', 'a.onnx:0 name', 'a.safetensors:1 email']);
  });

  it('says what it did not look into', async () => {
    write('a.zip', 'PK');
    write('b.parquet', 'Dr. Smith');
    write('c.onnx', '\xff\xff\xff\xff');
    const { unread, findings, files } = await scan();
    expect(unread.map(({ file }) => path.basename(file))).toEqual(['a.zip', 'b.parquet', 'c.onnx']);
    expect({ findings, files }).toEqual({ findings: [], files: 2 });
    expect(JSON.stringify(unread)).not.toContain('Smith');
  });
});

describe('against the store', () => {
  it('finds runs of words of a note, whatever stands between them', async () => {
    write('report.html', `<p>She came with sharp <mark>pain</mark> in her left\nknee — after gardening</p>`);
    const { findings } = await scan({ against: store });
    expect(findings).toEqual([
      expect.objectContaining({ line: 1, kind: 'note-text', masked: '8 words or more of a note' }),
      expect.objectContaining({ line: 2, kind: 'note-text' }),
    ]);
    write('report.html', 'She came with sharp pain in her');
    expect(await found({ against: store })).toEqual([]);
    expect(await found({ against: store, words: 5 })).toEqual(['report.html:1 note-text']);
  });

  it('finds its identifiers, and words that look like a name of one patient’s notes', async () => {
    write('a.txt', 'cases 100003, 100004x and 999999\nsee wolfenbüttel, nothing, spring');
    expect((await found({ against: store })).sort()).toEqual(['a.txt:1 record-number', 'a.txt:2 rare-word']);
  });

  it('finds word pieces that were learnt from a name', async () => {
    write('tokenizer.json', JSON.stringify({ model: { vocab: { wolfenbüttel: 7, spring: 8, '##ing': 9 } } }));
    expect(await found({ against: store })).toEqual(['tokenizer.json:1 rare-word']);
  });

  it('shows nothing of what it found', async () => {
    write('a.txt', `${note}\nMRN 100003 Dr. Wolfenbüttel`);
    const text = JSON.stringify(await scan({ against: store }));
    for (const secret of ['Wolfenb', 'wolfenb', '100003', 'gardening']) expect(text).not.toContain(secret);
  });
});

it('a prepared data directory is full of what must not be shared', async () => {
  const { counts } = await scan({ paths: [data] });
  expect(counts['record-number']).toBeGreaterThan(24);
  expect(counts['note-text']).toBe(1);
  expect(counts.date).toBeGreaterThan(12);
});

it('looks for what it is told to', async () => {
  write('a.txt', `${MAIL} on 2014-03-02`);
  expect(await found({ kinds: ['date'] })).toEqual(['a.txt:1 date']);
});
