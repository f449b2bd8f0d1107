/** Observations of one version, as a client library with native histograms counts them. */
export interface NativeObservations {
  name: string;
  labels: Record<string, string>;
  values: number[];
}

/** How a scrape of such a library is answered. */
export const NATIVE_CONTENT_TYPE =
  'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';

/** Buckets end at powers of 2 to the power of 2 to the minus this. */
const SCHEMA = 5;
const ZERO_THRESHOLD = 1e-6;
const HISTOGRAM = 4;

/**
 * Positive observations as a family of metrics of one native histogram, in the protocol of Prometheus's client data model
 * (`io/prometheus/client/metrics.proto`).
 */
export function encodeNative({
  name,
  labels,
  values,
}: NativeObservations): Buffer {
  const counts = new Map<number, number>();
  values
    .filter(value => value > ZERO_THRESHOLD)
    .forEach(value => {
      const index = Math.ceil(Math.log2(value) * 2 ** SCHEMA);
      counts.set(index, (counts.get(index) ?? 0) + 1);
    });
  const indexes = [...counts.keys()].sort((a, b) => a - b);
  const histogram = Buffer.concat([
    field(1, values.length),
    double(
      2,
      values.reduce((sum, each) => sum + each, 0),
    ),
    field(5, zigzag(SCHEMA)),
    double(6, ZERO_THRESHOLD),
    field(7, values.filter(value => value <= ZERO_THRESHOLD).length),
    // A span of one bucket each, its offset counted from the end of the one before
    ...indexes.map((index, i) =>
      bytes(
        12,
        Buffer.concat([
          field(1, zigzag(i === 0 ? index : index - indexes[i - 1] - 1)),
          field(2, 1),
        ]),
      ),
    ),
    ...indexes.map((index, i) =>
      field(
        13,
        zigzag(
          counts.get(index)! - (i === 0 ? 0 : counts.get(indexes[i - 1])!),
        ),
      ),
    ),
  ]);
  const family = Buffer.concat([
    bytes(1, Buffer.from(name)),
    field(3, HISTOGRAM),
    bytes(
      4,
      Buffer.concat([
        ...Object.entries(labels).map(([label, value]) =>
          bytes(
            1,
            Buffer.concat([
              bytes(1, Buffer.from(label)),
              bytes(2, Buffer.from(value)),
            ]),
          ),
        ),
        bytes(7, histogram),
      ]),
    ),
  ]);
  return Buffer.concat([varint(family.length), family]);
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function varint(value: number): Buffer {
  const encoded: number[] = [];
  let rest = value;
  while (rest >= 128) {
    encoded.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...encoded, rest]);
}

function field(number: number, value: number): Buffer {
  return Buffer.concat([varint(number * 8), varint(value)]);
}

function double(number: number, value: number): Buffer {
  const encoded = Buffer.alloc(8);
  encoded.writeDoubleLE(value);
  return Buffer.concat([varint(number * 8 + 1), encoded]);
}

function bytes(number: number, content: Buffer): Buffer {
  return Buffer.concat([
    varint(number * 8 + 2),
    varint(content.length),
    content,
  ]);
}
