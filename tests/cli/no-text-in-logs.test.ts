/** Whatever happens, no word of a note is printed: every command on notes with a marker in them, and then on files damaged in every way, with --verbose. */
import fs from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryDirectory, WITH_TINY } from './command-line.js';
import { openSession, type Session } from './session.js';

const MARKER = 'Zqxwyvern';
/** What a note would be quoted by. */
const SENTENCE = `Mrs. ${MARKER} came with pain`;

let dir: string;
let session: Session;
const at = (...parts: string[]): string => path.join(dir, ...parts);
const write = (name: string, content: string | Uint8Array): string => {
  fs.mkdirSync(path.dirname(at(name)), { recursive: true });
  fs.writeFileSync(at(name), content);
  return name;
};
const NOTES = path.join('raw', 'note', 'discharge.csv');
const original = (): string => fs.readFileSync(at(NOTES), 'utf8');

/** Runs a command; nothing that it prints may hold the marker. @returns the exit code */
async function silent(...args: string[]): Promise<number | null> {
  const { code, stdout, stderr } = await session.run(...args, '--verbose');
  const shown = `${stdout}\n${stderr}`;
  const at = shown.toLowerCase().indexOf(MARKER.toLowerCase());
  expect(at, `medweave ${args.join(' ')}: …${shown.slice(Math.max(0, at - 200), at + 100)}…`).toBe(-1);
  return code;
}

/** From raw tables to predictions. */
const STEPS = [
  ['ingest', '--source', 'mimic4', '--raw', 'raw', '--out', 'store'],
  ['prepare', '--store', 'store', '--config', 'tiny.yaml', '--out', 'data'],
  ['finetune', 'icd-coding', '--data', 'data', ...WITH_TINY, '--out', 'ft'],
  ['evaluate', '--run', 'ft', '--data', 'data', '--device', 'cpu', '--out', 'evaluation'],
  ['predict', '--run', 'ft', '--data', 'data', '--device', 'cpu', '--out', 'predictions.jsonl'],
  ['explain', '--run', 'ft', '--data', 'data', '--store', 'store', '--device', 'cpu', '--out', 'page.html'],
];

beforeAll(async () => {
  dir = temporaryDirectory();
  session = openSession(dir);
  expect(await silent('synth', '--patients', '60', '--out', 'raw')).toBe(0);
  const text = gunzipSync(fs.readFileSync(at(`${NOTES}.gz`))).toString('utf8');
  fs.rmSync(at(`${NOTES}.gz`));
  write(NOTES, text.replaceAll('History of Present Illness:', `History of Present Illness:\n${SENTENCE}.`));
  expect(original().includes(MARKER)).toBe(true);
  for (const step of STEPS) expect(await silent(...step), step.join(' ')).toBe(0);
}, 240_000);
afterAll(() => {
  session.close();
  fs.rmSync(dir, { recursive: true, force: true });
});

it('the page of explained notes has the marker, which was looked for in vain on the way there', async () => {
  expect(fs.readFileSync(at('page.html'), 'utf8').includes(MARKER)).toBe(true);
  for (const step of [['check', '--data', 'data', '--run', 'ft'], ['check', '--phi', 'page.html', 'ft', '--against', 'store'], ['check', '--phi', 'store', '--json']]) await silent(...step);
}, 60_000);

/** Damaged notes, and what becomes of the store. */
const damages: Record<string, (text: string) => string | Uint8Array> = {
  'an open quote': (text) => text.slice(0, text.lastIndexOf('"')),
  'a quote within a field': (text) => text.replace(MARKER, `${MARKER}" "`),
  'Latin-1': (text) => Buffer.from(text.replaceAll(MARKER, `${MARKER} años`), 'latin1'),
  'text where a number belongs': (text) => text.replace(/^(\S+?),(\d+),(\d+)/m, `$1,${SENTENCE},${SENTENCE}`),
  'text where a date belongs': (text) => text.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/, SENTENCE),
  'no header': (text) => text.slice(text.indexOf('\n') + 1),
};

