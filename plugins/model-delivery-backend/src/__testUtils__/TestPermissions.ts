import {
  AuthorizeResult,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import { RESOURCE_TYPE_MODEL } from '@slipway/backstage-plugin-model-delivery-common';

/** A permission policy that allows everything until a test takes something away. */
export class TestPermissions {
  /** Names of the permissions that nobody has. */
  readonly denied = new Set<string>();
  /** The risk of the models that users may read; all of them where there is none. */
  riskSeen: string | undefined;

  /** Allows everything again. */
  reset(): void {
    this.denied.clear();
    this.riskSeen = undefined;
  }

  /** What the policy decides; `user` is who asks, undefined for a service. */
  readonly decide = (permission: string, user?: string): PolicyDecision => {
    if (this.denied.has(permission)) {
      return { result: AuthorizeResult.DENY };
    }
    return permission === 'model-delivery.model.read' && user && this.riskSeen
      ? {
          result: AuthorizeResult.CONDITIONAL,
          pluginId: 'model-delivery',
          resourceType: RESOURCE_TYPE_MODEL,
          conditions: {
            rule: 'HAS_RISK',
            resourceType: RESOURCE_TYPE_MODEL,
            params: { risks: [this.riskSeen] },
          },
        }
      : { result: AuthorizeResult.ALLOW };
  };
}
