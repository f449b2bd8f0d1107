import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { root } from './paths.mjs';

const SKIPPED = new Set(['node_modules', 'dist', 'dist-types', 'coverage']);

/** Every file below the given files and folders, in one order on every machine; missing ones are left out. */
export function filesBelow(paths) {
  const found = [];
  const visit = path => {
    let entries;
    try {
      entries = readdirSync(path, { withFileTypes: true });
    } catch (error) {
      if (error.code === 'ENOTDIR') {
        found.push(path);
      } else if (error.code !== 'ENOENT') {
        throw error;
      }
      return;
    }
    for (const entry of entries) {
      if (!SKIPPED.has(entry.name)) {
        const child = join(path, entry.name);
        if (entry.isDirectory()) {
          visit(child);
        } else if (entry.isFile()) {
          found.push(child);
        }
      }
    }
  };
  paths.forEach(visit);
  return found.sort();
}

/** One digest of the names and contents of the files, and of the other parts given. */
export function digestOf(paths, otherParts = []) {
  const hash = createHash('sha256');
  for (const file of filesBelow(paths)) {
    hash.update(`${relative(root, file)}\0`);
    hash.update(readFileSync(file));
    hash.update('\0');
  }
  otherParts.forEach(part => hash.update(`${part}\0`));
  return hash.digest('hex');
}

/** Replaces a file in one step, so that a kill leaves the old one or the new one. */
export function writeWhole(file, text, mode = 0o644) {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, text, { mode });
  renameSync(draft, file);
}

/** The parsed JSON file, or `undefined` when it is missing or broken. */
export function readJson(file) {
  try {
    return existsSync(file)
      ? JSON.parse(readFileSync(file, 'utf8'))
      : undefined;
  } catch {
    return undefined;
  }
}

/** The packages of the workspace: name, folder and manifest of each. */
export function workspacePackages() {
  return ['packages', 'plugins'].flatMap(parent =>
    readdirSync(join(root, parent), { withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .map(entry => join(root, parent, entry.name))
      .filter(folder => existsSync(join(folder, 'package.json')))
      .map(folder => {
        const manifest = readJson(join(folder, 'package.json')) ?? {};
        return { name: manifest.name, folder, manifest };
      }),
  );
}
