import Box from '@mui/material/Box';
import type { VersionChanges } from '@slipway/backstage-plugin-model-delivery-common';
import {
  Caption,
  Digest,
  PersonName,
  ScrollRegion,
  Sub,
  tableSx,
} from '../../components';

type Part = VersionChanges['data'][number];

const signs: Record<Part['change'], string> = {
  added: '+',
  removed: '−',
  changed: '≠',
  same: '=',
};

/** What else differs between two versions: code, data, configuration, parameters; the same parts are only counted. */
export function PartChanges(props: { changes: VersionChanges }) {
  const { changes } = props;
  if (changes.against === null) {
    return null;
  }
  const code: Part = {
    name: 'commit',
    from: changes.code.from,
    to: changes.code.to,
    change: changes.code.from === changes.code.to ? 'same' : 'changed',
  };
  const groups: [string, Part[]][] = [
    ['Code', [code]],
    ['Data', changes.data],
    ['Configuration', changes.configuration],
    ['Parameters', changes.parameters],
  ];
  const different = groups.flatMap(([group, parts]) =>
    parts
      .filter(part => part.change !== 'same')
      .map(part => ({ ...part, group })),
  );
  const same = groups.reduce(
    (sum, [, parts]) =>
      sum + parts.filter(part => part.change === 'same').length,
    0,
  );
  return (
    <>
      <Caption>What else differs</Caption>
      {different.length > 0 && (
        <ScrollRegion label="Parts that differ">
          <Box component="table" sx={[tableSx, { minWidth: 480 }]}>
            <thead>
              <tr>
                <th scope="col">Part</th>
                <th scope="col">{changes.against}</th>
                <th scope="col">{changes.version}</th>
                <th scope="col">Change</th>
              </tr>
            </thead>
            <tbody>
              {different.map(part => (
                <tr key={`${part.group} ${part.name}`}>
                  <th scope="row">
                    <PersonName principal={part.name} />
                    <Sub>{part.group}</Sub>
                  </th>
                  <td>
                    <Value value={part.from} />
                  </td>
                  <td>
                    <Value value={part.to} />
                  </td>
                  <td>
                    {signs[part.change]} {part.change}
                  </td>
                </tr>
              ))}
            </tbody>
          </Box>
        </ScrollRegion>
      )}
      <Sub>
        {different.length === 0 && 'Nothing. '}
        {same === 1 ? '1 part is the same' : `${same} parts are the same`}
      </Sub>
    </>
  );
}

function Value(props: { value: string | null }) {
  const { value } = props;
  if (value === null) {
    return <Sub>None</Sub>;
  }
  if (/^(sha256:)?[0-9a-f]{40,64}$/.test(value)) {
    return <Digest value={value} commit={!value.startsWith('sha256:')} />;
  }
  return (
    <Box component="code" sx={{ fontSize: 12, overflowWrap: 'anywhere' }}>
      {value}
    </Box>
  );
}
