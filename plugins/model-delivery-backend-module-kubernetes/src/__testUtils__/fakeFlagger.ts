import { createHash } from 'node:crypto';
import { sum } from './fakeKServe';
import { Controller, FakeApiServer, Stored } from './FakeApiServer';

const hashOf = (value: unknown) =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 10);
const versionOf = (deployment?: Stored): string =>
  deployment?.spec.template.metadata.annotations?.['slipway.dev/version'] ??
  'unknown';

/**
 * Flagger's canary of a Deployment, after `advanceCanary` and `hasSpecChanged` of its source (1.43): a changed template is
 * analysed and promoted in steps of its own, unless the canary is suspended or that template was applied before.
 */
export class FakeFlagger {
  isLate = false;
  /** Whether the analysis finds what is new to be bad. */
  finds: 'good' | 'bad' = 'good';

  readonly controller: Controller = server => {
    for (const key of [...server.objects.keys()]) {
      const [plural, name] = key.split('/');
      if (plural === 'canaries') {
        this.#advance(server, name);
      }
    }
    for (const key of server.objects.keys()) {
      const [plural, name] = key.split('/');
      if (plural === 'deployments') {
        server.touch(plural, name, object => {
          const replicas = object.spec.replicas ?? 1;
          object.status = {
            observedGeneration: object.metadata.generation,
            replicas,
            updatedReplicas: replicas,
            availableReplicas: this.isLate ? 0 : replicas,
          };
        });
      }
    }
  };

  #advance(server: FakeApiServer, name: string) {
    const canary = server.get('canaries', name)!;
    const workload = server.get('deployments', name);
    if (canary.spec.suspend || !workload) {
      return;
    }
    const hash = hashOf(workload.spec.template);
    const status = canary.status ?? { phase: 'Initializing' };
    const set = (changed: object) =>
      server.touch('canaries', name, each => {
        each.status = { ...status, failedChecks: 0, iterations: 0, ...changed };
      });
    const scale = (replicas: number) =>
      server.touch('deployments', name, each => {
        each.spec.replicas = replicas;
      });
    const promote = () =>
      server.put('deployments', `${name}-primary`, {
        spec: { ...workload.spec, replicas: 2 },
      });
    switch (status.phase) {
      case 'Initializing':
        promote();
        scale(0);
        set({
          phase: 'Initialized',
          canaryWeight: 0,
          lastAppliedSpec: hash,
          lastPromotedSpec: hash,
        });
        break;
      case 'Progressing':
        if (this.finds === 'bad') {
          scale(0);
          set({
            phase: 'Failed',
            canaryWeight: 0,
            conditions: [
              {
                type: 'Promoted',
                status: 'False',
                reason: 'Failed',
                message: 'Canary analysis failed, Deployment scaled to zero.',
              },
            ],
          });
        } else if (status.canaryWeight < 50 && !canary.spec.skipAnalysis) {
          set({ canaryWeight: status.canaryWeight + 25 });
        } else {
          promote();
          set({ phase: 'Promoting' });
        }
        break;
      case 'Promoting':
        set({ phase: 'Finalising', canaryWeight: 0 });
        break;
      case 'Finalising':
        scale(0);
        set({ phase: 'Succeeded', lastPromotedSpec: hash });
        break;
      default:
        if (
          hash !== status.lastPromotedSpec &&
          hash !== status.lastAppliedSpec
        ) {
          scale(1);
          set({ phase: 'Progressing', canaryWeight: 0, lastAppliedSpec: hash });
        }
    }
  }

  shares(server: FakeApiServer, name: string) {
    const weight = server.get('canaries', name)?.status?.canaryWeight ?? 0;
    const primary = server.get('deployments', `${name}-primary`);
    return primary
      ? sum([
          { version: versionOf(primary), share: 100 - weight },
          {
            version: versionOf(server.get('deployments', name)),
            share: weight,
          },
        ])
      : [];
  }

  moves(server: FakeApiServer): number {
    return server.asked.filter(
      ({ method, body }) => method === 'PATCH' && body.spec?.suspend === false,
    ).length;
  }
}
