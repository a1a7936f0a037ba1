/** The bundled benchmarks: configurations in configs/benchmarks with a part `benchmark:`. */
import fs from 'node:fs';
import path from 'node:path';
import { benchmarkSchema, type Benchmark } from '../../benchmarks/schema.js';
import { parseConfig, readYaml } from '../../core/config.js';
import { configurationError } from '../../core/errors.js';
import { packageFile } from '../../core/paths.js';

export interface NamedBenchmark {
  name: string;
  /** What every step of the chain gets as --config. */
  config: string;
  benchmark: Benchmark;
}

const folder = (): string => packageFile('configs', 'benchmarks');

export const benchmarkNames = (): string[] =>
  fs.readdirSync(folder()).filter((name) => name.endsWith('.yaml')).map((name) => path.basename(name, '.yaml')).sort();

/** @param nameOrFile a bundled benchmark, or a file of the same form. @throws configuration error for neither */
export function readBenchmark(nameOrFile: string): NamedBenchmark {
  const isBundled = benchmarkNames().includes(nameOrFile);
  const file = isBundled ? path.join(folder(), `${nameOrFile}.yaml`) : nameOrFile;
  if (!fs.existsSync(file)) throw configurationError(`${nameOrFile}: no such benchmark; use one of ${benchmarkNames().join(', ')}, or a file with a part \`benchmark:\``);
  const benchmark = parseConfig(benchmarkSchema, readYaml(file).benchmark, `${file} (benchmark)`);
  return { name: path.basename(file, '.yaml'), config: isBundled ? `benchmarks/${nameOrFile}` : file, benchmark };
}
