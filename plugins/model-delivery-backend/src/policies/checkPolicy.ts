import { FieldError } from '@slipway/backstage-plugin-model-delivery-common';
import { checkGate } from './checkGate';
import { checkRollout } from './checkRollout';
import { leaveNothingOpen, toFreezeWindows } from './freezeWindowSchema';
import { PolicyFile } from './policySchema';

type Spec = PolicyFile['spec'];
type EnvironmentFile = Spec['environments'][number];

const TIER_ORDER = ['development', 'testing', 'staging', 'production'] as const;

/** What the form alone cannot say: references, order, windows and conditions. */
export function checkPolicy({ spec }: PolicyFile): FieldError[] {
  return [
    ...checkGates(spec),
    ...spec.environments.flatMap((environment, i) =>
      checkEnvironment(spec, environment, i),
    ),
    ...checkOrder(spec.environments),
  ];
}

function checkGates({ gates }: Spec): FieldError[] {
  return gates.flatMap((gate, i) => [
    ...(gates.findIndex(each => each.id === gate.id) < i
      ? [
          {
            path: `spec.gates[${i}].id`,
            message: `'${gate.id}' is used by an earlier gate`,
          },
        ]
      : []),
    ...checkGate(gate, `spec.gates[${i}]`),
  ]);
}

function checkEnvironment(
  spec: Spec,
  environment: EnvironmentFile,
  index: number,
): FieldError[] {
  const errors: FieldError[] = [];
  const at = `spec.environments[${index}]`;
  const add = (path: string, message: string) =>
    errors.push({ path: `${at}.${path}`, message });

  if (
    spec.environments.findIndex(each => each.name === environment.name) < index
  ) {
    add('name', `'${environment.name}' is used by an earlier one`);
  }
  environment.gates.forEach((id, j) => {
    if (!spec.gates.some(gate => gate.id === id)) {
      add(
        `gates[${j}]`,
        `there is no gate '${id}' below spec.gates; there are ${spec.gates
          .map(gate => gate.id)
          .join(', ')}`,
      );
    }
    if (environment.gates.indexOf(id) < j) {
      add(`gates[${j}]`, `'${id}' is there already`);
    }
  });
  for (const list of ['approvals', 'firstDeploymentApprovals'] as const) {
    environment[list].forEach((slot, j) => {
      if (environment[list].findIndex(e => e.role === slot.role) < j) {
        add(
          `${list}[${j}].role`,
          `'${slot.role}' is asked for already; raise its minimum instead`,
        );
      }
    });
  }
  rolesOf(environment).forEach(({ path, role }) => {
    if (!spec.roles[role]) {
      add(path, `there is no role '${role}' below spec.roles`);
    }
  });
  const { breakGlass } = environment;
  if (breakGlass && breakGlass.role === breakGlass.reviewRole) {
    add(
      'breakGlass.reviewRole',
      'must be another role than the one whose doing it reviews',
    );
  }
  if (
    environment.tier === 'production' &&
    environment.firstDeploymentApprovals.length === 0
  ) {
    add(
      'firstDeploymentApprovals',
      'must ask for at least one: a first deployment has no version to return to',
    );
  }
  if (leaveNothingOpen(environment.freezeWindows.flatMap(toFreezeWindows))) {
    add('freezeWindows', 'must leave some of the week open');
  }
  errors.push(...checkRollout(environment.rollout, `${at}.rollout`));
  return errors;
}

/** Every place of an environment that names a role. */
function rolesOf(
  environment: EnvironmentFile,
): { path: string; role: string }[] {
  const { waivers, skipSteps, breakGlass, reminders } = environment;
  return [
    ...(['approvals', 'firstDeploymentApprovals'] as const).flatMap(list =>
      environment[list].map(({ role }, j) => ({
        path: `${list}[${j}].role`,
        role,
      })),
    ),
    ...(waivers?.roles ?? []).map((role, j) => ({
      path: `waivers.roles[${j}]`,
      role,
    })),
    ...(skipSteps?.roles ?? []).map((role, j) => ({
      path: `skipSteps.roles[${j}]`,
      role,
    })),
    ...(breakGlass
      ? [
          { path: 'breakGlass.role', role: breakGlass.role },
          { path: 'breakGlass.reviewRole', role: breakGlass.reviewRole },
        ]
      : []),
    ...(reminders?.escalateTo
      ? [{ path: 'reminders.escalateTo', role: reminders.escalateTo }]
      : []),
  ];
}

function checkOrder(environments: EnvironmentFile[]): FieldError[] {
  const errors: FieldError[] = [];
  environments.forEach(({ tier }, i) => {
    const before = environments[i - 1]?.tier;
    if (before && TIER_ORDER.indexOf(tier) < TIER_ORDER.indexOf(before)) {
      errors.push({
        path: `spec.environments[${i}].tier`,
        message: `must not come after ${before}; the order is ${TIER_ORDER.join(
          ', ',
        )}`,
      });
    }
  });
  if (!environments.some(each => each.tier === 'staging')) {
    errors.push({
      path: 'spec.environments',
      message: 'must have one of tier staging',
    });
  }
  const last = environments.length - 1;
  if (environments[last].tier !== 'production') {
    errors.push({
      path: `spec.environments[${last}].tier`,
      message: 'must be production in the last',
    });
  }
  return errors;
}