describe('damaged raw tables', () => {
  it.each(Object.keys(damages))('notes with %s', async (what) => {
    write(path.join('damaged', 'note', 'discharge.csv'), damages[what]!(original()));
    fs.cpSync(at('raw', 'hosp'), at('damaged', 'hosp'), { recursive: true });
    await silent('ingest', '--source', 'mimic4', '--raw', 'damaged', '--out', 'damaged-store', '--force');
  }, 60_000);

  it('the notes where diagnoses should be', async () => {
    const text = gunzipSync(fs.readFileSync(at('raw', 'hosp', 'diagnoses_icd.csv.gz'))).toString('utf8');
    const [header, ...lines] = text.split('\n');
    fs.cpSync(at('raw'), at('mixed'), { recursive: true });
    fs.rmSync(at('mixed', 'hosp', 'diagnoses_icd.csv.gz'));
    write(path.join('mixed', 'hosp', 'diagnoses_icd.csv'), [header, ...lines.slice(0, 40).map((line) => line.replace(/,[^,]*,[^,]*$/, `,"${SENTENCE}",10`)), ...lines.slice(40)].join('\n'));
    await silent('ingest', '--source', 'mimic4', '--raw', 'mixed', '--out', 'mixed-store');
  }, 60_000);

  it('a corpus whose annotations hold text', async () => {
    write('corpus/train/text_files/S1.txt', `${SENTENCE}.`);
    write('corpus/train/trainD.tsv', `S1\t${SENTENCE}\n${SENTENCE}\n`);
    write('corpus/train/trainX.tsv', `S1\tDIAGNOSTICO\tr52\t${MARKER}\t${MARKER} 12\nS1\t${SENTENCE}\n`);
    await silent('ingest', '--source', 'codiesp', '--raw', 'corpus', '--out', 'corpus-store');
  }, 60_000);
});

describe('other damaged files', () => {
  const notText = `{"visit_id": "1", "text": "${SENTENCE}`;

  it.each<[string, () => string[]]>([
    ['a broken record of embed', () => ['embed', '--encoder', 'ft', '--input', write('texts.jsonl', notText), '--out', 'vectors.jsonl']],
    ['a record without text', () => ['embed', '--encoder', 'ft', '--input', write('numbers.jsonl', `{"text": ["${SENTENCE}"]}`), '--out', 'vectors.jsonl']],
    ['a broken record of predict', () => ['predict', '--run', 'ft', '--records', write('records.jsonl', notText), '--out', 'p.jsonl']],
    ['a record with wrong fields', () => ['predict', '--run', 'ft', '--records', write('wrong.jsonl', `{"text": {"a": "${SENTENCE}"}, "${MARKER} field": 1}`), '--out', 'p.jsonl']],
    ['broken coded notes', () => {
      write('coded/manifest.json', JSON.stringify({ command: 'code' }));
      write('coded/notes.jsonl', notText);
      return ['explain', '--coded', 'coded', '--out', 'coded.html'];
    }],
    ['a store whose notes are text', () => {
      fs.cpSync(at('store'), at('text-store'), { recursive: true });
      write('text-store/notes.parquet', SENTENCE);
      return ['prepare', '--store', 'text-store', '--config', 'tiny.yaml', '--out', 'text-data'];
    }],
    ['notes for a list of the split', () => ['prepare', '--store', 'store', '--config', 'tiny.yaml', '--set', 'prepare.split.by=list', '--set', `prepare.split.lists.file=${write('list.csv', `hadm_id,split\n1,"${SENTENCE}"\n${SENTENCE} "x",2\n`)}`, '--out', 'list-data']],
    ['notes for a table of titles', () => ['explain', '--run', 'ft', '--data', 'data', '--store', 'store', '--titles', `icd10cm=${write('titles.csv', `code,title\n"${SENTENCE}","x\n`)}`, '--out', 'titles.html']],
    ['notes for extra codes', () => ['prepare', '--store', 'store', '--config', 'tiny.yaml', '--set', `prepare.codes.extra=[{kind: dx, system: icd10cm, file: ${write('extra.tsv', `${SENTENCE}\t${SENTENCE}\n`)}}]`, '--out', 'extra-data']],
    ['notes for a drug table', () => ['ingest', '--source', 'mimic4', '--raw', 'raw', '--drug-table', write('drugs.csv', `name,atc\n${SENTENCE},"${SENTENCE}"\n${SENTENCE}"x,y\n`), '--out', 'drug-store']],
    ['notes for mentions', () => ['link', '--store', 'store', '--mentions', write('mentions.tsv', `document\tspan\tkind\n${SENTENCE}\t${SENTENCE}\t${SENTENCE}\n`), '--out', 'links.tsv']],
    ['notes for a configuration', () => ['prepare', '--store', 'store', '--config', write('notes.yaml', `${SENTENCE}: "x\n- y`), '--out', 'yaml-data']],
    ['a data directory whose gold is text', () => {
      fs.cpSync(at('data'), at('broken-data'), { recursive: true });
      write('broken-data/visits.parquet', SENTENCE);
      write('broken-data/split.json', notText);
      return ['finetune', 'icd-coding', '--data', 'broken-data', ...WITH_TINY, '--out', 'broken'];
    }],
    ['broken gold and predictions', () => ['score', 'codiesp-d', '--gold', write('gold.tsv', `${SENTENCE}\n`), '--pred', write('pred.tsv', `S1\t${SENTENCE}\t${SENTENCE}\n`)]],
  ])('%s', async (_, args) => {
    expect(await silent(...args())).not.toBeNull();
  }, 60_000);
});
