import {
  closeSync,
  copyFileSync,
  openSync,
  readSync,
  statSync,
  truncateSync,
} from 'node:fs';

const LARGEST = 5 * 1024 * 1024;
const TAIL = 4096;

/** Opens a log for a server to append to. The server keeps writing to it when the backend is gone. */
export function openLog(path: string): number {
  return openSync(path, 'a', 0o600);
}

/** Keeps a log bounded: what is too long moves to `.1`. Lines written at that very moment may be lost. */
export function boundLog(path: string, largest: number = LARGEST): void {
  try {
    if (statSync(path).size > largest) {
      copyFileSync(path, `${path}.1`);
      truncateSync(path);
    }
  } catch {
    // No log yet, or a full disk: nothing that serving should stop for
  }
}

/** The last lines of a log in one string, at most 1,000 characters; empty when there are none. */
export function tailOfLog(path: string, lines: number = 5): string {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const { size } = statSync(path);
    const buffer = Buffer.alloc(Math.min(size, TAIL));
    readSync(file, buffer, 0, buffer.length, size - buffer.length);
    return buffer
      .toString('utf8')
      .split('\n')
      .map(line => line.trim())
      .filter(line => line !== '')
      .slice(-lines)
      .join(' / ')
      .slice(-1000);
  } catch {
    return '';
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
