/** `medweave config`: a configuration as the other commands would see it. */
import { annotatedYaml } from '../config/annotated-yaml.js';
import { originsOf } from '../config/origins.js';
import { defineCommand } from '../command.js';
import { configOptions, resolveRunConfig, runSchema, type ConfigArgs, type RunConfig } from '../run-config.js';

interface ShowConfigArgs extends ConfigArgs {
  section?: keyof RunConfig;
  changed: boolean;
}

export default defineCommand<ShowConfigArgs>({
  usage: 'config [section]',
  describe: 'Print a configuration with every default filled in, and where each value comes from: a default, the protocol, the file or --set',
  builder: (yargs) =>
    configOptions(yargs)
      .positional('section', { choices: Object.keys(runSchema.shape) as (keyof RunConfig)[], describe: 'print this section only' })
      .option('changed', { type: 'boolean', default: false, describe: 'leave out what is a default' })
      .example('$0 config --config demo --set finetune.fraction=0.1 --changed', 'what differs from the defaults')
      .example('$0 config finetune > my.yaml', 'a file to begin with') as never,
  run: async ({ section, changed, ...args }) => {
    const resolved = resolveRunConfig(args);
    const originOf = originsOf(resolved, args);
    const remarkOf = (path: string): string | undefined => (changed && originOf(path) === 'default' ? undefined : originOf(path));
    const shown = section === undefined ? resolved.config : { [section]: resolved.config[section] };
    const text = `# ${resolved.file === undefined ? 'the defaults' : `file: ${resolved.file}`}; the meaning of each field: docs/configuration.md\n${annotatedYaml(shown, remarkOf)}`;
    return { text, json: { file: resolved.file, config: shown, origins: Object.fromEntries(pathsOf(shown).map((path) => [path, originOf(path)])) } };
  },
});

/** Of values that are no mappings. */
function pathsOf(value: object, above = ''): string[] {
  return Object.entries(value).flatMap(([key, field]: [string, unknown]) =>
    typeof field === 'object' && field !== null && !Array.isArray(field) ? pathsOf(field, `${above}${key}.`) : field === undefined ? [] : [`${above}${key}`],
  );
}
