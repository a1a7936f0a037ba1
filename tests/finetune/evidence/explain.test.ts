/** From a store with marked findings to explained notes: span-level training points at what was planted, and every format holds it. */
import fs from 'node:fs';
import path from 'node:path';
import { JSDOM } from 'jsdom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finetuneSchema } from '../../../finetune/config.js';
import type { ExplainedNote } from '../../../finetune/evidence/explained-note.js';
import { finetune } from '../../../finetune/run.js';
import { execute } from '../../../src/cli/execute.js';
import { silentLogger } from '../../../src/core/log.js';
import { createRng } from '../../../src/core/rng.js';
import { modelSchema } from '../../../src/encoders/config.js';
import type { EvidenceFigures } from '../../../src/metrics/evidence.js';
import { cacheConfigSchema } from '../../../src/prefix-cache/index.js';
import { sqlString, withDuckDB } from '../../../src/records/store.js';
import { prepareAgain, temporaryDirectory, writeStore, type FixtureVisit } from '../../dataset/store-fixture.js';

const dir = temporaryDirectory();
const [store, data] = [path.join(dir, 'store'), path.join(dir, 'data')];
afterAll(() => fs.rmSync(dir, { recursive: true, force: true }));

const findings: Record<string, string> = { fiebre: 'R50.9', 'tos seca': 'R05', disnea: 'R06.0', 'dolor torácico': 'R07.4', anemia: 'D64.9', 'ictericia leve': 'R17', vértigo: 'R42' };
const fillers = ['Paciente sin alergias.', 'Acude <b>solo</b> a consulta;', 'vive con su familia,', 'no fuma.', 'Buen estado 😀.', 'Niega otros síntomas.'];

interface Planted {
  visit: string;
  code: string;
  start: number;
  end: number;
}

/** Each visit has two findings among what says nothing. */
function synthesise(count: number): { visits: FixtureVisit[]; planted: Planted[] } {
  const rng = createRng(5, 'notes');
  const planted: Planted[] = [];
  const visits = Array.from({ length: count }, (_, v): FixtureVisit => {
    const visit = `v${String(v).padStart(3, '0')}`;
    const chosen = rng.split('findings', v).shuffle(Object.entries(findings)).slice(0, 2);
    let text = '';
    for (const [words, code] of chosen) {
      text += `${rng.shuffle(fillers).slice(0, 2).join(' ')}\nPresenta `;
      const start = Array.from(text).length;
      planted.push({ visit, code, start, end: start + words.length });
      text += `${words}. `;
    }
    return { visit, patient: visit, split: v % 5 === 0 ? 'dev' : 'train', text, dx: chosen.map(([, code]) => `icd10cm ${code}`) };
  });
  return { visits, planted };
}

const { visits, planted } = synthesise(100);

const train = (out: string, evidence: unknown) =>
  finetune({
    task: 'icd-coding', data, out: path.join(dir, out), seed: 1, device: 'cpu', resume: false, force: false, signal: new AbortController().signal, log: silentLogger(),
    config: {
      model: modelSchema.parse({ text: { width: 16, layers: 1, heads: 2, feed_forward: 16, window: 24, overlap: 4, max_tokens: 96, dropout: 0 }, codes: { width: 12, layers: 1, heads: 2, feed_forward: 12 }, reader: { width: 16 } }),
      finetune: finetuneSchema.parse({ inputs: ['text'], evidence, training: { epochs: 12, batch_size: 8 }, optimizer: { learning_rate: 0.01 } }),
      cache: cacheConfigSchema.parse({ enabled: false }),
    },
  });

const explain = async (out: string, ...more: string[]) => explainFrom(store, out, ...more);
const explainFrom = async (from: string, out: string, ...more: string[]) =>
  (await execute(['explain', '--run', path.join(dir, 'run'), '--data', data, '--store', from, '--out', path.join(dir, out), ...more], { signal: new AbortController().signal, log: silentLogger() }))!.result;

beforeAll(async () => {
  await writeStore(store, visits, Object.entries(findings).map(([title, code]) => ['icd10cm', code, title]));
  const rows = planted.map(({ visit, code, start, end }) => `('${visit}', 'dx', 'icd10cm', '${code}', ${start}, ${end}, '${start} ${end}', '')`);
  await withDuckDB({}, (connection) => connection.run(`copy (select * from (values ${rows.join(', ')}) t(visit_id, kind, system, code, "start", "end", fragments, text)) to ${sqlString(path.join(store, 'evidence.parquet'))} (format parquet)`));
  await prepareAgain(store, data, { split: { by: 'source' }, tokenizer: { vocabulary_size: 200, lowercase: true } });
  await train('run', { weight: 0.3, store });
}, 120_000);

