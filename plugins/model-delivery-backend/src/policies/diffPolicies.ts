import { PolicyChange } from '@slipway/backstage-plugin-model-delivery-common';
import { GateKinds } from '../gates/kinds/GateKinds';
import { digestOf } from './digest';
import { faultyDataOf, isAsStrictOnData } from './faultyData';
import { compareEnvironments } from './strictness/compareEnvironments';
import { compareGates } from './strictness/compareGates';
import { Gate, PolicyContent, PolicyEnvironment } from './types';
import {
  breakGlassText,
  delegationText,
  expiryText,
  faultyDataText,
  gateText,
  remindersText,
  rolloutText,
  skipStepsText,
  slotsText,
  soakText,
  waiversText,
  windowsText,
} from './policyText';

type Effect = PolicyChange['effect'];

/** What an environment asks for beside gates, by what it is called. */
const FIELDS: [
  subject: string,
  field: keyof PolicyEnvironment,
  text: (environment: PolicyEnvironment) => string | null,
][] = [
  ['Approvals', 'slots', each => slotsText(each.slots)],
  [
    'Approvals of a first deployment',
    'firstDeploymentSlots',
    each => slotsText(each.firstDeploymentSlots),
  ],
  ['Rollout', 'rollout', each => rolloutText(each.rollout)],
  ['Soak', 'soakSeconds', soakText],
  ['Freeze windows', 'freezeWindows', windowsText],
  ['Waivers', 'waivers', waiversText],
  ['Skipping steps', 'skipSteps', skipStepsText],
  ['Break-glass', 'breakGlass', breakGlassText],
  ['Reminders', 'reminders', remindersText],
  ['Delegation', 'delegation', delegationText],
  ['Approvals expire', 'expiresAfterSeconds', expiryText],
];

/**
 * What differs between two policies, environment by environment, and whether the newer one is stricter there; `changed`
 * where it is neither, or where that cannot be told.
 */
export function diffPolicies(
  before: PolicyContent,
  after: PolicyContent,
  kinds: GateKinds,
): PolicyChange[] {
  const names = [
    ...after.environments,
    ...before.environments.filter(
      old => !after.environments.some(each => each.name === old.name),
    ),
  ].map(each => each.name);
  return [
    ...diffRoles(before, after),
    ...diffFaultyData(before, after),
    ...names.flatMap(name => {
      const older = before.environments.find(each => each.name === name);
      const newer = after.environments.find(each => each.name === name);
      return older && newer
        ? [
            ...diffGates(before, older, after, newer, kinds),
            ...diffFields(before, older, newer, kinds),
          ]
        : [
            change(name, `Environment ${name}`, {
              before: older ? 'there' : null,
              after: newer ? 'there' : null,
              effect: newer ? 'tightened' : 'loosened',
            }),
          ];
    }),
  ];
}

function diffRoles(
  before: PolicyContent,
  after: PolicyContent,
): PolicyChange[] {
  const text = (policy: PolicyContent, role: string) =>
    policy.roles.find(each => each.role === role)?.group ?? null;
  return [
    ...new Set([...before.roles, ...after.roles].map(each => each.role)),
  ].flatMap(role => {
    const [was, is] = [text(before, role), text(after, role)];
    return was === is
      ? []
      : [
          change(null, `Role ${role}`, {
            before: was,
            after: is,
            effect: 'changed',
          }),
        ];
  });
}

function diffFaultyData(
  before: PolicyContent,
  after: PolicyContent,
): PolicyChange[] {
  const [was, is] = [faultyDataOf(before), faultyDataOf(after)];
  return was === is
    ? []
    : [
        change(null, 'Faulty data', {
          before: faultyDataText(was),
          after: faultyDataText(is),
          effect: effectOf(
            isAsStrictOnData(is, was),
            isAsStrictOnData(was, is),
          ),
        }),
      ];
}

function diffGates(
  before: PolicyContent,
  older: PolicyEnvironment,
  after: PolicyContent,
  newer: PolicyEnvironment,
  kinds: GateKinds,
): PolicyChange[] {
  const ids = [...new Set([...newer.gates, ...older.gates])];
  const gateIn = (
    policy: PolicyContent,
    environment: PolicyEnvironment,
    id: string,
  ) =>
    environment.gates.includes(id)
      ? policy.gates.find(gate => gate.id === id)
      : undefined;
  return ids.flatMap(id => {
    const was = gateIn(before, older, id);
    const is = gateIn(after, newer, id);
    if (was && is && digestOf(judgedBy(was)) === digestOf(judgedBy(is))) {
      return [];
    }
    return [
      change(newer.name, (is ?? was)!.title, {
        before: was ? gateText(was) : null,
        after: is ? gateText(is) : null,
        effect: gateEffect(was, is, kinds),
      }),
    ];
  });
}

function gateEffect(
  was: Gate | undefined,
  is: Gate | undefined,
  kinds: GateKinds,
): Effect {
  if (!was || !is) {
    return is ? 'tightened' : 'loosened';
  }
  return effectOf(
    compareGates(is, was, kinds).length === 0,
    compareGates(was, is, kinds).length === 0,
  );
}

/** What of a gate decides; its words do not. */
function judgedBy({ title: _, description: __, stage: ___, ...rest }: Gate) {
  return rest;
}

function diffFields(
  policy: PolicyContent,
  older: PolicyEnvironment,
  newer: PolicyEnvironment,
  kinds: GateKinds,
): PolicyChange[] {
  return FIELDS.flatMap(([subject, field, text]) => {
    if (digestOf([older[field] ?? null]) === digestOf([newer[field] ?? null])) {
      return [];
    }
    const changed: PolicyEnvironment = { ...older, [field]: newer[field] };
    const isAsStrict = (one: PolicyEnvironment, other: PolicyEnvironment) =>
      compareEnvironments(
        { policy, environment: one },
        { policy, environment: other },
        { emergencies: true, kinds },
      ).length === 0;
    return [
      change(newer.name, subject, {
        before: text(older),
        after: text(newer),
        effect: effectOf(
          isAsStrict(changed, older),
          isAsStrict(older, changed),
        ),
      }),
    ];
  });
}

function effectOf(isAsStrict: boolean, wasAsStrict: boolean): Effect {
  if (isAsStrict === wasAsStrict) {
    return 'changed';
  }
  return isAsStrict ? 'tightened' : 'loosened';
}

function change(
  environment: string | null,
  subject: string,
  rest: Pick<PolicyChange, 'before' | 'after' | 'effect'>,
): PolicyChange {
  return { environment, subject, ...rest };
}
