/** ICD-10-PCS procedures: seven axes (section, body system, operation, body part, approach, device, qualifier), one character each. */
import { createCodeSystem, type CodeSystem } from './system.js';
import { readTitles } from './tables.js';

// The letters I and O are not used. Shorter codes are allowed: CodiEsp annotates tables (`BW20`) where the text names no more.
const pattern = /^[0-9A-HJ-NP-Z]{1,7}$/;

export function createIcd10Pcs(supplied?: ReadonlyMap<string, string>): CodeSystem {
  return createCodeSystem({
    id: 'icd10pcs',
    name: 'ICD-10-PCS procedures',
    canonical: (compact) => (pattern.test(compact.replace('.', '')) ? compact.replace('.', '') : null),
    ancestors: (code) => Array.from({ length: code.length - 1 }, (_, i) => code.slice(0, code.length - 1 - i)),
    bundled: axisTitles(),
    supplied,
  });
}

/** The table lists the root operations of section 0 once (`0*T` Resection); here each of its body systems gets them (`0DT`). */
function axisTitles(): Map<string, string> {
  const rows = [...readTitles('icd10pcs-axes')];
  const bodySystems = rows.filter(([node]) => /^0[^*]$/.test(node)).map(([node]) => node);
  const operations = rows.filter(([node]) => node.startsWith('0*'));
  const spread = bodySystems.flatMap((system) => operations.map(([node, title]) => [system + node[2]!, title] as const));
  return new Map([...rows.filter(([node]) => !node.includes('*')), ...spread]);
}
