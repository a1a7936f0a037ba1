/** What people type, press and read: codes, keys, the model's card. */
import { describe, expect, expectTypeOf, it } from 'vitest';
import { cardFacts, cardLine, limitation, predictsCodes, type ModelCard } from '../../../src/serve/page/browser/card.js';
import { choicesOf, readableSystems, typedCodes } from '../../../src/serve/page/browser/codes.js';
import { commandOf, type Focus, type Keystroke } from '../../../src/serve/page/browser/commands.js';
import type { Coded, Example, Scored } from '../../../src/serve/page/browser/contract.js';
import type { ExamplesAnswer, ExplainAnswer, InvocationAnswer, ModelAnswer } from '../../../src/serve/schemas.js';

const card: ModelCard = { task: 'icd-coding', inputs: ['text', 'rx'], labels: 1323, systems: ['icd9cm', 'own'], command: 'finetune', version: '0.1.0', max_tokens: 384, explains: true, do_not_share: false };

describe('the server’s answers', () => {
  it('are what the page takes them for', () => {
    expectTypeOf<ModelAnswer>().toExtend<ModelCard>();
    expectTypeOf<ExplainAnswer>().toExtend<Coded>();
    expectTypeOf<InvocationAnswer['predictions'][number]>().toExtend<Scored>();
    expectTypeOf<ExamplesAnswer[number]>().toExtend<Example>();
  });
});

describe('codes', () => {
  it('may be typed or pasted in any spelling of a list', () => {
    expect(typedCodes(' c10aa05, N02BE01;\n c10AA05 ')).toEqual(['C10AA05', 'N02BE01']);
    expect(typedCodes(' , ')).toEqual([]);
  });

  it('are offered in the systems that the model reads, and in those it was trained on', () => {
    expect(readableSystems(['text', 'rx']).map(({ system }) => system)).toEqual(['atc']);
    expect(readableSystems(['dx', 'px']).map(({ system }) => system)).toEqual(['icd10cm', 'icd9cm', 'icd10pcs', 'icd9proc']);
    expect(choicesOf(['icd9cm', 'own']).map(({ name }) => name)).toEqual(['ICD-9-CM', 'own']);
  });
});

describe('keys', () => {
  const press = (key: string, focus: Focus, held: Partial<Keystroke> = {}) => commandOf({ key, ctrlKey: false, metaKey: false, altKey: false, ...held }, focus);

  it('act on codes outside fields, in either case', () => {
    expect(['a', 'A', 'r', 'u', 'Escape'].map((key) => press(key, 'list'))).toEqual(['accept', 'accept', 'reject', 'undo', 'release']);
    expect(['a', 'r', 'u', 'Escape', 'ArrowDown'].map((key) => press(key, 'field'))).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });

  it('move in the list by lines, in the note by places, elsewhere not at all', () => {
    expect(['ArrowDown', 'ArrowUp', 'Home', 'End', 'ArrowRight'].map((key) => press(key, 'list'))).toEqual(['next', 'previous', 'first', 'last', undefined]);
    expect(['ArrowRight', 'ArrowLeft'].map((key) => press(key, 'note'))).toEqual(['next', 'previous']);
    expect(press('ArrowDown', 'elsewhere')).toBeUndefined();
  });

  it('code from anywhere with Ctrl or ⌘ and Enter, and leave the browser’s own alone', () => {
    expect(press('Enter', 'field', { ctrlKey: true })).toBe('code');
    expect(press('Enter', 'list', { metaKey: true })).toBe('code');
    expect(press('z', 'list', { ctrlKey: true })).toBe('undo');
    expect(press('z', 'field', { ctrlKey: true })).toBeUndefined();
    expect(press('a', 'list', { ctrlKey: true })).toBeUndefined();
    expect(press('r', 'list', { metaKey: true })).toBeUndefined();
    expect(press('ArrowLeft', 'note', { altKey: true })).toBeUndefined();
  });
});

describe('the model’s card', () => {
  it('says what the model reads and chooses from', () => {
    expect(cardLine(card)).toBe('Reads the note and medication codes; chooses from 1,323 codes of ICD-9-CM and own.');
    expect(cardLine({ ...card, task: 'readmission' })).toBe('Reads the note and medication codes.');
    expect(predictsCodes({ ...card, task: 'readmission' })).toBe(false);
  });

  it('shows licence and sharing where there are any, and always that it is not for clinical use', () => {
    expect(cardFacts(card).map(([name]) => name)).toEqual(['Task', 'Reads', 'Labels', 'Length', 'Made by', 'Use']);
    const credentialed = Object.fromEntries(cardFacts({ ...card, licence_notice: 'PhysioNet', do_not_share: true }));
    expect(credentialed).toMatchObject({ Licence: 'PhysioNet', Sharing: expect.stringContaining('Do not share') as string, Use: expect.stringContaining('Not for clinical use') as string });
  });

  it('says what the page cannot send', () => {
    expect(limitation(card)).toBeUndefined();
    expect(limitation({ ...card, inputs: ['text', 'history'] })).toContain('one past visit');
  });
});
