/** `medweave devices`: where programs can run on this machine, and what would make the rest usable. */
import { listDevices, type DeviceReport } from '../../engine/index.js';
import { defineCommand } from '../command.js';

const describeDevice = ({ name, usable, description, why, command }: DeviceReport): string => {
  if (usable) return `✔ ${name.padEnd(10)} ${description}`;
  return `✖ ${name.padEnd(10)} ${description}\n    why not: ${why}\n    try:     ${command}`;
};

export default defineCommand({
  usage: 'devices',
  describe: 'List the devices that programs can run on here',
  builder: (yargs) => yargs,
  async run() {
    const devices = await listDevices();
    return { text: devices.map(describeDevice).join('\n'), json: { devices } };
  },
});
