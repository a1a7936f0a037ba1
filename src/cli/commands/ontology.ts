/** `medweave ontology`: prints the path of each code to the root of its hierarchy. */
import type { Argv } from 'yargs';
import { codeSystem, codeSystemIds, isCodeSystemId, loadTitles, type CodePath, type CodeSystem } from '../../../ontologies/index.js';
import { configurationError } from '../../core/errors.js';
import { defineCommand } from '../command.js';

interface OntologyArgs {
  system: string;
  codes: string[];
  titles?: string;
}

export default defineCommand<OntologyArgs>({
  usage: 'ontology <system> <codes..>',
  describe: 'Print the path of codes to the root: code → category → block → chapter → root',
  builder: (yargs: Argv) =>
    yargs
      .positional('system', { type: 'string', demandOption: true, describe: 'icd9cm, icd9proc, icd10cm, icd10pcs or atc; any other name: paths by prefix' })
      .positional('codes', { type: 'string', array: true, demandOption: true, describe: 'codes, with or without their dot' })
      .option('titles', { type: 'string', describe: 'titles of full codes: a CMS order file, or d_icd_diagnoses / d_icd_procedures of MIMIC' })
      .example('$0 ontology icd9cm 250.00 V4581', 'two diagnoses') as Argv<OntologyArgs>,
  run: async ({ system: id, codes, titles: file }, { log }) => {
    const bare = codeSystem(id);
    if (!isCodeSystemId(id)) log.warn(`${id}: no such code system is known (${codeSystemIds.join(', ')} are); the paths are the codes' prefixes`);
    const system = file === undefined ? bare : codeSystem(id, { titles: await loadTitles(file, bare) });
    const paths = codes.map((raw) => system.describe(canonical(system, raw)));
    return { text: paths.map((path) => render(system, path)).join('\n'), json: paths.map((path) => toJson(system, path)) };
  },
});

function canonical(system: CodeSystem, raw: string): string {
  const code = system.normalise(raw);
  if (code === null) throw configurationError(`${JSON.stringify(raw)} cannot be a code of ${system.id} (${system.name}); check the code and the system`);
  return code;
}

function render(system: CodeSystem, { nodes, note }: CodePath): string {
  const titles = nodes.flatMap((node) => system.title(node) === undefined ? [] : `  ${node}: ${system.title(node)}`);
  return [nodes.join(' → '), ...titles, ...(note === undefined ? [] : [`  (${nodes[0]}: ${note})`])].join('\n');
}

const toJson = (system: CodeSystem, { nodes, ...path }: CodePath): unknown => ({
  system: system.id,
  ...path,
  path: nodes,
  titles: Object.fromEntries(nodes.flatMap((node) => (system.title(node) === undefined ? [] : [[node, system.title(node)]]))),
});
