import { join } from 'node:path';
import { generatePortfolio } from './generatePortfolio';
import { readArtifacts, SERVED_MODELS } from './servedModels';

const artifacts = readArtifacts(
  join(__dirname, '../../../../examples/artifacts'),
);
const now = new Date('2026-11-21T09:30:00.000Z');
const DAY = 86_400_000;

describe('generatePortfolio', () => {
  const portfolio = generatePortfolio({ now, artifacts });
  const { models } = portfolio;
  const deployments = models.flatMap(model =>
    model.deployments
      .filter(each => each.environment === 'production')
      .map(each => ({ ...each, model: model.name })),
  );

  it('makes up the same year again, whatever the hour', () => {
    const later = generatePortfolio({
      now: new Date('2026-11-21T21:59:00.000Z'),
      artifacts,
    });
    expect(later).toEqual(portfolio);
    expect(generatePortfolio({ now, artifacts, seed: 'other' })).not.toEqual(
      portfolio,
    );
  });

  it('is about as large as its readers expect', () => {
    const count = (of: (model: (typeof models)[number]) => unknown[]) =>
      models.reduce((sum, model) => sum + of(model).length, 0);
    expect(models).toHaveLength(14);
    expect(count(model => model.versions)).toBeGreaterThan(250);
    expect(count(model => model.runs)).toBeGreaterThan(1_400);
    expect(count(model => model.incidents)).toBeGreaterThan(17);
    expect(deployments.length).toBeGreaterThan(240);
  });

  it('has one model whose card is stale', () => {
    const stale = models.filter(model =>
      model.versions.some(({ evaluations }) =>
        evaluations.some(
          ({ fact, metrics }) =>
            fact === 'card' &&
            metrics.some(
              ({ name, value }) => name === 'age_days' && value > 90,
            ),
        ),
      ),
    );
    expect(stale.map(({ name }) => name)).toEqual(['collections-priority']);
  });

  it('keeps everything in the past, in order and without overlap', () => {
    for (const model of models) {
      const created = model.versions.map(({ registration }) =>
        Date.parse(registration.createdAt!),
      );
      expect(created).toEqual([...created].sort((a, b) => a - b));
      for (const environment of ['staging', 'production']) {
        const spans = model.deployments.filter(
          each => each.environment === environment,
        );
        for (const span of spans) {
          expect(Date.parse(span.startedAt)).toBeLessThan(now.getTime());
        }
        spans.slice(1).forEach((span, index) => {
          expect(spans[index].endedAt! <= span.startedAt).toBe(true);
        });
      }
      for (const { report } of model.runs) {
        expect(Date.parse(report.finishedAt!)).toBeGreaterThan(
          Date.parse(report.startedAt),
        );
        expect(Date.parse(report.finishedAt!)).toBeLessThan(now.getTime());
      }
    }
  });

  it('deploys what was committed and trained before', () => {
    for (const model of models) {
      const versions = new Map(
        model.versions.map(({ registration }) => [
          registration.version,
          registration,
        ]),
      );
      expect(versions.size).toBe(model.versions.length);
      for (const deployment of model.deployments) {
        const version = versions.get(deployment.version)!;
        expect(version.createdAt! < deployment.startedAt).toBe(true);
        for (const commit of version.commits!) {
          expect(commit.authoredAt <= version.createdAt!).toBe(true);
        }
      }
    }
  });

  it('follows each rollback by the version that was restored', () => {
    const rolledBack = deployments.filter(
      each => each.outcome === 'rolled-back',
    );
    expect(rolledBack.length).toBeGreaterThan(6);
    for (const failed of rolledBack) {
      const restored = deployments.find(
        each =>
          each.model === failed.model && each.startedAt === failed.endedAt,
      )!;
      expect(restored.restores).toBe(true);
      expect(restored.version).not.toBe(failed.version);
    }
  });

  it('loses more runs of supply than of the others', () => {
    const lost = (names: string[]) => {
      const runs = models
        .filter(model => names.includes(model.name))
        .flatMap(model => model.runs);
      return (
        runs.filter(({ report }) => report.outcome === 'error').length /
        runs.length
      );
    };
    expect(lost(['demand-forecast-fresh', 'store-footfall'])).toBeGreaterThan(
      0.05,
    );
    expect(lost(['fraud-card-present', 'returns-fraud'])).toBeLessThan(0.05);
  });

  it('leaves what is really served to the portal: v1 ended, v2 to v4 never deployed', () => {
    for (const name of SERVED_MODELS) {
      const model = models.find(each => each.name === name)!;
      const versions = model.versions.map(each => each.registration);
      expect(versions.slice(-4).map(each => each.parts.artifact.uri)).toEqual(
        ['v1', 'v2', 'v3', 'v4'].map(version => `scorer:${name}/${version}`),
      );
      expect(
        model.deployments.some(each =>
          ['v2', 'v3', 'v4'].includes(each.version),
        ),
      ).toBe(false);
      const open = model.deployments.filter(each => !each.endedAt);
      expect(open).toEqual([]);
    }
  });

  it('lets v1 to v4 get better and better, by what is measured before traffic', () => {
    for (const name of SERVED_MODELS) {
      const f1 = models
        .find(each => each.name === name)!
        .versions.slice(-4)
        .map(
          ({ evaluations }) =>
            evaluations
              .find(each => each.fact === 'candidate')!
              .metrics.find(each => each.name === 'f1')!.value,
        );
      expect(f1).toEqual([...f1].sort((a, b) => a - b));
      expect(new Set(f1).size).toBe(4);
    }
  });

  it('measures anew what a promotion today would be judged by', () => {
    for (const model of models) {
      for (const { evaluations } of model.versions.slice(-3)) {
        for (const { measuredAt } of evaluations) {
          const age = now.getTime() - Date.parse(measuredAt);
          expect(age).toBeGreaterThan(0);
          expect(age).toBeLessThan(15 * DAY);
        }
      }
    }
  });
});
