/** What a protocol makes of a configuration, and how a run's record is told by its values; on switches of the test's own. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { assertSwitches, protocolSchema, readSwitches, recordProtocol, withProtocol, alternativesOf, type ProtocolChoice, type ProtocolSwitch } from '../../src/protocols/index.js';

const one = (name: string, variants: Pick<ProtocolSwitch, 'paper' | 'released' | 'corrected' | 'gbert'>): ProtocolSwitch => ({ name, what: name, source: 'test', ...variants });

const switches: ProtocolSwitch[] = [
  one('heads', { paper: { 'model.heads': 2 }, released: { 'model.heads': 4 }, corrected: { 'model.heads': 2 } }),
  one('random', { paper: { 'pretrain.random': 'a' }, released: { 'pretrain.random': 'a' }, corrected: { 'pretrain.random': 'a' }, gbert: { 'pretrain.random': 'b' } }),
  one('text', { paper: { 'finetune.reads': ['dx'], 'finetune.allow+': [] }, released: { 'finetune.reads': ['dx', 'text'], 'finetune.allow+': ['text'] }, corrected: { 'finetune.reads': ['dx'], 'finetune.allow+': [] } }),
  one('history', { paper: { 'finetune.history': 'past', 'finetune.allow+': [] }, released: { 'finetune.history': 'all', 'finetune.allow+': ['history'] }, corrected: { 'finetune.history': 'past', 'finetune.allow+': [] } }),
  one('ours', { paper: { 'pretrain.extra': 0 }, released: { 'pretrain.extra': 0 }, corrected: { 'pretrain.extra': 1 } }),
];

const choose = (choice: unknown): ProtocolChoice => protocolSchema.parse(choice) as ProtocolChoice;
const follow = (own: Record<string, unknown>, choice: unknown) => withProtocol(own, choose(choice), switches);

describe('withProtocol', () => {
  it('sets what the base says', () => {
    expect(follow({}, 'released')).toEqual({
      model: { heads: 4 }, pretrain: { random: 'a', extra: 0 }, finetune: { reads: ['dx', 'text'], history: 'all', allow: ['text', 'history'] }, protocol: { base: 'released' },
    });
  });

  it('leaves what the file says', () => {
    const own = { model: { heads: 3, width: 8 }, finetune: { reads: [], allow: ['other'] } };
    expect(follow(own, 'released')).toMatchObject({ model: { heads: 3, width: 8 }, finetune: { reads: [], history: 'all', allow: ['other'] } });
    expect(own).toEqual({ model: { heads: 3, width: 8 }, finetune: { reads: [], allow: ['other'] } });
  });

  it('lets a switch that is chosen by name win over the file, and add to its list', () => {
    const own = { finetune: { reads: ['px'], history: 'none', allow: ['other'] } };
    expect(follow(own, { text: 'released' })).toMatchObject({ finetune: { reads: ['dx', 'text'], history: 'none', allow: ['other', 'text'] } });
  });

  it('says nothing of a switch that is `configured`', () => {
    expect(follow({ model: { heads: 3 } }, { base: 'released', text: 'configured', ours: 'configured' })).toMatchObject({ model: { heads: 3 }, pretrain: { random: 'a' }, finetune: { allow: ['history'] } });
    expect(follow({}, { base: 'released', ours: 'configured' })).not.toHaveProperty('pretrain.extra');
  });

  it('does not hide what the schema will refuse', () => {
    expect(follow({ model: 7, pretrain: null }, 'paper')).toMatchObject({ model: 7, pretrain: { random: 'a', extra: 0 } });
  });

  it('gives each variant of a switch, also those that no protocol takes', () => {
    expect(follow({}, { random: 'gbert' })).toMatchObject({ pretrain: { random: 'b' }, protocol: { base: 'corrected', random: 'gbert' } });
  });
});

describe('a choice that cannot be', () => {
  it.each([
    [{ base: 'corrected', haeds: 'released' }, 'there is no switch haeds; there are heads, random, text, history, ours'],
    [{ base: 'corrected', heads: 'gbert' }, 'switch heads: expected paper, released, corrected, configured, got gbert'],
  ])('%o', (choice, message) => {
    expect(() => assertSwitches(choose(choice), switches, '--switch')).toThrow(`--switch: ${message}`);
  });

  it.each(['lenient', 7, { base: 'gbert' }, { heads: 'mine' }])('%o', (choice) => {
    expect(protocolSchema.safeParse(choice).success).toBe(false);
  });
});

describe('recordProtocol', () => {
  const record = (choice: unknown, config: object) => recordProtocol(choice === undefined ? undefined : choose(choice), config, switches);

  it('is the base alone where the values are the base\'s', () => {
    for (const base of ['paper', 'released', 'corrected']) expect(record(base, follow({}, base))).toEqual({ base });
    expect(record(undefined, follow({}, 'corrected'))).toEqual({ base: 'corrected' });
  });

  it('names the variant whose values a switch has, whoever set them', () => {
    expect(record('corrected', follow({ model: { heads: 4 } }, 'corrected'))).toEqual({ base: 'corrected', heads: 'released' });
    expect(record('corrected', follow({}, { heads: 'released', random: 'gbert' }))).toEqual({ base: 'corrected', heads: 'released', random: 'gbert' });
  });

  it('says `configured` of values that no variant has', () => {
    expect(record('paper', follow({ model: { heads: 3 } }, 'paper'))).toEqual({ base: 'paper', heads: 'configured' });
  });

  it('prefers the variant that was asked for among equal ones', () => {
    const values = follow({}, { ours: 'released' });
    expect(record({ ours: 'released' }, values)).toEqual({ base: 'corrected', ours: 'released' });
    expect(record({ ours: 'paper' }, values)).toEqual({ base: 'corrected', ours: 'paper' });
    expect(record('corrected', values)).toEqual({ base: 'corrected', ours: 'paper' });
  });

  it('leaves out switches of sections that the run does not use', () => {
    const { model, pretrain } = follow({}, { heads: 'released', text: 'released' }) as Record<string, object>;
    expect(record({ heads: 'released', text: 'released' }, { model, pretrain })).toEqual({ base: 'corrected', heads: 'released' });
  });

  it('can be read back: it gives the same values', () => {
    const config = follow({ model: { heads: 4 }, pretrain: { extra: 5 } }, { base: 'released', text: 'paper' });
    expect(withProtocol(config, record('released', config), switches)).toMatchObject({ ...config, protocol: {} });
  });
});

describe('alternativesOf', () => {
  it('are the variants that set something else than corrected, once each', () => {
    expect(switches.map(alternativesOf)).toEqual([['released'], ['gbert'], ['released'], ['released'], ['released']]);
    expect(alternativesOf(one('three', { paper: { a: 1 }, released: { a: 2 }, corrected: { a: 3 }, gbert: { a: 1 } }))).toEqual(['released', 'paper']);
  });
});

describe('readSwitches', () => {
  const read = (yaml: string) => {
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-protocols-')), 'protocols.yaml');
    fs.writeFileSync(file, yaml);
    return () => readSwitches(file);
  };
  const entry = (name: string, released = '{ a.b: 2 }') => `- { name: ${name}, what: w, source: s, paper: { a.b: 1 }, released: ${released}, corrected: { a.b: 1 } }\n`;

  it('refuses two switches of one name, and variants that set different paths', () => {
    expect(read(entry('x') + entry('x'))).toThrow('two switches x');
    expect(read(entry('x', '{ a.c: 2 }'))).toThrow('switch x: every variant must set the same paths, got a.b and a.c');
  });

  it('refuses a path that is none, and a switch without a variant', () => {
    expect(read(entry('x', '{ a: 2 }'))).toThrow('protocols.yaml');
    expect(read('- { name: x, what: w, source: s, paper: {}, released: {} }')).toThrow('corrected');
  });
});
