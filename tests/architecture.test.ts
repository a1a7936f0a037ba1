/** The parts of the project depend on each other in one direction only, and on nothing that is not named. */
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { packageFile, packageRoot } from '../src/core/paths.js';

/** What each part may import; `type:` allows type-only imports. A part may always import itself. */
const ALLOWED: Record<string, readonly string[]> = {
  core: [],
  engine: ['core'],
  nn: ['engine', 'type:core'],
  ontologies: ['core'],
  records: ['core', 'ontologies'],
  dataset: ['core', 'ontologies', 'records', 'huggingface'],
  encoders: ['core', 'nn', 'engine', 'ontologies'],
  training: ['core', 'engine', 'nn', 'encoders', 'dataset', 'huggingface', 'prefix-cache', 'protocols'],
  drift: ['core', 'dataset', 'records'],
  embed: ['core', 'engine', 'encoders', 'dataset', 'training'],
  linking: ['core', 'type:dataset', 'embed', 'engine', 'huggingface', 'ontologies', 'records'],
  metrics: ['core'],
  huggingface: ['core'],
  leaks: ['core', 'dataset'],
  benchmarks: [],
  'prefix-cache': ['core'],
  privacy: ['core', 'records'],
  protocols: ['core'],
  synth: ['core'],
  // finetune: records as JSON are one thing for the server and for `predict --records`.
  serve: ['core', 'ontologies', 'synth', 'finetune', 'report'],
  // What a report says of data and of measurements is made elsewhere; the pages only know its types.
  report: ['core', 'type:training', 'type:drift', 'compare', 'type:metrics', 'type:dataset'],
  cards: ['type:core', 'report', 'type:metrics'],
  compare: ['core', 'metrics'],
  pretrain: ['core', 'engine', 'nn', 'encoders', 'training', 'dataset', 'huggingface', 'type:prefix-cache', 'type:protocols'],
  // Whole epochs are measured on the stage that `pretrain` runs.
  // The baseline is measured as `medweave baseline` runs it.
  bench: ['core', 'engine', 'nn', 'encoders', 'training', 'dataset', 'ontologies', 'prefix-cache', 'pretrain', 'finetune', 'metrics', 'serve'],
  // synth: the columns of the ceiling that `evaluate --ceiling` puts beside the model.
  // records: mentions for the NER probe lie in the store, not in the data.
  // ontologies: labels within a chapter.
  // linking: words, spelling and translations for the combined coder.
  finetune: ['core', 'engine', 'nn', 'encoders', 'training', 'dataset', 'ontologies', 'records', 'linking', 'metrics', 'leaks', 'synth', 'type:prefix-cache', 'type:protocols'],
  // What training tells of itself; nothing of training imports it.
  tracking: ['core', 'metrics', 'type:training'],
  // The command line brings everything together, but builds no layers itself.
  cli: ['core', 'compare', 'engine', 'encoders', 'dataset', 'records', 'ontologies', 'synth', 'metrics', 'bench', 'report', 'cards', 'pretrain', 'finetune', 'training', 'prefix-cache', 'protocols', 'embed', 'leaks', 'benchmarks', 'linking', 'serve', 'tracking', 'privacy', 'drift'],
};

/** Named by the project's owner and not imported yet, with what they are for. */
const NOT_IMPORTED: Record<string, string> = {
  '@types/jsdom': 'types only',
  '@types/node': 'types only',
  '@types/yargs': 'types only',
  eslint: 'run by `npm run lint`',
};

interface Import {
  file: string;
  target: string;
  typeOnly: boolean;
}

const sources = ['src', 'ontologies', 'pretrain', 'finetune'].flatMap((folder) => scripts(folder));
const everything = [...sources, ...scripts('tests'), 'eslint.config.js', 'vitest.config.ts'];

function scripts(folder: string): string[] {
  return fs
    .readdirSync(packageFile(folder), { recursive: true })
    .map((name) => path.posix.join(folder, String(name).split(path.sep).join('/')))
    .filter((file) => file.endsWith('.ts'))
    .sort();
}

const textOf = (file: string): string => fs.readFileSync(path.join(packageRoot, file), 'utf8');

const modulesIn = (text: string): string[] => ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);

/** Every module a file names, static or dynamic. Type-only: gone from the compiled file. */
function importsOf(file: string): Import[] {
  const text = textOf(file);
  const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };
  const loaded = new Set(modulesIn(ts.transpileModule(text, { compilerOptions }).outputText));
  return [...new Set(modulesIn(text))].map((target) => ({ file, target, typeOnly: !loaded.has(target) }));
}

const partOf = (file: string): string => (file.startsWith('src/') ? file.split('/')[1]! : file.split('/')[0]!);

const resolved = ({ file, target }: Import): string => path.posix.join(path.posix.dirname(file), target);

