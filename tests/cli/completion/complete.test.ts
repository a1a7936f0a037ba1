/** What follows on an unfinished command line. */
import { describe, expect, it } from 'vitest';
import { execute } from '../../../src/cli/execute.js';
import { complete, type CompletionTable } from '../../../src/cli/completion/complete.js';
import { COMPLETION_REQUEST, completionScript, shells } from '../../../src/cli/completion/scripts.js';

const table: CompletionTable = {
  '': { options: { help: { value: false, list: false, choices: [] } }, positionals: [] },
  train: {
    options: {
      data: { value: true, list: false, choices: [] },
      split: { value: true, list: false, choices: ['dev', 'test'] },
      set: { value: true, list: true, choices: [] },
      force: { value: false, list: false, choices: [] },
    },
    positionals: [['coding', 'readmission'], ['a', 'b']],
  },
  try: { options: {}, positionals: [] },
};
const after = (line: string): string[] => complete(line.split(' '), table);

describe('complete', () => {
  it.each([
    ['', ['train', 'try']],
    ['tra', ['train']],
    ['--', ['--help']],
    ['train ', ['coding', 'readmission']],
    ['train r', ['readmission']],
    ['train --force c', ['coding']],
    ['train coding ', ['a', 'b']],
    ['train coding a ', ['a', 'b']],
    ['train --split ', ['dev', 'test']],
    ['train --split dev ', ['coding', 'readmission']],
    ['train coding --', ['--data', '--split', '--set', '--force']],
    ['train --data x --set a=b --', ['--split', '--set', '--force']],
    ['train --set cache.e', ['cache.enabled=']],
    ['train --set finetune.tr', ['finetune.training.']],
    ['nothing ', []],
  ])('%j', (line, words) => {
    expect(after(line)).toEqual(words);
  });

  it('leaves files to the shell', () => {
    expect(after('train --data ')).toEqual([]);
  });

  it('knows the bundled configurations', () => {
    expect(complete(['prepare', '--config', 'cod'])).toEqual(expect.arrayContaining(['codiesp', 'codiesp-encoder']));
  });
});

describe('the command line', () => {
  const printed = async (...words: string[]): Promise<string[]> =>
    (await execute([COMPLETION_REQUEST, 'medweave', ...words], { signal: new AbortController().signal }))!.result.text.split('\n');

  it('answers a shell, whatever program name it was called by', async () => {
    expect(await printed('finet')).toEqual(['finetune']);
    expect(await printed('finetune', '')).toEqual(['icd-coding', 'readmission', 'medication']);
    expect(await printed('evaluate', '--run', 'run', '--spl')).toEqual(['--split']);
    expect(await printed('evaluate', '--split', '')).toEqual(['train', 'dev', 'test']);
  });

  it.each(shells)('has a script for %s that asks it', (shell) => {
    expect(completionScript(shell)).toContain(`medweave ${COMPLETION_REQUEST}`);
  });
});
