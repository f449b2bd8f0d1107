import { Controller, FakeApiServer } from './FakeApiServer';

/**
 * KServe in serverless mode as far as traffic goes, after `createKnativeService` and `PropagateStatus` of its source
 * (0.20): a changed template makes a revision, and traffic is divided between the latest and the one rolled out before.
 */
export class FakeKServe {
  isLate = false;
  /** Revisions that were made, with the version that their pods tell. */
  readonly revisions: { name: string; template: string; version: string }[] =
    [];

  readonly controller: Controller = server => {
    for (const key of server.objects.keys()) {
      const [plural, name] = key.split('/');
      if (plural === 'inferenceservices') {
        this.#reconcile(server, name);
      }
    }
  };

  #reconcile(server: FakeApiServer, name: string) {
    server.touch('inferenceservices', name, object => {
      if (object.metadata.annotations?.['serving.kserve.io/stop'] === 'true') {
        this.revisions.length = 0;
        object.status = {
          components: {},
          conditions: [{ type: 'Stopped', status: 'True', reason: 'Stopped' }],
        };
        return;
      }
      const { annotations, model, canaryTrafficPercent } =
        object.spec.predictor;
      const template = JSON.stringify({ annotations, model });
      if (this.revisions.at(-1)?.template !== template) {
        const number = String(this.revisions.length + 1).padStart(5, '0');
        this.revisions.push({
          name: `${name}-predictor-${number}`,
          template,
          version: annotations?.['slipway.dev/version'] ?? 'unknown',
        });
      }
      const before = object.status?.components?.predictor ?? {};
      const created = this.revisions.at(-1)!.name;
      const ready = this.isLate ? before.latestReadyRevision : created;
      let rolledOut = before.latestRolledoutRevision;
      let previous = before.previousRolledoutRevision;
      const isSplit = canaryTrafficPercent !== undefined && rolledOut;
      const percent = isSplit ? canaryTrafficPercent : 100;
      const traffic = [
        { latestRevision: true, revisionName: ready, percent },
        ...(percent < 100
          ? [
              {
                latestRevision: false,
                revisionName: rolledOut,
                percent: 100 - percent,
                tag: 'prev',
              },
            ]
          : []),
      ].filter(each => each.revisionName);
      if (ready && rolledOut !== ready && percent === 100) {
        previous = rolledOut;
        rolledOut = ready;
      } else if (rolledOut === ready && ready === created && percent < 100) {
        rolledOut = previous ?? rolledOut;
      }
      object.status = {
        url: `http://${name}.models.example.com`,
        components: {
          predictor: JSON.parse(
            JSON.stringify({
              latestCreatedRevision: created,
              latestReadyRevision: ready,
              latestRolledoutRevision: rolledOut,
              previousRolledoutRevision: previous,
              traffic,
            }),
          ),
        },
        conditions: [
          {
            type: 'PredictorReady',
            status: ready === created ? 'True' : 'Unknown',
          },
        ],
      };
    });
  }

  /** Who gets what, by what the pods of each revision tell. */
  shares(server: FakeApiServer, name: string) {
    const status = server.get('inferenceservices', name)?.status;
    const traffic: { revisionName: string; percent: number }[] =
      status?.components?.predictor?.traffic ?? [];
    return sum(
      traffic.map(({ revisionName, percent }) => ({
        version: this.revisions.find(each => each.name === revisionName)!
          .version,
        share: percent,
      })),
    );
  }

  moves(server: FakeApiServer): number {
    return server.asked.filter(({ method, body }) => {
      const predictor = body?.spec?.predictor ?? {};
      const stop = body?.metadata?.annotations?.['serving.kserve.io/stop'];
      return (
        method === 'PATCH' &&
        !predictor.model &&
        ('canaryTrafficPercent' in predictor || stop === 'true')
      );
    }).length;
  }
}

/** Adds up what several rows give to one version. */
export function sum(shares: { version: string; share: number }[]) {
  const all = new Map<string, number>();
  for (const { version, share } of shares) {
    all.set(version, (all.get(version) ?? 0) + share);
  }
  return [...all]
    .filter(([, share]) => share > 0)
    .map(([version, share]) => ({ version, share }));
}
