/** Runs a head on the tiny model: probabilities, and the gradient of every parameter. */
import { silentLogger } from '../../src/core/log.js';
import { flattenTree, unflattenTree } from '../../src/core/tree.js';
import { openDevice, valueAndGradients, type Buffers, type DeviceName, type Tensors, type TensorSpec } from '../../src/engine/index.js';
import { visitTensors, type NamedTensor, type VisitRows } from '../../src/encoders/visit-batch.js';
import { taskModel, type TaskParameters } from '../../finetune/model.js';
import type { Task } from '../../finetune/tasks/task.js';
import { initialValuesOf, isParameterInit } from '../../src/nn/parameters.js';
import { tinySpec } from '../encoders/tiny-model.js';

export interface RunHeadOptions {
  rows: VisitRows;
  /** Further tensors that the head reads. */
  extra?: NamedTensor[];
  device?: DeviceName;
}

/** @returns `probabilities`, `loss` (their sum of squares) and `gradient/PARAMETER` */
export async function runHead(task: Pick<Task, 'inputs' | 'labelKinds' | 'head'>, { rows, extra = [], device: name = 'cpu' }: RunHeadOptions): Promise<Buffers> {
  const device = await openDevice(name, silentLogger());
  const model = taskModel(tinySpec(), task, { seed: 3, headDropout: 0 });
  const leaves = flattenTree(model.inits as never, isParameterInit);
  const batch = [...visitTensors(rows, task.inputs), ...extra];
  const specs: TensorSpec[] = [...batch, ...leaves.map(([path, { shape }]) => ({ name: path, shape, dtype: 'float32' as const }))];
  const program = await device.compile(
    (given) => {
      const parameters = Object.fromEntries(leaves.map(([path]) => [path, given[path]!]));
      const { value, gradients, extra: outputs } = valueAndGradients((p) => {
        const { probabilities } = model.predict(unflattenTree(Object.entries(p)) as unknown as TaskParameters, given);
        return { value: probabilities!.square().sum(), probabilities: probabilities! };
      }, parameters);
      return { loss: value, ...outputs, ...Object.fromEntries(Object.entries(gradients).map(([path, gradient]) => [`gradient/${path}`, gradient])) } as Tensors;
    },
    specs.map(({ name: tensor, shape, dtype }) => ({ name: tensor, shape, dtype })),
  );
  const call = program.bind({ ...Object.fromEntries(batch.map(({ name: tensor, data }) => [tensor, data])), ...Object.fromEntries(leaves.map(([path, init]) => [path, initialValuesOf(init)])) });
  await call.run();
  return call.outputs;
}
