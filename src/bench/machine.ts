/** What the operating system says of memory and of other processes, and what every measurement reports of the machine. */
import fs from 'node:fs';
import os from 'node:os';
import { threadCount, type Device } from '../engine/index.js';

export interface Machine {
  device: string;
  threads: number;
  /** Over 1, 5 and 15 minutes, at the end. */
  load_average: number[];
}

export const machine = (device: Device): Machine => ({ device: device.description, threads: threadCount(), load_average: os.loadavg() });

const STATUS = '/proc/self/status';
const CLEAR_REFS = '/proc/self/clear_refs';
const CPU_TIMES = '/proc/stat';

/** Largest resident set of this process so far (or since {@link forgetPeakMemory}), in MiB. */
export function peakMemoryMiB(): number {
  const line = fs.existsSync(STATUS) ? /^VmHWM:\s+(\d+) kB/m.exec(fs.readFileSync(STATUS, 'utf8')) : null;
  return Math.round(line ? Number(line[1]) / 1024 : process.resourceUsage().maxRSS / 1024);
}

/** Lets the peak begin anew at what is resident now. @returns false where the system cannot: the peak is then the process's */
export function forgetPeakMemory(): boolean {
  try {
    fs.writeFileSync(CLEAR_REFS, '5');
    return true;
  } catch {
    return false;
  }
}

/** In which /proc/stat counts, on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Processor time that other processes have used since the machine started; 0 where the system does not tell. */
export function processorSecondsOfOthers(): number {
  if (!fs.existsSync(CPU_TIMES)) return 0;
  const [user, nice, system, , , interrupts, soft, stolen] = /^cpu\s+(.*)/.exec(fs.readFileSync(CPU_TIMES, 'utf8'))![1]!.split(' ').map(Number);
  const own = process.cpuUsage();
  return (user! + nice! + system! + interrupts! + soft! + stolen!) / TICKS_PER_SECOND - (own.user + own.system) / 1e6;
}
