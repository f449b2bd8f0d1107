import { useId, useState } from 'react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { dataOf } from '@slipway/backstage-plugin-model-delivery-common';
import type {
  GateKind,
  Stage,
} from '@slipway/backstage-plugin-model-delivery-common';
import { useLive } from '../api';
import {
  Card,
  Code,
  formatDuration,
  PageState,
  ScrollRegion,
  Sub,
  tableSx,
} from '../components';
import { stageTitles } from '../modelPage/gates/matrix';
import { buttonSx } from '../promotions/buttonSx';

/** The gates that a policy may refer to by name, for whoever writes one. */
export function GateKindsCard() {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <Card
      title="Gates to choose from"
      aside="What a gate of a policy may say as use, and as with"
    >
      <Button
        sx={buttonSx}
        variant="outlined"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        {isOpen ? 'Hide them' : 'Show them'}
      </Button>
      {isOpen && (
        <Box id={id} sx={{ mt: 2 }}>
          <Kinds />
        </Box>
      )}
    </Card>
  );
}

function Kinds() {
  const kinds = useLive(
    'gate-kinds',
    ({ client, signal }) => client.GET('/gate-kinds', { signal }).then(dataOf),
    { pollSeconds: 600, concerns: () => false },
  );
  return (
    <PageState
      state={kinds}
      what="the gates"
      lines={8}
      isEmpty={({ items }) => items.length === 0}
      empty={{
        title: 'No gates',
        text: 'Gates come with the portal, and with the modules that are installed in it.',
      }}
    >
      {({ items }) => (
        <ScrollRegion label="Gates to choose from, by name">
          <Box
            component="table"
            sx={{
              ...tableSx,
              minWidth: 820,
              '& td, & th': { verticalAlign: 'top' },
            }}
          >
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Passes when</th>
                <th scope="col">Parameters</th>
                <th scope="col">Evidence</th>
              </tr>
            </thead>
            {(Object.keys(stageTitles) as Stage[]).map(stage => (
              <StageRows
                key={stage}
                stage={stage}
                kinds={items.filter(each => each.stage === stage)}
              />
            ))}
          </Box>
        </ScrollRegion>
      )}
    </PageState>
  );
}

function StageRows(props: { stage: Stage; kinds: GateKind[] }) {
  const { stage, kinds } = props;
  return kinds.length === 0 ? null : (
    <tbody>
      <tr>
        <Box
          component="th"
          scope="rowgroup"
          colSpan={4}
          sx={{ pt: '16px !important', color: 'text.secondary' }}
        >
          {stageTitles[stage]}
        </Box>
      </tr>
      {kinds.map(kind => (
        <tr key={kind.id}>
          <th scope="row">
            <Code>{kind.id}</Code>
            {kind.origin === 'module' && <Sub>From a module</Sub>}
          </th>
          <td>
            {kind.title}
            {kind.description && <Sub>{kind.description}</Sub>}
          </td>
          <td>
            {kind.parameters.length === 0 && <Sub>None</Sub>}
            {kind.parameters.map(each => (
              <div key={each.name}>
                <Code>
                  {each.default === null
                    ? each.name
                    : `${each.name}: ${each.default}`}
                </Code>
                <Sub>
                  {each.description}
                  {each.default === null && '; has to be given'}
                </Sub>
              </div>
            ))}
          </td>
          <td>
            {kind.facts.map(({ fact, evidence }) => (
              <div key={fact}>
                <Code>{fact}</Code>
                {evidence && <Sub>{evidence}</Sub>}
              </div>
            ))}
            {kind.maxAgeSeconds !== null && (
              <Sub>At most {formatDuration(kind.maxAgeSeconds)} old</Sub>
            )}
          </td>
        </tr>
      ))}
    </tbody>
  );
}
