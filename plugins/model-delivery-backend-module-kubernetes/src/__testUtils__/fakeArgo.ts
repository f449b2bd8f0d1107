import { createHash } from 'node:crypto';
import { Controller, FakeApiServer, Stored } from './FakeApiServer';

const hashOf = (value: unknown) =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 10);

/**
 * Argo Rollouts' canary with a traffic router, after `syncRolloutStatusCanary` of its source (1.10): a changed template or
 * changed steps begin anew, a known stable template skips them, `promoteFull` and `abort` do as they say.
 */
export class FakeArgo {
  isLate = false;
  /** What pods of a hash serve. */
  readonly pods = new Map<string, string>();

  readonly controller: Controller = server => {
    for (const key of server.objects.keys()) {
      const [plural, name] = key.split('/');
      if (plural === 'rollouts') {
        server.touch('rollouts', name, object => this.#reconcile(object));
      }
    }
  };

  #reconcile(object: Stored) {
    const { spec, metadata } = object;
    const status = { ...object.status };
    object.status = status;
    if (Object.keys(metadata.annotations ?? {}).length === 0) {
      // Nothing of ours was deployed yet: the pods of the test's template are not what it is about
      status.observedGeneration = String(metadata.generation);
      return;
    }
    const steps: any[] = spec.strategy.canary.steps ?? [];
    const current = hashOf(spec.template);
    this.pods.set(
      current,
      spec.template.metadata.annotations?.['slipway.dev/version'] ?? 'unknown',
    );
    const stepHash = hashOf(steps);
    if (
      status.currentPodHash !== current ||
      status.currentStepHash !== stepHash
    ) {
      Object.assign(status, {
        abort: false,
        promoteFull: false,
        currentStepIndex: current === status.stableRS ? steps.length : 0,
      });
    }
    Object.assign(status, {
      currentPodHash: current,
      currentStepHash: stepHash,
      observedGeneration: String(metadata.generation),
    });
    const weigh = (weight: number) => ({
      weights: {
        canary: { weight, podTemplateHash: current },
        stable: { weight: 100 - weight, podTemplateHash: status.stableRS },
      },
    });
    if (!status.stableRS || status.promoteFull) {
      status.phase = this.isLate ? 'Progressing' : 'Healthy';
      if (!this.isLate) {
        Object.assign(status, { stableRS: current, promoteFull: false });
        status.canary = weigh(0);
      }
    } else if (current === status.stableRS) {
      status.phase = 'Healthy';
      status.canary = weigh(0);
    } else if (status.abort) {
      status.phase = 'Degraded';
      status.message = 'RolloutAborted: Rollout aborted update';
      status.canary = weigh(0);
    } else {
      status.phase = 'Progressing';
      delete status.message;
      const step = steps[status.currentStepIndex];
      if (step?.pause) {
        status.phase = 'Paused';
      } else if (step && !this.isLate) {
        status.canary =
          step.setWeight === undefined
            ? status.canary ?? weigh(0)
            : weigh(step.setWeight);
        status.currentStepIndex += 1;
      }
    }
  }

  shares(server: FakeApiServer, name: string) {
    const { stableRS, canary } = server.get('rollouts', name)?.status ?? {};
    return [canary?.weights?.canary, canary?.weights?.stable]
      .filter(each => stableRS && each?.weight > 0)
      .map(({ weight, podTemplateHash }) => ({
        version: this.pods.get(podTemplateHash)!,
        share: weight,
      }));
  }

  moves(server: FakeApiServer): number {
    return server.asked.filter(
      ({ method, body }) =>
        method === 'PATCH' &&
        (body.status?.abort === true ||
          body.status?.promoteFull === true ||
          JSON.stringify(body.spec ?? {}).includes('setWeight')),
    ).length;
  }
}
