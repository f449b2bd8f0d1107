import { Impact } from './findImpact';

/** Continues the reason of a fault: what it means for one owner. Pure. */
export function wordsFor(impact: Impact, owner: string): string {
  const own = impact.versions.filter(each => each.owner === owner);
  const serving = own.filter(each => each.serving.length > 0);
  const listed = (serving.length > 0 ? serving : own)
    .slice(0, 5)
    .map(each => `${each.title} ${each.version}`)
    .join(', ');
  if (own.length === 0) {
    return 'Your models say that they use it.';
  }
  const where =
    serving.length > 0
      ? `It went into what serves now: ${listed}.`
      : `It went into ${own.length} of your versions, of which none serves: ${listed}.`;
  return `${where} ${policyWords(own)}`;
}

/** Where an owner finds what the fault means for them. Pure. */
export function linkFor(
  impact: Impact,
  owner: string,
  dataset: string,
): string {
  const ref = [...impact.versions, ...impact.models].find(
    each => each.owner === owner,
  )!.model;
  return linkTo(ref, dataset);
}

/** Where one sees on a model's page what a faulty data set affects and what was revoked for it. Pure. */
export function linkTo(ref: string, dataset: string): string {
  const [, namespace, name] = /^model:([^/]+)\/(.+)$/.exec(ref)!;
  return `/catalog/${namespace}/model/${name}/lineage?node=${encodeURIComponent(
    dataset,
  )}&impact=yes`;
}

function policyWords(own: Impact['versions']): string {
  const revoked = own.filter(each => each.revokes);
  const names = [...new Set(revoked.map(each => each.policy))].join(', ');
  if (revoked.length === 0) {
    return 'Your policy revokes nothing for it: you decide.';
  }
  return `By the policy ${names} the evaluations of ${
    revoked.length === own.length ? 'them' : `${revoked.length} of them`
  } are revoked.`;
}
