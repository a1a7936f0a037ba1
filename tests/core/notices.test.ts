import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeArtifact } from '../../src/core/artifact.js';
import { noticesOf, noticesOfInputs, noticeText, writeNotices } from '../../src/core/notices.js';
import { resumableArtifact } from '../../src/core/resumable.js';

let dir: string;
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'notices-'));
});
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }));

const at = (...parts: string[]): string => path.join(dir, ...parts);

function artifact(name: string, manifest: object): string {
  fs.mkdirSync(at(name));
  fs.writeFileSync(at(name, 'manifest.json'), JSON.stringify({ command: name, ...manifest }));
  return at(name);
}

const closed = { licence_notice: 'theirs', do_not_share: true as const };

describe('noticesOf', () => {
  it('takes nothing else of a manifest, each text once, and closes what one source closes', () => {
    const manifest = { command: 'x', seed: 3, licence_notice: 'open' };
    expect(noticesOf(manifest, closed, manifest)).toEqual({ licence_notice: 'open; theirs', do_not_share: true });
    expect(noticesOf(manifest)).toEqual({ licence_notice: 'open' });
    expect(noticesOf()).toEqual({});
  });
});

describe('noticeText', () => {
  it('says both, or nothing', () => {
    expect(noticeText(closed)).toBe('theirs – Do not share.');
    expect(noticeText({ licence_notice: 'open' })).toBe('open');
    expect(noticeText({})).toBeUndefined();
  });
});

describe('artifacts', () => {
  const request = (inputs: string[]) => ({ command: 'b', out: at('b'), config: {}, inputs });

  it('carry the notices of all inputs, of files by the directory that they lie in', async () => {
    const store = artifact('store', closed);
    fs.writeFileSync(path.join(store, 'notes.parquet'), '');
    const open = artifact('open', { licence_notice: 'open' });
    const { manifest } = await writeArtifact(request([open, path.join(store, 'notes.parquet')]), async () => ({ command: 'b' }));
    expect(manifest).toMatchObject({ licence_notice: 'open; theirs', do_not_share: true });
    expect(JSON.parse(fs.readFileSync(at('b', 'manifest.json'), 'utf8'))).toMatchObject(noticesOf(manifest));
  });

  it('say nothing where no input does, and what the command itself says goes first', async () => {
    const mute = artifact('mute', {});
    expect((await writeArtifact(request([mute]), async () => undefined)).manifest).not.toHaveProperty('licence_notice');
    const store = artifact('store', closed);
    const own = { licence_notice: 'ours', do_not_share: undefined };
    expect(JSON.parse(JSON.stringify(noticesOf((await writeArtifact(request([store]), async () => own)).manifest)))).toEqual({ licence_notice: 'ours' });
  });

  it('of long work carry them too', async () => {
    const store = artifact('store', closed);
    const { manifest } = await resumableArtifact({ ...request([store]), resume: false }, async () => ({ finished: true, manifest: { best: 1 } }));
    expect(manifest).toMatchObject({ ...closed, best: 1 });
  });
});

describe('writeNotices', () => {
  it('writes beside a file, in a directory, and what reads either as an input inherits it', () => {
    fs.writeFileSync(at('predictions.tsv'), '');
    writeNotices(at('predictions.tsv'), closed);
    expect(JSON.parse(fs.readFileSync(at('predictions.tsv.licence.json'), 'utf8'))).toEqual(closed);
    expect(noticesOfInputs([at('predictions.tsv')])).toEqual(closed);
    fs.mkdirSync(at('grid'));
    writeNotices(at('grid'), closed);
    expect(noticesOfInputs([at('grid')])).toEqual(closed);
  });

  it('takes back what an earlier command said, when there is nothing to say', () => {
    fs.writeFileSync(at('a.csv'), '');
    writeNotices(at('a.csv'), closed);
    writeNotices(at('a.csv'), {});
    expect(fs.readdirSync(dir)).toEqual(['a.csv']);
  });

  it('does not mind a manifest.json that is not ours', () => {
    fs.mkdirSync(at('foreign'));
    fs.writeFileSync(at('foreign', 'manifest.json'), 'no JSON');
    expect(noticesOfInputs([at('foreign'), at('missing')])).toEqual({});
  });
});
