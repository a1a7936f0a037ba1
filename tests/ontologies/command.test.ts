/** `medweave ontology` through the real command line: codes stay text, errors are one line and exit code 2. */
import { afterEach, expect, it, vi } from 'vitest';
import { main } from '../../src/cli/main.js';

afterEach(() => vi.restoreAllMocks());

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const chunks = { out: '', err: '' };
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((chunks.out += String(text))));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((chunks.err += String(text))));
  const code = await main(['ontology', ...argv]);
  vi.restoreAllMocks();
  return { code, ...chunks };
}

it('prints one path for each code, titles indented below', async () => {
  const { code, out } = await run('icd9cm', '250.00', '0031', '003.1');
  expect(code).toBe(0);
  const paths = out.split('\n').filter((line) => line && !line.startsWith(' '));
  expect(paths).toEqual(['250.00 → 250.0 → 250 → 249-259 → 240-279 → root', ...Array(2).fill('003.1 → 003 → 001-009 → 001-139 → root')]);
  expect(out).toContain('  250: Diabetes mellitus\n');
  expect(out).toContain('(250.00: in no table');
});

it('keeps leading zeros of codes that look like numbers', async () => {
  expect((await run('icd9proc', '0066')).out).toMatch(/^00\.66 → 00\.6 → 00 → 00-00 → root\n/);
});

it('takes the prefixes of codes of a system that it does not know, and says so', async () => {
  const { out } = await run('icdo3', '8140/3/h');
  expect(out).toMatch(/^8140\/3\/H → 8140\/3 → 8140 → 814 → 81 → root\n.*no table of this system/);
});

it('prints JSON', async () => {
  const { out } = await run('atc', 'n02be01', '--json');
  expect(JSON.parse(out)).toEqual([
    expect.objectContaining({ system: 'atc', code: 'N02BE01', known: true, path: ['N02BE01', 'N02BE', 'N02B', 'N02', 'N', 'root'] }),
  ]);
});

it.each([
  [['icd 11', 'A00'], /^medweave: code system "icd 11": expected one of icd9cm, .*\n$/],
  [['icd9cm', '250.00', 'I10'], /^medweave: "I10" cannot be a code of icd9cm .*\n$/],
  [['icd9cm', '250.00', '--titles', '/nonexistent.csv'], /^medweave: \/nonexistent.csv: cannot read .*\n$/],
  [['icd9cm'], /^medweave: .*\n$/],
])('refuses %j with exit code 2', async (argv, message) => {
  const { code, out, err } = await run(...argv);
  expect(code).toBe(2);
  expect(out).toBe('');
  expect(err).toMatch(message);
});
