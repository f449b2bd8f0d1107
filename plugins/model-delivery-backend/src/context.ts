import {
  AuthService,
  LoggerService,
  SchedulerService,
  UrlReaderService,
} from '@backstage/backend-plugin-api';
import { ScmIntegrationRegistry } from '@backstage/integration';
import { CatalogService } from '@backstage/plugin-catalog-node';
import {
  Deployer,
  MetricsSource,
  ModelRegistry,
} from '@slipway/backstage-plugin-model-delivery-node';
import { Authorizer } from './access/Authorizer';
import { ModelDeliveryConfig } from './config';
import { GateKinds } from './gates/kinds/GateKinds';
import { UnitOfWork } from './database/UnitOfWork';
import { Directory } from './people/Directory';

/** What every capability is built from. */
export interface EngineContext {
  config: ModelDeliveryConfig;
  logger: LoggerService;
  scheduler: SchedulerService;
  auth: AuthService;
  catalog: CatalogService;
  work: UnitOfWork;
  authorizer: Authorizer;
  directory: Directory;
  deployers: Deployer[];
  metricsSources: MetricsSource[];
  urlReader: UrlReaderService;
  integrations: ScmIntegrationRegistry;
  registries: ModelRegistry[];
  gateKinds: GateKinds;
}
