import { ReactNode } from 'react';
import Box from '@mui/material/Box';
import type {
  ApprovalSlot,
  PolicyEnvironment,
  PolicyRole,
} from '@slipway/backstage-plugin-model-delivery-common';
import { formatNumber, formatShare } from '../charts';
import { formatDuration, PersonName, Sub } from '../components';
import { planText } from '../promotions/planText';
import { marginText, stepText } from './policyText';

/** What one row says of an environment; null where nothing is asked for or allowed. */
interface Row {
  label: string;
  value: (
    environment: PolicyEnvironment,
    before: PolicyEnvironment | undefined,
  ) => ReactNode;
}

const ROWS: Row[] = [
  {
    label: 'Approvals',
    value: ({ slots }) => (slots.length ? <Slots slots={slots} /> : null),
  },
  {
    label: 'Approvals of a first deployment',
    value: ({ firstDeploymentSlots: slots }) =>
      slots.length ? <Slots slots={slots} /> : null,
  },
  { label: 'Rollout', value: ({ rollout }) => <Rollout plan={rollout} /> },
  {
    label: 'Soak',
    value: ({ soakSeconds }, before) =>
      soakSeconds > 0
        ? `${formatDuration(soakSeconds)}${before ? ` in ${before.name}` : ''}`
        : null,
  },
  {
    label: 'Freeze windows',
    value: ({ freezeWindows }) =>
      freezeWindows.length
        ? freezeWindows.map(({ name, from, to, timeZone }) => (
            <div key={name}>
              {name}
              <Sub>
                {written(from)} to {written(to)}, {timeZone}
              </Sub>
            </div>
          ))
        : null,
  },
  {
    label: 'Waivers of gates',
    value: ({ waivers }) =>
      waivers && (
        <>
          {waivers.roles.map(each => (
            <Role key={each.role} role={each} />
          ))}
          <Sub>up to {formatDuration(waivers.longestSeconds)}</Sub>
        </>
      ),
  },
  {
    label: 'Skipping steps',
    value: ({ skipSteps }) =>
      skipSteps && (
        <>
          {skipSteps.roles.map(each => (
            <Role key={each.role} role={each} />
          ))}
          <Sub>never the last step</Sub>
        </>
      ),
  },
  {
    label: 'Break-glass',
    value: ({ breakGlass }) =>
      breakGlass && (
        <>
          <Role role={breakGlass.role} />
          <Sub>
            reviewed by {breakGlass.reviewRole.title} within{' '}
            {formatDuration(breakGlass.reviewWithinSeconds)}
          </Sub>
        </>
      ),
  },
  {
    label: 'Reminders of approvers',
    value: ({ reminders }) =>
      reminders && (
        <>
          every {formatDuration(reminders.everySeconds)}
          {reminders.escalateTo && reminders.escalateAfterSeconds !== null && (
            <Sub>
              after {formatDuration(reminders.escalateAfterSeconds)} to{' '}
              {reminders.escalateTo.title}
            </Sub>
          )}
        </>
      ),
  },
  {
    label: 'A role may be handed on',
    value: ({ delegation }) =>
      delegation && `for up to ${formatDuration(delegation.longestSeconds)}`,
  },
  {
    label: 'Approvals expire',
    value: ({ expiresAfterSeconds }) =>
      `after ${formatDuration(expiresAfterSeconds)}`,
  },
];

/** What environments ask for beside gates, one row for each thing. */
export function EnvironmentRows(props: { environments: PolicyEnvironment[] }) {
  const { environments } = props;
  return (
    <>
      {ROWS.map(({ label, value }) => (
        <tr key={label}>
          <th scope="row">
            <b>{label}</b>
          </th>
          {environments.map((environment, index) => (
            <td key={environment.name}>
              {value(environment, environments[index - 1]) ?? <Sub>None</Sub>}
            </td>
          ))}
        </tr>
      ))}
    </>
  );
}

function Slots(props: { slots: ApprovalSlot[] }) {
  return (
    <>
      {props.slots.map(slot => (
        <Role
          key={slot.role}
          role={slot}
          prefix={slot.minimum > 1 ? `${slot.minimum} × ` : ''}
          suffix={slot.reasonRequired ? '' : ', no reason needed'}
        />
      ))}
    </>
  );
}

/** A role by its title, and the group whose members hold it. */
function Role(props: { role: PolicyRole; prefix?: string; suffix?: string }) {
  const { role, prefix, suffix } = props;
  return (
    <div>
      {prefix}
      {role.title}
      {suffix}
      <Sub>
        <PersonName principal={role.group} />
      </Sub>
    </div>
  );
}

function Rollout(props: { plan: PolicyEnvironment['rollout'] }) {
  const { plan } = props;
  const { shadow, steps, metrics } = plan;
  const after = [
    plan.keepPreviousSeconds !== undefined &&
      `keeps the version before for ${formatDuration(
        plan.keepPreviousSeconds,
      )}`,
    plan.watchSeconds !== undefined &&
      `watches for ${formatDuration(plan.watchSeconds)}`,
  ].filter(Boolean);
  return (
    <>
      {planText(plan)}
      <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none' }}>
        {shadow && (
          <li>
            <Sub>
              Shadow of {shadow.share} % for{' '}
              {formatDuration(shadow.windowSeconds)}, at least{' '}
              {formatNumber(shadow.minimumSamples, { digits: 0 })} requests, up
              to {formatShare(shadow.maxDisagreement)} of answers may differ
              {shadow.tolerance
                ? `, numbers by more than ${shadow.tolerance}`
                : ''}
            </Sub>
          </li>
        )}
        {plan.strategy !== 'direct' &&
          steps.map(step => (
            <li key={step.share}>
              <Sub>{stepText(step)}</Sub>
            </li>
          ))}
        {metrics.map(metric => (
          <li key={metric.name}>
            <Sub>{marginText(metric)}</Sub>
          </li>
        ))}
        {after.length > 0 && (
          <li>
            <Sub>Then {after.join(' and ')}</Sub>
          </li>
        )}
      </Box>
    </>
  );
}

/** An end of a freeze window as one reads it: `2026-12-20T00:00` becomes `2026-12-20 00:00`. */
function written(end: string): string {
  return end.replace('T', ' ');
}
