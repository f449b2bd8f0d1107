import type {
  Deployment,
  DeploymentRevocation,
  GateVerdict,
  RevocationEffects,
} from '@slipway/backstage-plugin-model-delivery-common';

/** As the API asks for it. */
export const SHORTEST_REASON = 10;

/** Whether a verdict was given on evidence that was revoked since; a later one says `no-evidence` itself. */
export function restsOnRevoked(verdict: GateVerdict): boolean {
  return verdict.inputs.some(input => input.revoked && input.value !== null);
}

/** Revoked evidence that a deployment rests on and that nobody let it serve on with. */
export function openRevocations(
  deployment: Pick<Deployment, 'revoked'>,
): DeploymentRevocation[] {
  return (deployment.revoked ?? []).filter(
    each => each.acknowledgement === null,
  );
}

/** What a revocation would affect, such as `3 promotions, 1 deployment that serves now`. */
export function effectsSummary({
  promotions,
  deployments,
}: RevocationEffects): string {
  const parts = [
    promotions.length > 0 && count(promotions.length, 'promotion'),
    deployments.length > 0 &&
      (deployments.length === 1
        ? '1 deployment that serves now'
        : `${deployments.length} deployments that serve now`),
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : 'Nothing rests on it now';
}

/** `1 version`, `3 versions`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
