/** The generated reference is current, and the bundled configurations fit the JSON schemas that editors check them by. */
import fs from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { referenceFiles } from '../../scripts/reference/files.js';
import { packageFile } from '../../src/core/paths.js';

const textOf = (file: string): string => fs.readFileSync(packageFile(file), 'utf8');
const validatorOf = (file: string) => new Ajv2020({ allErrors: true, formats: { date: true } }).compile(JSON.parse(textOf(file)) as object);

describe('the generated files', () => {
  let generated: Record<string, string>;
  beforeAll(async () => {
    generated = await referenceFiles();
  });

  it.each(['docs/configuration.md', 'docs/commands.md', 'configs/schema.json', 'configs/compare/schema.json', 'configs/completions.json'])('%s is current (`npm run docs` writes it)', (file) => {
    expect(generated[file]).toBe(textOf(file));
  });

  it('know defaults that a section changes, comments of shared schemas, and those of fields that are replaced', () => {
    const schema = JSON.parse(generated['configs/schema.json']!) as { properties: Record<string, { properties: Record<string, { properties: Record<string, Record<string, unknown>> } & Record<string, unknown>> }> };
    const { mlm, finetune } = schema.properties;
    expect(mlm!.properties['optimizer']!.properties['learning_rate']!['default']).toBe(0.0005);
    expect(finetune!.properties['optimizer']!.properties['learning_rate']!['default']).toBe(0.001);
    expect(finetune!.properties['freeze']!['description']).toMatch(/first layers stay as they are/);
    expect(finetune!.properties['training']!.properties['patience']).toMatchObject({ default: 4, description: expect.stringMatching(/without improvement on dev/) as string });
  });

  it('hold no comment that was meant for readers of the code alone', () => {
    expect(generated['docs/configuration.md']).not.toMatch(/\{@link|@param|undefined/);
  });
});

describe('JSON schemas', () => {
  const yamlFiles = (folder: string): string[] => fs.readdirSync(packageFile(folder)).filter((name) => name.endsWith('.yaml') && name !== 'protocols.yaml').map((name) => path.posix.join(folder, name));
  const files = ['configs', 'configs/benchmarks', 'configs/compare'].flatMap(yamlFiles);
  const schemaOf = (file: string): string => /^# yaml-language-server: \$schema=(\S+)$/m.exec(textOf(file))?.[1] ?? '(none)';

  it.each(files)('%s names its schema and fits it', (file) => {
    const validate = validatorOf(path.posix.join(path.posix.dirname(file), schemaOf(file)));
    expect(validate(parse(textOf(file))) || validate.errors).toBe(true);
  });

  it.each([
    ['a field that does not exist', { model: { text: { depth: 3 } } }],
    ['a value out of range', { finetune: { fraction: 0 } }],
    ['a choice that does not exist', { prepare: { split: { by: 'hospital' } } }],
    ['a protocol that does not exist', { protocol: 'original' }],
  ])('refuse %s', (_, config) => {
    expect(validatorOf('configs/schema.json')(config)).toBe(false);
  });
});
