import type { ModelDetail } from '@slipway/backstage-plugin-model-delivery-common';

/** Why a model has no version yet, and what would bring one: `what` happens with it then. */
export function noVersions(
  model: Pick<ModelDetail, 'unregistered' | 'registry'> | undefined,
  what: string,
): { title: string; text: string } {
  const waiting = model?.unregistered;
  const registry = model?.registry?.type ?? 'the registry';
  if (!waiting) {
    return { title: 'No versions yet', text: what };
  }
  const { versions, newest, missing, dueAt } = waiting;
  return {
    title: 'No versions are registered here yet',
    text: `${registry} has ${
      versions === 1
        ? `version ${newest}`
        : `${versions} versions, the newest ${newest}`
    }. ${because(missing, dueAt)}`,
  };
}

function because(missing: string[], dueAt: string | null): string {
  if (missing.length > 0) {
    return `It is registered from there once its tags say ${missing.join(
      ' and ',
    )}, by which it is known again; or its pipeline registers it.`;
  }
  return dueAt
    ? 'It is registered from there within some minutes, unless its pipeline does before.'
    : 'It could not be registered from there; its pipeline can.';
}
