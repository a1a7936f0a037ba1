/** Runs a function of named parameters and inputs once, on a device. */
import { silentLogger } from '../../src/core/log.js';
import { openDevice, type Buffer, type DeviceName, type Tensors } from '../../src/engine/index.js';

export interface NamedValues {
  name: string;
  shape: readonly number[];
  data: Buffer;
}

const dtypeOf = (data: Buffer) => (data instanceof Int32Array ? 'int32' : data instanceof Uint8Array ? 'bool' : 'float32');

export async function runOnce(values: readonly NamedValues[], fn: (tensors: Tensors) => Tensors, deviceName: DeviceName = 'cpu'): Promise<Record<string, Buffer>> {
  const device = await openDevice(deviceName, silentLogger());
  const program = await device.compile(fn, values.map(({ name, shape, data }) => ({ name, shape, dtype: dtypeOf(data) })));
  const call = program.bind(Object.fromEntries(program.inputs.map(({ name }) => [name, values.find((one) => one.name === name)!.data])));
  await call.run();
  program.dispose();
  return call.outputs;
}
