/** Codes that enter a vocabulary from tables, whether or not a training visit carries them. */
import fs from 'node:fs';
import { codeSystem, loadTitles, type CodeSystem } from '../../ontologies/index.js';
import { quotedCell } from '../core/error-text.js';
import { dataError } from '../core/errors.js';
import type { CodeKind, CodesConfig } from './config.js';
import { codeAtGranularity } from './granularity.js';

export interface ExtraCode {
  kind: CodeKind;
  system: string;
  code: string;
  /** The table's; absent where it has none, or where the code was made coarser. */
  title?: string;
}

/** All tables' codes at the configured granularity, each once. @throws data error (file, line) for a table or a code that cannot be read */
export async function readExtraCodes(config: CodesConfig): Promise<ExtraCode[]> {
  const codes = new Map<string, ExtraCode>();
  for (const { kind, system, file } of config.extra) {
    const titles = await readTable(file, codeSystem(system));
    for (const [fine, title] of titles) {
      const code = codeAtGranularity({ kind, system, code: fine }, config);
      const extra = { kind, system, code, ...(code === fine && title ? { title } : {}) };
      const name = [kind, system, code].join(' ');
      if (!codes.has(name) || extra.title) codes.set(name, extra);
    }
  }
  return [...codes.values()];
}

const readTable = (file: string, system: CodeSystem): Promise<ReadonlyMap<string, string>> => (file.endsWith('.tsv') ? readList(file, system) : loadTitles(file, system));

async function readList(file: string, system: CodeSystem): Promise<Map<string, string>> {
  const text = await fs.promises.readFile(file, 'utf8').catch((cause: unknown) => {
    throw dataError(`${file}: cannot be read (prepare.codes.extra); check the path`, cause);
  });
  const titles = new Map<string, string>();
  text.split(/\r?\n/).forEach((line, i) => {
    const [raw, title = ''] = line.split('\t');
    if (!raw?.trim()) return;
    const code = system.normalise(raw);
    if (code === null) throw dataError(`${file}:${i + 1}: ${quotedCell(raw)} cannot be a code of ${system.id}; expected code<TAB>title`);
    titles.set(code, title.trim());
  });
  return titles;
}
