import type {
  Decision,
  Promotion,
} from '@slipway/backstage-plugin-model-delivery-common';

/** Decisions that hold, by the role they were made in. */
export function validDecisions(
  approval: Promotion['approval'],
  role: string,
): Decision[] {
  return approval.decisions.filter(
    decision => decision.role === role && !decision.voided,
  );
}

/** Decisions that something voided, newest first. */
export function voidedDecisions(approval: Promotion['approval']): Decision[] {
  return approval.decisions.filter(decision => decision.voided).reverse();
}

/** A slot's title within a sentence: `Compliance officer` becomes `compliance officer`. */
export function inSentence(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1);
}

/** Why somebody may not decide, such as `You trained it`, within a sentence. */
export function asClause(reason: string): string {
  return reason.replace(/^You /, 'you ').replace(/\.$/, '');
}
