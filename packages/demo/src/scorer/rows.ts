import type { Row } from './model.ts';

/**
 * Reads the rows of a request as MLflow's scoring protocol has them: `dataframe_split`, `dataframe_records` or
 * `instances`.
 * @throws Error when the body is none of them.
 */
export function readRows(body: string): Row[] {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new Error('The body is no JSON');
  }
  const request = (value ?? {}) as Record<string, unknown>;
  const records = request.dataframe_records ?? request.instances;
  if (isRows(records)) {
    return records;
  }
  const split = request.dataframe_split as
    | { columns?: unknown; data?: unknown }
    | undefined;
  if (
    Array.isArray(split?.columns) &&
    Array.isArray(split.data) &&
    split.data.every(Array.isArray)
  ) {
    const { columns } = split;
    return split.data.map((cells: unknown[]) =>
      Object.fromEntries(
        columns.map((column, i) => [String(column), cells[i]]),
      ),
    );
  }
  throw new Error(
    'The body needs dataframe_split with columns and data, or a list of rows in dataframe_records or instances',
  );
}

function isRows(value: unknown): value is Row[] {
  return (
    Array.isArray(value) &&
    value.every(
      row => typeof row === 'object' && row !== null && !Array.isArray(row),
    )
  );
}
