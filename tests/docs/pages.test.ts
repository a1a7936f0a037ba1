/** The documentation names only what exists: files, commands, options, configurations, fields, error messages. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { medweaveCommands, shellBlocks } from '../../scripts/pages/shell-blocks.js';
import { bundledConfigs } from '../../src/cli/bundled-configs.js';
import type { CompletionTable } from '../../src/cli/completion/complete.js';
import { packageFile, packageRoot } from '../../src/core/paths.js';

const textOf = (file: string): string => fs.readFileSync(packageFile(file), 'utf8');

const files = (folder: string, ending: string): string[] =>
  fs.readdirSync(packageFile(folder), { recursive: true }).map((name) => path.posix.join(folder, String(name).split(path.sep).join('/'))).filter((file) => file.endsWith(ending)).sort();

const pages = ['README.md', 'CHANGELOG.md', ...files('docs', '.md'), ...files('bench', '.md')].filter((file) => !file.includes('node_modules'));

/** Anchors as GitHub makes them. */
const anchorsOf = (markdown: string): string[] =>
  [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading!.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'));

describe.each(pages)('%s', (page) => {
  const markdown = textOf(page);
  const prose = markdown.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');

  it('links to files and headings that exist', () => {
    const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!).filter((target) => !/^(https?|mailto):/.test(target));
    const missing = targets.filter((target) => {
      const [file, anchor] = target.split('#');
      const linked = file ? path.join(packageRoot, path.dirname(page), decodeURIComponent(file)) : packageFile(page);
      return !fs.existsSync(linked) || (anchor !== undefined && !anchorsOf(fs.readFileSync(linked, 'utf8')).includes(anchor));
    });
    expect(missing).toEqual([]);
  });
});

const table = JSON.parse(textOf('configs/completions.json')) as CompletionTable;

interface Schema {
  properties?: Record<string, Schema>;
  additionalProperties?: unknown;
  items?: Schema;
  anyOf?: Schema[];
}
const schema = JSON.parse(textOf('configs/schema.json')) as Schema;

function isField(fieldPath: string): boolean {
  let node: Schema | undefined = schema;
  for (const key of fieldPath.split('.')) {
    const nodes: Schema[] = node ? [node, ...(node.anyOf ?? [])] : [];
    node = nodes.map((one) => one.properties?.[key] ?? (typeof one.additionalProperties === 'object' ? (one.additionalProperties as Schema) : undefined)).find(Boolean);
    if (!node) return false;
  }
  return true;
}

/** What is wrong with a command line, if anything. */
function faultOf([command, ...words]: readonly string[]): string | undefined {
  const known = table[command!] ?? (command?.startsWith('-') ? table[''] : undefined);
  if (!known) return `${command}: no such command`;
  for (const [i, word] of words.entries()) {
    const [name] = word.startsWith('--') ? word.slice(2).split('=') : [];
    const value = words[i + 1];
    if (name === undefined || name === '' || name === 'help') continue;
    const option = known.options[name] ?? known.options[name.replace(/^no-/, '')];
    if (!option) return `${command} --${name}: no such option`;
    if (!option.value || value === undefined) continue;
    if (option.choices.length && !option.choices.includes(value) && !/^[A-Z…|]/.test(value) && !value.includes('|')) return `${command} --${name} ${value}: no such choice`;
    if (name === 'set' && !isField(value.split('=')[0]!) && /^[a-z]+\.[a-z_]+/.test(value) && value !== 'a.b=c') return `${command} --set ${value}: no such field`;
    if (name === 'config' && /^[a-z0-9-]+$/.test(value) && !bundledConfigs().includes(value)) return `${command} --config ${value}: no such configuration`;
  }
  const [positional] = known.positionals;
  if (positional?.length && words[0] !== undefined && !words[0].startsWith('-') && !/[A-Z…|]/.test(words[0]) && !positional.includes(words[0])) return `${command} ${words[0]}: no such choice`;
  return undefined;
}

describe('commands in the documentation', () => {
  const commands = pages.filter((page) => page !== 'CHANGELOG.md' && !page.startsWith('docs/decisions') && page !== 'docs/LOG.md')
    .flatMap((page) => shellBlocks(textOf(page)).flatMap(({ line, text }) => medweaveCommands(text).map((words) => ({ where: `${page}:${line}`, words }))));

  it('are found', () => {
    expect(commands.length).toBeGreaterThan(100);
    expect(medweaveCommands('a && medweave x --set \'b=[c, d]\' \\\n  --out "e f" | jq # medweave no\nmedweave y > z')).toEqual([['x', '--set', 'b=[c, d]', '--out', 'e f'], ['y']]);
  });

  it('exist, and so do their options, choices, fields and configurations', () => {
    expect(commands.map(({ where, words }) => ({ where, fault: faultOf(words) })).filter(({ fault }) => fault !== undefined)).toEqual([]);
  });

  it.each([['fintune'], ['finetune --dat x'], ['finetune coding'], ['evaluate --split tset'], ['prepare --set prepare.splits.by=x'], ['prepare --config demonstration']])('a wrong one would be found: %s', (line) => {
    expect(faultOf(line.split(' '))).toBeDefined();
  });
});

describe('docs/how-to/troubleshooting.md', () => {
  const sources = ['src', 'finetune', 'pretrain', 'ontologies'].flatMap((folder) => files(folder, '.ts')).map(textOf).join('\n');
  const quoted = [...textOf('docs/how-to/troubleshooting.md').matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell]) => [...cell!.matchAll(/`([^`]+)`/g)].map(([, message]) => message!));
  // Said by yargs and zod.
  const foreign = ['Unknown argument', 'Unrecognized key: "NAME" → SECTION'];

  it('quotes messages that medweave says', () => {
    expect(quoted.length).toBeGreaterThan(30);
    const pieces = (message: string): string[] => message.split(/\b401\b|\b403\b|\bNaN\b/);
    expect(quoted.filter((message) => !foreign.includes(message) && !pieces(message).every((piece) => sources.includes(piece)))).toEqual([]);
  });
});
