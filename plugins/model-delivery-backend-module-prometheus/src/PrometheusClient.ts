import { z } from 'zod';
import { PrometheusConnection } from './config';
import { PrometheusError } from './PrometheusError';

/** One series of an answer: a single value at its moment, or several. */
export interface Series {
  labels: Record<string, string>;
  /** Seconds since the epoch, ascending, with the value. */
  values: [number, number][];
  /** The same of native histograms, where those were asked for. */
  histograms?: [number, NativeHistogram][];
}

/** One bucket of a native histogram, with the bounds that it lies between; it is never empty. */
export interface NativeBucket {
  low: number;
  high: number;
  count: number;
}

/** A native histogram at a moment. */
export interface NativeHistogram {
  count: number;
  buckets: NativeBucket[];
}

/** More is not asked for by this module, and would be held in memory. */
const LARGEST_ANSWER_BYTES = 16 * 1024 * 1024;
const LONGEST_QUOTE = 300;

const point = z
  .tuple([z.number(), z.string()])
  .transform(([at, text]): [number, number] => [at, toNumber(text)]);
const number = z.string().transform(toNumber);
const histogram = z
  .tuple([
    z.number(),
    z.object({
      count: number,
      // What its ends belong to, the ends, and how many
      buckets: z
        .array(z.tuple([z.number(), number, number, number]))
        .default([]),
    }),
  ])
  .transform(([at, { count, buckets }]): [number, NativeHistogram] => [
    at,
    {
      count,
      buckets: buckets.map(([, low, high, each]) => ({
        low,
        high,
        count: each,
      })),
    },
  ]);
const metric = z.record(z.string(), z.string());

const answerSchema = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    data: z.discriminatedUnion('resultType', [
      z.object({
        resultType: z.literal('vector'),
        result: z.array(
          z.object({
            metric,
            value: point.optional(),
            histogram: histogram.optional(),
          }),
        ),
      }),
      z.object({
        resultType: z.literal('matrix'),
        result: z.array(
          z.object({
            metric,
            values: z.array(point).optional(),
            histograms: z.array(histogram).optional(),
          }),
        ),
      }),
      z.object({ resultType: z.literal('scalar'), result: point }),
      z.object({ resultType: z.literal('string'), result: z.unknown() }),
    ]),
  }),
  z.object({
    status: z.literal('error'),
    errorType: z.string(),
    error: z.string(),
  }),
]);

/**
 * Asks a Prometheus server by its HTTP API: within a time, with an answer of bounded size, and with named trouble.
 */
export class PrometheusClient {
  constructor(
    private readonly connection: Pick<
      PrometheusConnection,
      'id' | 'baseUrl' | 'headers' | 'timeoutMs'
    >,
  ) {}

  /**
   * The value of an expression at a moment, or its raw samples when it selects a range.
   * @param kinds - whether native histograms may be among them; they are refused otherwise
   */
  async query(
    query: string,
    at: Date,
    kinds: { native?: boolean } = {},
  ): Promise<Series[]> {
    return this.#ask('query', { query, time: toSeconds(at) }, kinds.native);
  }

  /** The values of an expression from `start` to `end`, both included. */
  async queryRange(
    query: string,
    start: Date,
    end: Date,
    stepSeconds: number,
  ): Promise<Series[]> {
    return this.#ask('query_range', {
      query,
      start: toSeconds(start),
      end: toSeconds(end),
      step: String(stepSeconds),
    });
  }

  async #ask(
    path: string,
    form: Record<string, string>,
    native: boolean = false,
  ): Promise<Series[]> {
    const { baseUrl, headers, timeoutMs } = this.connection;
    const who = `Prometheus at ${baseUrl}`;
    let status: number;
    let text: string;
    try {
      const response = await fetch(`${baseUrl}/api/v1/${path}`, {
        method: 'POST',
        headers,
        body: new URLSearchParams({
          ...form,
          timeout: `${timeoutMs}ms`,
        }),
        // Credentials go where the configuration says, nowhere else
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      status = response.status;
      text = await readBounded(response, who);
    } catch (error) {
      throw error instanceof PrometheusError
        ? error
        : new PrometheusError('unreachable', why(error, who, timeoutMs));
    }
    if (status === 401 || status === 403) {
      throw new PrometheusError(
        'refused',
        `${who} refused the credentials with status ${status}`,
      );
    }
    const answer = parse(text);
    if (answer?.status === 'error') {
      throw new PrometheusError(
        // It could not do it in time, or at all just now; the query is not to blame
        ['timeout', 'canceled', 'internal', 'unavailable'].includes(
          answer.errorType,
        )
          ? 'unreachable'
          : 'rejected',
        `${who} could not answer ${quote(form.query)}: ${
          answer.errorType
        }: ${answer.error.slice(0, LONGEST_QUOTE)}`,
      );
    }
    if (!answer) {
      throw new PrometheusError(
        status >= 500 ? 'unreachable' : 'nonsense',
        `${who} answered with status ${status} and ${
          text ? quote(text) : 'nothing'
        }, which is no answer of its API; see baseUrl`,
      );
    }
    const series = toSeries(answer.data, form.query, who);
    if (!native && series.some(each => each.histograms)) {
      throw new PrometheusError(
        'rejected',
        `${who} answered ${quote(
          form.query,
        )} with native histograms; ask for classic buckets, with the label le`,
      );
    }
    return series;
  }
}

function toSeries(
  data: Extract<z.infer<typeof answerSchema>, { status: 'success' }>['data'],
  query: string,
  who: string,
): Series[] {
  switch (data.resultType) {
    case 'vector':
      return data.result.map(each => ({
        labels: each.metric,
        values: each.value ? [each.value] : [],
        ...(each.histogram && { histograms: [each.histogram] }),
      }));
    case 'matrix':
      return data.result.map(each => ({
        labels: each.metric,
        values: each.values ?? [],
        ...(each.histograms && { histograms: each.histograms }),
      }));
    case 'scalar':
      return [{ labels: {}, values: [data.result] }];
    default:
      throw new PrometheusError(
        'rejected',
        `${who} answered ${quote(query)} with a text; numbers are expected`,
      );
  }
}

function parse(text: string): z.infer<typeof answerSchema> | undefined {
  try {
    return answerSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function readBounded(response: Response, who: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > LARGEST_ANSWER_BYTES) {
      throw new PrometheusError(
        'nonsense',
        `${who} answered with more than ${
          LARGEST_ANSWER_BYTES / 1024 / 1024
        } MiB; let the queries select the series of the models alone`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function why(error: unknown, who: string, timeoutMs: number): string {
  const { name, cause, message } = error as Partial<Error>;
  if (name === 'TimeoutError') {
    return `${who} did not answer within ${timeoutMs / 1000} s`;
  }
  return `${who} cannot be reached: ${
    (cause as Partial<Error> | undefined)?.message || message
  }`;
}

function toNumber(text: string): number {
  return text.endsWith('Inf')
    ? Infinity * (text.startsWith('-') ? -1 : 1)
    : Number(text);
}

function toSeconds(date: Date): string {
  return (date.getTime() / 1000).toFixed(3);
}

function quote(text: string): string {
  return `"${
    text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text
  }"`;
}
