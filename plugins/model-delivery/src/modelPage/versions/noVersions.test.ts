import { noVersions } from './noVersions';

const textOf = (unregistered: Parameters<typeof noVersions>[0]) =>
  noVersions(unregistered, 'Its pipeline registers them.').text;
const waiting = { versions: 3, newest: '7', missing: [], dueAt: null };

describe('a model without versions', () => {
  it('says what its registry has, and what would bring it here', () => {
    expect(textOf(undefined)).toBe('Its pipeline registers them.');
    expect(
      textOf({
        registry: null,
        unregistered: {
          ...waiting,
          versions: 1,
          missing: ['slipway.artifact.digest', 'mlflow.source.git.commit'],
        },
      }),
    ).toBe(
      'the registry has version 7. It is registered from there once its tags say slipway.artifact.digest and mlflow.source.git.commit, by which it is known again; or its pipeline registers it.',
    );
    expect(
      textOf({
        registry: null,
        unregistered: { ...waiting, dueAt: '2026-11-23T10:00:00.000Z' },
      }),
    ).toContain('3 versions, the newest 7. It is registered from there within');
    expect(textOf({ registry: null, unregistered: waiting })).toContain(
      'could not be registered',
    );
  });
});