describe('medweave explain', () => {
  it('points at the marked words after span-level training', async () => {
    const { json } = await explain('notes.jsonl', '--gold', '--top', '1');
    const { figures } = json as { figures: EvidenceFigures };
    expect(figures.pairs).toBe(40);
    expect(figures.iou).toBeGreaterThan(0.9);
    expect(figures.mass).toBeGreaterThan(0.8);
  });

  it('writes notes with codes by falling probability and spans in code points of the raw text', () => {
    const notes = fs.readFileSync(path.join(dir, 'notes.jsonl'), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as ExplainedNote);
    expect(notes.map(({ id }) => id)).toEqual(visits.filter(({ split }) => split === 'dev').map(({ visit }) => visit));
    for (const { id, text, codes } of notes) {
      expect(text).toBe(visits.find(({ visit }) => visit === id)!.text);
      const probabilities = codes.map(({ probability }) => probability);
      expect(probabilities).toEqual([...probabilities].sort((a, b) => b - a));
      const best = codes.find(({ predicted }) => predicted);
      if (best) expect(best.title).toContain(Array.from(text).slice(best.spans[0]!.start, best.spans[0]!.end).join(''));
    }
  });

  it('writes CodiEsp-X, which its scorer reads', async () => {
    await explain('x.tsv');
    const dev = new Set(visits.filter(({ split }) => split === 'dev').map(({ visit }) => visit));
    fs.writeFileSync(path.join(dir, 'gold.tsv'), planted.filter(({ visit }) => dev.has(visit)).map(({ visit, code, start, end }) => `${visit}\tDIAGNOSTICO\t${code.toLowerCase()}\tx\t${start} ${end}\n`).join(''));
    const scored = await execute(['score', 'codiesp-x', '--gold', path.join(dir, 'gold.tsv'), '--pred', path.join(dir, 'x.tsv')], { signal: new AbortController().signal, log: silentLogger() });
    expect((scored!.result.json as { dialects: Record<string, { f1: number }> }).dialects['codiesp-strict']!.f1).toBeGreaterThan(0.9);
  });

  it('renders a page of the visits that were asked for, for its owner only', async () => {
    await explain('page.html', '--gold', '--visits', 'v005,v000', '--top', '3');
    const file = path.join(dir, 'page.html');
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    const { document } = new JSDOM(fs.readFileSync(file, 'utf8')).window;
    expect([...document.querySelectorAll('h2')].map((heading) => heading.textContent)).toEqual(['v005', 'v000']);
    expect([...document.querySelectorAll('.note-text')].map((note) => note.textContent)).toEqual([visits[5]!.text, visits[0]!.text]);
    expect(document.querySelector('.notice')!.textContent).toContain('made up');
    expect(document.querySelector('.place')!.textContent).toMatch(/[A-Z]\d\d-[A-Z]\d\d/);
    expect(document.querySelectorAll('mark.g').length).toBeGreaterThanOrEqual(4);
  });

  it.each([
    [['notes.jsonl'], 'exists already'],
    [['page.pdf'], '.html, .tsv, .jsonl'],
    [['nowhere/page.html'], 'does not exist'],
    [['a.html', '--visits', 'v001'], 'no visit v001 with a note in split dev'],
    [['a.html', '--split', 'test'], 'no visit with a note in split test'],
    [['a.html', '--titles', 'icd10cm'], 'SYSTEM=FILE'],
  ])('refuses %j', async ([out, ...more], message) => {
    await expect(explain(out!, ...more)).rejects.toThrow(message);
  });

  it('refuses a store with other notes', async () => {
    const other = path.join(dir, 'other');
    await writeStore(other, visits.map((visit) => ({ ...visit, text: `Nada. ${visit.text}` })));
    fs.copyFileSync(path.join(store, 'evidence.parquet'), path.join(other, 'evidence.parquet'));
    await expect(explainFrom(other, 'b.html')).rejects.toThrow(`${other}: the note of visit v000 is not the one`);
  });
});

describe('finetune.evidence', () => {
  it('needs a store, and evidence in it', async () => {
    expect(finetuneSchema.safeParse({ evidence: { weight: 1 } }).error!.issues[0]!.path).toEqual(['evidence', 'store']);
    const bare = path.join(dir, 'bare');
    await writeStore(bare, visits);
    await withDuckDB({}, (connection) => connection.run(`copy (select * from read_parquet(${sqlString(path.join(store, 'evidence.parquet'))}) where false) to ${sqlString(path.join(bare, 'evidence.parquet'))} (format parquet)`));
    await expect(train('none', { weight: 1, store: bare })).rejects.toThrow('no evidence for the 80 training visits');
  });
});
