import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What the recorded run calls its jobs, database, folder and version. */
const NAMES = /airflow:\/\/ml|warehouse|\/srv\/lake|manual-/g;
/** How the ids of its runs begin: with the moment that it was for. */
const RUNS = /\b0(?=1a20[0-9a-f]{3}-)/g;

/**
 * The events of a real run of Airflow, in the order it sent them.
 *
 * @param mark - A hexadecimal digit that ends its names and begins the ids of its runs, so that it is a run of its own
 */
export function airflowEvents(mark: string): object[] {
  return readFileSync(path.join(__dirname, 'events.jsonl'), 'utf8')
    .replace(NAMES, name => `${name}${mark}`)
    .replace(RUNS, mark)
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
}
