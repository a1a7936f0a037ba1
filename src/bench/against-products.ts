/** Measures programs that do the same work in different ways, in turn with the bare matrix products of that work. */
import type { Device } from '../engine/index.js';
import { createBareProducts, type BareRate, type Timed } from './bare-products.js';
import { machine, peakMemoryMiB, type Machine } from './machine.js';
import { timeInterleaved, type Timing } from './measure.js';
import { totalFlops, type Product } from './products.js';

/** Repeats of a measurement, and what stops it. */
export interface Measurement {
  repeats: number;
  signal: AbortSignal;
}

export interface Work extends Measurement {
  device: Device;
  /** Of one run. */
  products: readonly Product[];
  visits: number;
}

export interface Speed extends Timing {
  gflops_per_second: number;
  visits_per_second: number;
  /** Rate of the program over rate of the bare products: 1 would be a program that does nothing else. */
  share_of_bare: number;
}

export interface AgainstProducts<Name extends string> extends Machine {
  /** Of the matrix products in one run. */
  gflop: number;
  speeds: Record<Name, Speed>;
  bare: BareRate;
  /** After the first run of the first program: model, optimizer, activations and the runtime. */
  peak_memory_mib: number;
  repeats: number;
}

const WARM_UP = 2;

/** @param programs name → what opens it; all are closed at the end */
export async function measureAgainstProducts<Name extends string>(programs: Record<Name, () => Promise<Timed>>, { device, products, visits, repeats, signal }: Work): Promise<AgainstProducts<Name>> {
  const names = Object.keys(programs) as Name[];
  const opened: Timed[] = [];
  let peak = 0;
  try {
    for (const name of names) {
      opened.push(await programs[name]());
      await opened.at(-1)!.run();
      peak ||= peakMemoryMiB();
    }
    const bareProducts = await createBareProducts(device, products);
    opened.push(...bareProducts.subjects);
    const timings = await timeInterleaved(opened, { repeats, warmUp: WARM_UP, signal });
    const bare = bareProducts.rate(timings.slice(names.length));
    const flops = totalFlops(products);
    const speedOf = (timing: Timing): Speed => ({
      ...timing,
      gflops_per_second: flops / timing.ms / 1e6,
      visits_per_second: (1e3 * visits) / timing.ms,
      share_of_bare: bare.ms / timing.ms,
    });
    const speeds = Object.fromEntries(names.map((name, i) => [name, speedOf(timings[i]!)])) as Record<Name, Speed>;
    return { gflop: flops / 1e9, speeds, bare, peak_memory_mib: peak, repeats, ...machine(device) };
  } finally {
    for (const one of opened) one.dispose();
  }
}
