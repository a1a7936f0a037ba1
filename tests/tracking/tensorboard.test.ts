/** Event files, byte by byte as TensorBoard's own writer makes them (fixtures/make-events.py, tensorboard 2.21.0), and what a run writes. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packageFile } from '../../src/core/paths.js';
import { openEventSchema, STATUS_SUCCESS } from '../../src/tracking/tensorboard/event-schema.js';
import { groupedTag, hparamsEndEvent, hparamsStartEvent, scalarsEvent, startEvent, textEvent, versionEvent } from '../../src/tracking/tensorboard/events.js';
import { frameRecord } from '../../src/tracking/tensorboard/record.js';
import { appendScalars, createTensorBoardTracker } from '../../src/tracking/tensorboard/tracker.js';

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-tensorboard-'));
afterAll(() => fs.rmSync(dir, { recursive: true }));

/** Records of a file, framing off; checksums are compared with the golden file's elsewhere. */
function recordsOf(file: string): string[] {
  const bytes = fs.readFileSync(file);
  const records: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at));
    records.push(bytes.subarray(at + 12, at + 12 + length).toString('latin1'));
    at += 12 + length + 4;
  }
  return records;
}

describe('event files', () => {
  it('are those of TensorBoard\'s writer', () => {
    const schema = openEventSchema();
    const scalars = { ...scalarsEvent({ step: 70000, time: 1_700_000_002_125, values: { step_loss: 0.1, dev_map: -3e-7 } }) };
    const events = [
      versionEvent(1_700_000_000.25),
      startEvent(1_700_000_001, 301),
      scalars,
      textEvent(1_700_000_003.5, 'configuration', 'größe: 3'),
      hparamsStartEvent(schema, 1_700_000_003.5, { group: 'run-a', parameters: [['rate', 0.25]] }),
      hparamsEndEvent(schema, 1_700_000_009, STATUS_SUCCESS),
    ];
    const ours = Buffer.concat(events.map((event) => frameRecord(schema.encodeEvent(event))));
    expect(ours.toString('hex')).toBe(fs.readFileSync(packageFile('tests/tracking/fixtures/events.tfevents')).toString('hex'));
  });

  it('group curves by what their names begin with', () => {
    expect(['step_loss', 'train_loss', 'dev_micro_f1', 'test_edin_map', 'learning_rate'].map(groupedTag)).toEqual(['step/loss', 'train/loss', 'dev/micro_f1', 'test/edin_map', 'step/learning_rate']);
  });
});

describe('a run', () => {
  const run = { command: 'finetune', directory: dir, out: path.join(dir, 'coder'), config: { model: { width: 7 } }, seed: 3, inputs: [] };
  const folder = path.join(dir, 'logs', 'coder');
  const files = (): string[] => fs.readdirSync(folder).sort().map((name) => path.join(folder, name));

  it('has a file of its own each time it is continued, which begins after the step it continues from', async () => {
    const tracker = createTensorBoardTracker(path.join(dir, 'logs'), 1);
    await tracker.start(run);
    tracker.metrics({ step: 1, time: 1000, values: { step_loss: 2 } });
    // Readable before the run ends.
    expect(recordsOf(files()[0]!)).toHaveLength(5);
    await tracker.finish('killed', dir);
    await tracker.start({ ...run, resumed: { step: 300, epoch: 1 } });
    tracker.metrics({ step: 301, time: 2000, values: { step_loss: 1 } });
    appendScalars(folder, { step: 301, time: 3000, values: { test_map: 0.5 } });
    const [first, second, third] = files().map(recordsOf);
    expect([first!.length, second!.length, third!.length]).toEqual([6, 3, 2]);
    expect(first![0]).toContain('brain.Event:2');
    expect(first![2]).toContain('configuration');
    expect(first![2]).toContain('    width: 7'.trim());
    expect(first![3]).toContain('model.width');
    // Field 2, a step of 301, then field 7, a session that starts.
    expect(second![1]).toContain('\x10\xad\x02\x3a\x02\x08\x01');
    expect(second![2]).toContain('step/loss');
    expect(third![1]).toContain('test/map');
    expect(files().every((file) => path.basename(file).includes('tfevents'))).toBe(true);
  });

  it('whose folder cannot be made is refused before it begins', async () => {
    fs.writeFileSync(path.join(dir, 'file'), '');
    await expect(createTensorBoardTracker(path.join(dir, 'file'), 1).start(run)).rejects.toThrow(/--tensorboard: cannot write event files to/);
  });
});
