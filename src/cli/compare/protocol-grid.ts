/** The grid of `medweave compare protocols`: our corrections, each taken back by itself, and the two protocols whole. */
import { gridSchema, type Claim, type Grid, type GridInput } from '../../compare/grid.js';
import { taskNames, type TaskName } from '../../compare/tasks.js';
import { parseConfig } from '../../core/config.js';
import { alternativesOf, readSwitches, type ProtocolSwitch, type VariantName } from '../../protocols/index.js';

export interface ProtocolGridOptions {
  config?: string;
  /** Whether there is a store, which switches that change `prepare` need. */
  store: boolean;
}

/** One row of the table: which switches stand elsewhere than at `corrected`. */
interface Row {
  name: string;
  group: string;
  switch: Record<string, string>;
  /** The switches behind `switch`. */
  parts: readonly ProtocolSwitch[];
}

const CORRECTED = 'corrected';
/** At which a switch that chooses the sample of training patients can be seen. */
const SMALL_FRACTION = 0.1;

/** Switches whose settings no data set can be prepared for are left out: {@link skippedSwitches}. */
export function protocolGrid({ config = 'table3', store }: ProtocolGridOptions): Grid {
  const switches = readSwitches().filter((one) => store || !touches(one, 'prepare.'));
  const rows: Row[] = [
    { name: CORRECTED, group: CORRECTED, switch: {}, parts: [] },
    ...switches.flatMap((one) => alternativesOf(one).map((variant): Row => ({ name: `${one.name}: ${variant}`, group: 'one switch', switch: { [one.name]: variant }, parts: [one] }))),
    ...(['paper', 'released'] as const).map((protocol): Row => ({ name: `all: ${protocol}`, group: 'all switches', switch: whole(switches, protocol), parts: switches })),
  ];
  const grid: GridInput = {
    title: 'What each correction changes',
    config,
    seeds: [1, 2, 3],
    tasks: Object.fromEntries(taskNames.map((task) => [task, {}])),
    datasets: Object.fromEntries(rows.filter(changesData).map((row) => [row.name, { switch: row.switch }])),
    pretrainings: Object.fromEntries(rows.filter(changesPretraining).map((row) => [row.name, { stage: 'pretrain' as const, switch: row.switch, dataset: changesData(row) ? row.name : undefined }])),
    models: rows.map((row) => ({
      name: row.name, group: row.group, switch: row.switch,
      from: changesPretraining(row) ? row.name : CORRECTED,
      dataset: changesData(row) ? row.name : undefined,
      only: [...tasksOf(row)],
      fractions: row.parts.length === 1 && row.parts[0]!.name === 'training-share' ? [SMALL_FRACTION] : row.parts.length ? [1] : [SMALL_FRACTION, 1],
    })),
    claims: rows.filter(({ parts }) => parts.length).map(({ name }): Partial<Claim> & { name: string; model: string; above: { model: string } } => ({ name: `corrected above ${name}`, model: CORRECTED, above: { model: name } })),
  };
  return parseConfig(gridSchema, grid, 'compare protocols');
}

/** Names of the switches that need data prepared otherwise. */
export const skippedSwitches = (store: boolean): string[] => (store ? [] : readSwitches().filter((one) => touches(one, 'prepare.')).map(({ name }) => name));

const whole = (switches: readonly ProtocolSwitch[], protocol: VariantName): Record<string, string> => Object.fromEntries(switches.map(({ name }) => [name, protocol]));

const touches = (one: ProtocolSwitch, section: string): boolean => Object.keys(one.corrected).some((path) => path.startsWith(section));

/** Not at `corrected`, in what it sets there. */
const differsIn = ({ parts, switch: chosen }: Row, section: string): boolean =>
  parts.some((one) => touches(one, section) && alternativesOf(one).some((variant) => same(one[variant], one[chosen[one.name] as VariantName])));

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const changesData = (row: Row): boolean => differsIn(row, 'prepare.');

/** `corrected` has a pre-training of its own too. */
const changesPretraining = (row: Row): boolean => !row.parts.length || changesData(row) || ['model.', 'pretrain.'].some((section) => differsIn(row, section));

/** A switch of one task's settings is seen in that task only. */
function tasksOf({ parts }: Row): readonly TaskName[] {
  const only = (['medication', 'readmission'] as const).find((task) => parts.length === 1 && touches(parts[0]!, `finetune.${task}.`));
  return only ? [only] : taskNames;
}