const packageOf = (target: string): string => target.split('/').slice(0, target.startsWith('@') ? 2 : 1).join('/');

const isRelative = (target: string): boolean => target.startsWith('.');

const imports = sources.flatMap(importsOf);
const manifest = JSON.parse(textOf('package.json')) as Record<'dependencies' | 'devDependencies' | 'optionalDependencies', Record<string, string>>;

describe('parts', () => {
  it('are all in the list, and the list names no other', () => {
    expect([...new Set(sources.map(partOf))].sort()).toEqual(Object.keys(ALLOWED).sort());
  });

  it('import only what the list allows', () => {
    const wrong = imports.filter(({ file, target, typeOnly }) => {
      if (!isRelative(target)) return false;
      const [from, to] = [partOf(file), partOf(resolved({ file, target, typeOnly }))];
      const allowed = ALLOWED[from] ?? [];
      return from !== to && !allowed.includes(to) && !(typeOnly && allowed.includes(`type:${to}`));
    });
    expect(wrong).toEqual([]);
  });

  it('use everything the list allows', () => {
    const used = new Set(imports.filter(({ target }) => isRelative(target)).map((one) => `${partOf(one.file)} ${partOf(resolved(one))}`));
    const unused = Object.entries(ALLOWED).flatMap(([from, tos]) => tos.map((to) => `${from} ${to.replace('type:', '')}`).filter((pair) => !used.has(pair)));
    expect(unused).toEqual([]);
  });

  it('have no cycle', () => {
    const finished: string[] = [];
    const visit = (part: string, above: readonly string[]): void => {
      expect(above, `${[...above, part].join(' → ')} is a cycle`).not.toContain(part);
      if (finished.includes(part)) return;
      for (const next of ALLOWED[part]!) visit(next.replace('type:', ''), [...above, part]);
      finished.push(part);
    };
    for (const part of Object.keys(ALLOWED)) visit(part, []);
  });
});

describe('rules for single modules', () => {
  it('only src/engine/tf.ts loads tfjs', () => {
    const loaders = imports.filter(({ target, typeOnly }) => packageOf(target) === '@tensorflow/tfjs' && !typeOnly).map(({ file }) => file);
    expect(loaders).toEqual(['src/engine/tf.ts']);
  });

  it('no source draws unseeded random numbers', () => {
    expect(everything.filter((file) => file !== 'tests/architecture.test.ts' && /Math\.random\b/.test(textOf(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')))).toEqual([]);
  });

  it('no source prints or exits but the command line', () => {
    const prints = /process\.exit\(|process\.stdout\.write|console\./;
    // The probe's child process, whose source is a string there, answers on its own standard output.
    const speakers = ['src/cli/main.ts', 'src/engine/runtime/probe.ts'];
    expect(sources.filter((file) => !speakers.includes(file) && prints.test(textOf(file)))).toEqual([]);
  });

  it('each file opens with a sentence that says what it is', () => {
    expect(sources.filter((file) => !textOf(file).startsWith('/**'))).toEqual([]);
  });

  it('no file is long', () => {
    expect(everything.filter((file) => textOf(file).split('\n').length > 401)).toEqual([]);
  });
});

describe('dependencies', () => {
  const runtime = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
  const namesIn = (files: readonly string[]): Set<string> => new Set(files.flatMap(importsOf).filter(({ target }) => !isRelative(target)).map(({ target }) => packageOf(target)));
  /** `createRequire(…).resolve('name')` and names handed to a dynamic import are strings to the parser. */
  const mentioned = (files: readonly string[], name: string): boolean => files.some((file) => textOf(file).includes(`'${name}'`) || textOf(file).includes(`'${name}/`));

  it('are all imported, or say why not', () => {
    const unused = [...runtime, ...Object.keys(manifest.devDependencies)].filter((name) => !(name in NOT_IMPORTED) && !mentioned(everything, name));
    expect(unused).toEqual([]);
  });

  it('of the sources are not development dependencies', () => {
    const builtin = (name: string): boolean => name.startsWith('node:');
    expect([...namesIn(sources)].filter((name) => !builtin(name) && !runtime.includes(name))).toEqual([]);
  });

  it('that only tests use are development dependencies', () => {
    expect(runtime.filter((name) => !(name in NOT_IMPORTED) && !mentioned(sources, name))).toEqual([]);
  });

  it('have an exact version and a line in docs/dependencies.md', () => {
    const lines = textOf('docs/dependencies.md');
    const all = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies };
    expect(Object.entries(all).filter(([, version]) => !/^(npm:@?[\w/-]+@)?\d/.test(version))).toEqual([]);
    expect(runtime.filter((name) => !lines.includes(`- \`${name}\`:`))).toEqual([]);
  });
});
