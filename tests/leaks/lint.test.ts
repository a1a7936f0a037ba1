import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger, type Logger } from '../../src/core/log.js';
import type { Dataset } from '../../src/dataset/index.js';
import { assertNoLeaks, findLeaks, lint, type Finding, type LintRequest } from '../../src/leaks/index.js';
import { temporaryDirectory } from '../dataset/store-fixture.js';
import { cleanVisits, coding, editJson, medication, prepareClean, readmission, replaceColumns, tampered, writeRun } from './planted.js';

const root = temporaryDirectory();
afterAll(() => fs.rmSync(root, { recursive: true }));
const folder = (name: string): string => path.join(root, name);

let clean: Dataset;
beforeAll(async () => {
  clean = await prepareClean(folder('clean'));
});

const namesOf = (request: LintRequest): string[] => findLeaks(request).map(({ name }) => name);
const messageOf = (request: LintRequest): string => findLeaks(request).map(({ message }) => message).join();
const statusOf = (findings: Finding[], check: RegExp): string | undefined => findings.find((finding) => check.test(finding.check))?.status;

describe('data without leaks', () => {
  it('passes every check, for every task', () => {
    for (const declaration of [undefined, coding, readmission, medication]) {
      const findings = lint({ dataset: clean, declaration, notes: true });
      expect(findings.filter(({ status }) => status !== 'ok')).toEqual([]);
      expect(findings.length).toBeGreaterThanOrEqual(declaration ? 8 : 6);
      expect(() => assertNoLeaks({ dataset: clean, declaration, log: silentLogger() })).not.toThrow();
    }
  });
});

describe('a patient in two splits', () => {
  it('is found in visits.parquet, and as a difference from split.json', async () => {
    const [row] = clean.rowsOf('test');
    const dataset = await tampered(clean.dir, folder('moved-visit'), (dir) => replaceColumns(dir, `case when visit_id = '${clean.visitIds[row!]}' then 'train' else split end as split`));
    expect(namesOf({ dataset })).toEqual(['patient-overlap', 'split-file', 'vocabulary', 'vocabulary']);
    expect(messageOf({ dataset })).toMatch(/1 of 24 patients have visits in more than one split \(train and test: 1\).*1 of 72 visits .* in another split there/);
  });

  it('is found where the split is by visit, and can be allowed', async () => {
    const dataset = await prepareClean(folder('by-visit'), cleanVisits, { split: { by: 'visit', train: 0.6, dev: 0.2, test: 0.2 } });
    expect(namesOf({ dataset, declaration: coding })).toEqual(['patient-overlap']);
    expect(namesOf({ dataset, declaration: { ...coding, allow: ['patient-overlap'] } })).toEqual([]);
  });

  it('cannot be hidden by changing split.json', async () => {
    const dataset = await tampered(clean.dir, folder('split-changed'), (dir) =>
      editJson<{ patients: Record<string, string> }>(path.join(dir, 'split.json'), ({ patients }) => {
        patients.p0 = patients.p0 === 'train' ? 'test' : 'train';
      }),
    );
    expect(namesOf({ dataset })).toEqual(['split-file']);
    expect(messageOf({ dataset })).toContain('it was changed after `medweave prepare`');
  });
});

describe('a note on both sides', () => {
  it('is unclear, not a leak; short ones are let be', async () => {
    const copied = async (name: string, text: string) => prepareClean(folder(name), cleanVisits.map((visit) => (['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7', 'p8', 'p9', 'p10', 'p11'].includes(visit.patient) ? { ...visit, text } : visit)), { split: { train: 0.4, dev: 0.3, test: 0.3 } });
    const long = lint({ dataset: await copied('copied-note', 'fever and cough '.repeat(8)), notes: true });
    expect(statusOf(long, /no note twice/)).toBe('unclear');
    expect(long.find(({ check }) => check.includes('no note twice'))!.message).toMatch(/^\d+ of 42 notes of dev and test/);
    expect(statusOf(lint({ dataset: await copied('copied-line', 'see chart'), notes: true }), /no note twice/)).toBe('ok');
  });
});

