import { createBackend } from '@backstage/backend-defaults';
import { catalogModuleLocalRepositories } from '@slipway/backstage-plugin-scaffolder-backend-module-model-delivery';
import { httpRouter } from './http/httpRouter';
import { authModuleNestedGroups } from './identity/authModuleNestedGroups';
import { permissionModuleSlipwayPolicy } from './permissionPolicy/permissionModuleSlipwayPolicy';

const backend = createBackend();

backend.add(httpRouter);

backend.add(import('@backstage/plugin-app-backend'));

// Who one is, and what one may
backend.add(import('@backstage/plugin-auth-backend'));
backend.add(import('@backstage/plugin-auth-backend-module-oidc-provider'));
backend.add(authModuleNestedGroups);
backend.add(import('@backstage/plugin-permission-backend'));
backend.add(permissionModuleSlipwayPolicy);

// What there is
backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(
  import('@backstage/plugin-catalog-backend-module-scaffolder-entity-model'),
);
backend.add(import('@backstage/plugin-catalog-backend-module-logs'));
backend.add(import('@slipway/backstage-plugin-catalog-backend-module-model'));
backend.add(
  import('@slipway/backstage-plugin-catalog-backend-module-model-sources'),
);
backend.add(catalogModuleLocalRepositories);

// Where a pipeline is born
backend.add(import('@backstage/plugin-scaffolder-backend'));
backend.add(import('@backstage/plugin-scaffolder-backend-module-github'));
backend.add(import('@backstage/plugin-scaffolder-backend-module-gitlab'));
backend.add(
  import('@backstage/plugin-scaffolder-backend-module-notifications'),
);
backend.add(
  import('@slipway/backstage-plugin-scaffolder-backend-module-model-delivery'),
);

// How its models are delivered
backend.add(import('@slipway/backstage-plugin-model-delivery-backend'));
backend.add(
  import('@slipway/backstage-plugin-model-delivery-backend-module-mlflow'),
);
backend.add(
  import(
    '@slipway/backstage-plugin-model-delivery-backend-module-local-serving'
  ),
);
// These do nothing unless they are configured
backend.add(
  import('@slipway/backstage-plugin-model-delivery-backend-module-vertex-ai'),
);
backend.add(
  import('@slipway/backstage-plugin-model-delivery-backend-module-wandb'),
);
backend.add(
  import('@slipway/backstage-plugin-model-delivery-backend-module-sagemaker'),
);
backend.add(
  import('@slipway/backstage-plugin-model-delivery-backend-module-prometheus'),
);
backend.add(
  import('@slipway/backstage-plugin-model-delivery-backend-module-webhook'),
);
backend.add(
  import('@slipway/backstage-plugin-model-delivery-backend-module-ci-job'),
);
backend.add(
  import('@slipway/backstage-plugin-model-delivery-backend-module-kubernetes'),
);

// What one finds, is told, and prefers
backend.add(import('@backstage/plugin-search-backend'));
backend.add(import('@backstage/plugin-search-backend-module-catalog'));
backend.add(
  import('@slipway/backstage-plugin-search-backend-module-model-delivery'),
);
// Searches in PostgreSQL where that is the database, and leaves the search in memory elsewhere
backend.add(import('@backstage/plugin-search-backend-module-pg'));
backend.add(import('@backstage/plugin-events-backend'));
backend.add(import('@backstage/plugin-notifications-backend'));
backend.add(import('@backstage/plugin-signals-backend'));
backend.add(import('@backstage/plugin-user-settings-backend'));

backend.start().catch((error: Error) => {
  // A portal that came up in part must not look as if it had come up
  process.stderr.write(`${error.stack ?? error.message}\n`);
  process.exit(1);
});
