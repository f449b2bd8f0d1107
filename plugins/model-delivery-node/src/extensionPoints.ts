import { createExtensionPoint } from '@backstage/backend-plugin-api';
import { Deployer } from './deployer';
import { GateKind } from './gateKind';
import { MetricsSource } from './metricsSource';
import { ModelRegistry } from './modelRegistry';

/**
 * Where modules add deployers. Ids are unique.
 * @public
 */
export interface DeployersExtensionPoint {
  /** @throws when the id is taken. */
  addDeployer(deployer: Deployer): void;
}

/** @public */
export const deployersExtensionPoint =
  createExtensionPoint<DeployersExtensionPoint>({
    id: 'model-delivery.deployers',
  });

/**
 * Where modules add metrics sources. Ids are unique.
 * @public
 */
export interface MetricsSourcesExtensionPoint {
  /** @throws when the id is taken. */
  addMetricsSource(source: MetricsSource): void;
}

/** @public */
export const metricsSourcesExtensionPoint =
  createExtensionPoint<MetricsSourcesExtensionPoint>({
    id: 'model-delivery.metrics-sources',
  });

/**
 * Where modules add connections to model registries. The pair of type and id is unique.
 * @public
 */
export interface ModelRegistriesExtensionPoint {
  /** @throws when the pair of type and id is taken. */
  addRegistry(registry: ModelRegistry): void;
}

/** @public */
export const modelRegistriesExtensionPoint =
  createExtensionPoint<ModelRegistriesExtensionPoint>({
    id: 'model-delivery.model-registries',
  });

/**
 * Where modules add kinds of gates that policies refer to by name.
 * @public
 */
export interface GateKindsExtensionPoint {
  /** @throws when the name is taken, or the kind is malformed; the message says where. */
  addGateKind(kind: GateKind): void;
}

/** @public */
export const gateKindsExtensionPoint =
  createExtensionPoint<GateKindsExtensionPoint>({
    id: 'model-delivery.gate-kinds',
  });