describe('a vocabulary or tokenizer that saw dev or test', () => {
  it('is found by its counts', async () => {
    const dataset = await tampered(clean.dir, folder('counts'), (dir) =>
      editJson<{ kinds: { dx: { count: number }[] } }>(path.join(dir, 'vocab.json'), ({ kinds }) => {
        kinds.dx[0]!.count += 1;
      }),
    );
    expect(namesOf({ dataset })).toEqual(['vocabulary']);
    expect(messageOf({ dataset })).toMatch(/vocab\.json: 1 of 5 codes have other counts .* 0 are in no training visit/);
  });

  it('is found by a code that no training visit has', async () => {
    const dataset = await tampered(clean.dir, folder('extra-code'), (dir) =>
      editJson<{ kinds: { px: object[] } }>(path.join(dir, 'vocab.json'), ({ kinds }) => {
        kinds.px.push({ system: 'icd9proc', code: '36.15', count: 3 });
      }),
    );
    expect(messageOf({ dataset })).toMatch(/px 36\.15: 3 instead of 0.* 1 are in no training visit/);
  });

  it('is found by what the manifest records; a manifest that records nothing is unclear', async () => {
    const other = await tampered(clean.dir, folder('fitted-on-all'), (dir) =>
      editJson<{ fitted_on: { visits: number; visits_hash: string } }>(path.join(dir, 'manifest.json'), ({ fitted_on }) => {
        Object.assign(fitted_on, { visits: 72, visits_hash: 'of all visits' });
      }),
    );
    expect(namesOf({ dataset: other })).toEqual(['vocabulary']);
    expect(messageOf({ dataset: other })).toContain('were fitted on 72 visits that are not the');
    const silent = await tampered(clean.dir, folder('fitted-on-nothing'), (dir) => editJson<{ fitted_on?: object }>(path.join(dir, 'manifest.json'), (manifest) => delete manifest.fitted_on));
    expect(statusOf(lint({ dataset: silent }), /fitted on the training visits/)).toBe('unclear');
  });

  it('is found where the tokenizer comes from data split otherwise; unknown tokenizers are unclear', async () => {
    const from = path.join(clean.dir, 'tokenizer.json');
    const same = await prepareClean(folder('same-split'), cleanVisits, { tokenizer: { from } });
    expect(statusOf(lint({ dataset: same }), /tokenizer learnt/)).toBe('ok');
    const other = await prepareClean(folder('other-split'), cleanVisits, { tokenizer: { from }, split: { seed: 7 } });
    expect(namesOf({ dataset: other })).toEqual(['tokenizer']);
    fs.cpSync(from, folder('tokenizer.json'));
    const foreign = await prepareClean(folder('foreign-tokenizer'), cleanVisits, { tokenizer: { from: folder('tokenizer.json') } });
    expect(statusOf(lint({ dataset: foreign }), /tokenizer learnt/)).toBe('unclear');
  });
});

describe('what a run started from', () => {
  const split_id = () => clean.manifest.split_id;
  const run = (name: string, from: string[], data = clean) => writeRun(folder(name), { command: from.length ? 'pretrain' : 'mlm', inputs: [data.dir, ...from], split_id: data.manifest.split_id });

  it('passes with the same split, all the way back', () => {
    const chain = run('pretrained', [run('mlm', [])]);
    const findings = lint({ dataset: clean, pretrained: chain }).filter(({ check }) => check.startsWith('patients that'));
    expect(findings.map(({ status, check }) => `${status} ${check}`)).toEqual(['ok patients that pretrained was trained on', 'ok patients that mlm was trained on']);
  });

  it('is a leak where it was trained on dev or test patients, however far back, through an export too', async () => {
    const other = await prepareClean(folder('pretrain-data'), cleanVisits, { split: { seed: 7 } });
    const mlm = run('mlm-other', [], other);
    const exported = writeRun(folder('exported'), { command: 'export', inputs: [mlm], split_id: other.manifest.split_id });
    const chain = run('pretrained-on-export', [exported]);
    expect(namesOf({ dataset: clean, pretrained: chain })).toEqual(['pretraining-overlap']);
    const heldOut = new Set([...clean.rowsOf('dev'), ...clean.rowsOf('test')].map((row) => clean.patientIds[row]!));
    const trained = new Set([...other.rowsOf('train')].map((row) => other.patientIds[row]!));
    const seen = [...heldOut].filter((patient) => trained.has(patient)).length;
    expect(messageOf({ dataset: clean, pretrained: chain })).toContain(`training patients hold ${seen} of the ${heldOut.size} dev and test patients`);
  });

  it('passes where the other data has none of these patients', async () => {
    const elsewhere = await prepareClean(folder('elsewhere'), cleanVisits.map((visit) => ({ ...visit, patient: `other ${visit.patient}`, visit: `other ${visit.visit}` })));
    expect(namesOf({ dataset: clean, pretrained: run('mlm-elsewhere', [], elsewhere) })).toEqual([]);
  });

  it('is found visit by visit, where the other split is by visit', async () => {
    const dataset = await prepareClean(folder('pretrain-by-visit'), cleanVisits, { split: { by: 'visit', train: 0.6, dev: 0.2, test: 0.2 } });
    expect(namesOf({ dataset: clean, pretrained: run('mlm-by-visit', [], dataset) })).toEqual(['pretraining-overlap']);
  });

  it('is not passed where it cannot be established', async () => {
    const gone = await prepareClean(folder('gone'), cleanVisits, { split: { seed: 7 } });
    const orphan = run('orphan', [], gone);
    fs.rmSync(gone.dir, { recursive: true });
    expect(messageOf({ dataset: clean, pretrained: orphan })).toContain('cannot be established');
    const silent = writeRun(folder('silent'), { command: 'mlm', inputs: [clean.dir] });
    expect(namesOf({ dataset: clean, pretrained: silent })).toEqual(['pretraining-unknown']);
    const lost = writeRun(folder('lost'), { command: 'pretrain', inputs: [clean.dir, folder('never-there')], split_id: split_id() });
    expect(messageOf({ dataset: clean, pretrained: lost })).toContain('never-there: a run started from it, but it is gone');
    expect(namesOf({ dataset: clean, pretrained: lost, declaration: { ...coding, allow: ['pretraining-unknown'] } })).toEqual([]);
  });

  it('is unclear for a checkpoint from elsewhere', () => {
    fs.mkdirSync(folder('clinical-bert'));
    const findings = lint({ dataset: clean, pretrained: run('from-checkpoint', [folder('clinical-bert')]) });
    expect(statusOf(findings, /clinical-bert/)).toBe('unclear');
    expect(findings.filter(({ status }) => status === 'leak')).toEqual([]);
  });
});

