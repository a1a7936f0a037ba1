/** Writes Parquet batch by batch in bounded memory: Arrow tables go through parquet-wasm's streaming writer. */
import fs from 'node:fs';
import { Writable } from 'node:stream';
import { tableToIPC, type Table } from 'apache-arrow';
import * as parquet from 'parquet-wasm';

/** Small enough that one group is read in tens of milliseconds, large enough to compress. */
const ROW_GROUP = 2048;

/** @param batches tables of one schema; row groups have 2,048 rows whatever the sizes of the batches */
export async function writeParquet(file: string, batches: AsyncIterable<Table>): Promise<void> {
  const source = batches[Symbol.asyncIterator]();
  const stream = new ReadableStream<parquet.RecordBatch>({
    async pull(controller) {
      const { done, value } = await source.next();
      if (done) return controller.close();
      const table = parquet.Table.fromIPCStream(tableToIPC(value, 'stream'));
      for (const batch of table.recordBatches()) controller.enqueue(batch);
      table.free();
    },
  });
  const properties = new parquet.WriterPropertiesBuilder().setCompression(parquet.Compression.LZ4_RAW).setMaxRowGroupSize(ROW_GROUP).build();
  const bytes = await parquet.transformParquetStream(stream, properties);
  await bytes.pipeTo(Writable.toWeb(fs.createWriteStream(file)) as WritableStream);
}
