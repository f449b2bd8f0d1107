import { ReactNode } from 'react';
import Box from '@mui/material/Box';
import type {
  GateDefinition,
  Policy,
  PolicyEnvironment,
} from '@slipway/backstage-plugin-model-delivery-common';
import {
  Code,
  formatDuration,
  icons,
  ScrollRegion,
  StateLabel,
  Sub,
  tableSx,
} from '../components';
import { EnvironmentRows } from './EnvironmentRows';
import { faultyDataText } from './policyText';

const blocks = {
  label: 'Blocks',
  tone: 'neutral',
  icon: icons.LockIcon,
} as const;
const warns = {
  label: 'Warns',
  tone: 'warned',
  icon: icons.WarnedIcon,
} as const;

/** What a policy asks for, environment by environment in the order in which a version passes through them. */
export function EnvironmentsTable(props: { policy: Policy }) {
  const { policy } = props;
  const { environments } = policy;
  return (
    <ScrollRegion label={`What ${policy.name} asks for`}>
      <Box
        component="table"
        sx={{
          ...tableSx,
          tableLayout: 'fixed',
          minWidth: {
            xs: 190 + environments.length * 150,
            md: 240 + environments.length * 180,
          },
          '& tbody th': { fontWeight: 400 },
        }}
      >
        <thead>
          <tr>
            <Box
              component="th"
              scope="col"
              sx={{ width: { xs: 190, md: '30%' } }}
            >
              To get in, a version needs
            </Box>
            {environments.map((environment, index) => (
              <th key={environment.name} scope="col">
                {index + 1}. {environment.name}
                {environment.tier !== environment.name && (
                  <Sub>{environment.tier}</Sub>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <GroupRow span={environments.length + 1}>Gates</GroupRow>
          {policy.gates.map(gate => (
            <GateRow key={gate.id} gate={gate} environments={environments} />
          ))}
          {policy.gates.length === 0 && (
            <tr>
              <td colSpan={environments.length + 1}>No gates</td>
            </tr>
          )}
          <GroupRow span={environments.length + 1}>
            Approvals, rollout and exceptions
          </GroupRow>
          <EnvironmentRows environments={environments} />
          <GroupRow span={environments.length + 1}>
            In every environment
          </GroupRow>
          <tr>
            <th scope="row">
              <b>When data that it was made of are found faulty</b>
            </th>
            <td colSpan={environments.length}>
              {faultyDataText(policy.faultyData)}
              <Sub>
                <Code>faultyData: {policy.faultyData}</Code>
              </Sub>
            </td>
          </tr>
        </tbody>
      </Box>
    </ScrollRegion>
  );
}

function GroupRow(props: { span: number; children: ReactNode }) {
  return (
    <tr>
      <Box
        component="th"
        scope="colgroup"
        colSpan={props.span}
        sx={{
          pt: '16px !important',
          fontSize: 11,
          letterSpacing: '.06em',
          textTransform: 'uppercase',
          fontWeight: '700 !important',
          color: 'text.secondary',
        }}
      >
        {props.children}
      </Box>
    </tr>
  );
}

function GateRow(props: {
  gate: GateDefinition;
  environments: PolicyEnvironment[];
}) {
  const { gate, environments } = props;
  return (
    <tr>
      <th scope="row">
        <b>{gate.title}</b>
        {gate.description && <Sub>{gate.description}</Sub>}
        <div>
          <Code>{gate.when}</Code>
        </div>
        {gate.maxAgeSeconds !== null && (
          <Sub>Evidence at most {formatDuration(gate.maxAgeSeconds)} old</Sub>
        )}
      </th>
      {environments.map(environment => (
        <td key={environment.name}>
          {environment.gates.includes(gate.id) ? (
            <StateLabel appearance={gate.blocking ? blocks : warns} />
          ) : (
            <Sub>Not asked</Sub>
          )}
        </td>
      ))}
    </tr>
  );
}