describe('a fine-tuned run', () => {
  const task = { task: 'icd-coding', labels: [{ system: 'icd9cm', code: '401.9', count: 1 }], threshold: 0.3, threshold_from: 'dev' };
  const runWith = (name: string, changed: object): string => {
    const dir = writeRun(folder(name), { command: 'finetune', inputs: [clean.dir], split_id: clean.manifest.split_id }, clean);
    fs.writeFileSync(path.join(dir, 'task.json'), JSON.stringify({ ...task, ...changed }));
    return dir;
  };

  it('passes with its threshold from dev and its labels from training', () => {
    expect(lint({ dataset: clean, run: runWith('fine', {}) }).filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(lint({ dataset: clean, run: runWith('readmitted', { labels: [{ system: 'task', code: 'readmitted', count: 9 }] }) }).filter(({ status }) => status !== 'ok')).toEqual([]);
  });

  it('is a leak with its threshold from test, unclear when it does not say', () => {
    expect(namesOf({ dataset: clean, run: runWith('test-threshold', { threshold_from: 'test' }) })).toEqual(['threshold']);
    expect(statusOf(lint({ dataset: clean, run: runWith('some-threshold', { threshold_from: undefined }) }), /threshold/)).toBe('unclear');
  });

  it('is a leak with labels counted in other visits, or that no training visit has', () => {
    expect(namesOf({ dataset: clean, run: runWith('counted', { labels: [{ system: 'icd9cm', code: '401.9', count: 60 }] }) })).toEqual(['labels']);
    expect(messageOf({ dataset: clean, run: runWith('unknown-label', { labels: [{ system: 'icd9cm', code: '999.9', count: 0 }] }) })).toContain('1 of 1 labels');
  });

  it('with another vocabulary is unclear', async () => {
    const dataset = await prepareClean(folder('coarser'), cleanVisits, { codes: { dx: 'category' } });
    expect(statusOf(lint({ dataset, run: runWith('other-vocabulary', {}) }), /vocabulary and tokenizer of the run/)).toBe('unclear');
  });

  it('that cannot be read is an error that says what to do', () => {
    const dir = runWith('damaged', {});
    fs.writeFileSync(path.join(dir, 'task.json'), '{"labels": {"kind": "dx"}}');
    expect(() => lint({ dataset: clean, run: dir })).toThrow(/task\.json: expected .*finetune --force/);
    fs.writeFileSync(path.join(dir, 'task.json'), '{');
    expect(() => lint({ dataset: clean, run: dir })).toThrow(/task\.json: cannot be read/);
  });
});

describe('training that starts', () => {
  const logged = () => {
    const lines: string[] = [];
    const log = { warn: (line: string) => lines.push(line) } as unknown as Logger;
    return { lines, log };
  };

  it('is refused with every leak named', () => {
    const declaration = { ...medication, inputs: [{ modality: 'text', visit: 'same' }, { modality: 'rx', visit: 'same' }] } as typeof medication;
    expect(() => assertNoLeaks({ dataset: clean, declaration, log: logged().log })).toThrow(/^2 leaks: target-medications: .* — same-visit-text: .*finetune\.allow_leaks/);
  });

  it('goes on with leaks that are allowed, and says so', () => {
    const declaration = { ...medication, inputs: [{ modality: 'text', visit: 'same' }], allow: ['same-visit-text'] } as typeof medication;
    const { lines, log } = logged();
    assertNoLeaks({ dataset: clean, declaration, log });
    expect(lines).toEqual([expect.stringMatching(/^leak allowed \(same-visit-text\): medication is predicted at admission/)]);
  });
});
