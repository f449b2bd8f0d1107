import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { modelDeliveryPermissions } from './permissions';

const ROOT = resolve(__dirname, '../../..');

/** The documentation that administrators follow: the guides, and what each package says of itself. */
function documents(): string[] {
  const guides = readdirSync(join(ROOT, 'docs'))
    .filter(name => name.endsWith('.md'))
    .map(name => join('docs', name));
  const readmes = ['plugins', 'packages'].flatMap(folder =>
    readdirSync(join(ROOT, folder)).flatMap(name =>
      readdirSync(join(ROOT, folder, name))
        .filter(file => file === 'README.md')
        .map(file => join(folder, name, file)),
    ),
  );
  return ['README.md', ...guides, ...readmes];
}

describe('permissions', () => {
  it('are named in the documentation as they are called', () => {
    const names = modelDeliveryPermissions.map(each => each.name);
    const named = documents().flatMap(path =>
      [
        ...readFileSync(join(ROOT, path), 'utf8').matchAll(
          /(?<![\w-])model-delivery\.[a-z][a-z-]*(?:\.[a-z][a-z-]*)*/g,
        ),
      ].map(([name]) => ({ path, name })),
    );
    expect(named.length).toBeGreaterThan(names.length);
    expect(named.filter(({ name }) => !names.includes(name as never))).toEqual(
      [],
    );
  });
});
