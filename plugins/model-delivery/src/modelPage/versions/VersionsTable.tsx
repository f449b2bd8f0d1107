import Box from '@mui/material/Box';
import type {
  ModelDetail,
  Version,
} from '@slipway/backstage-plugin-model-delivery-common';
import { metricTitle, ScrollRegion, tableSx } from '../../components';
import { orderParameters } from './orderParameters';
import { SortHeader } from './SortHeader';
import { VersionRow } from './VersionRow';
import { VersionsQuery } from './versionsQuery';

/** What one can do stays in sight while the rest scrolls, where that leaves room for the rest. */
const actSx = {
  '& tr > :last-child:not([colspan])': {
    position: { sm: 'sticky' },
    right: 0,
    bgcolor: 'background.paper',
  },
};

/** What a {@link VersionsTable} shows and says. */
export interface VersionsTableProps {
  versions: Version[];
  /** Names of the metrics that are columns. */
  metrics: string[];
  production: Version | undefined;
  model: ModelDetail | undefined;
  query: VersionsQuery;
  onSort: (query: VersionsQuery) => void;
  /** Versions picked to be put side by side. */
  picked: string[];
  onPick: (version: string) => void;
}

/** Versions in rows: what each is made of, and how good it is against the one in production. */
export function VersionsTable(props: VersionsTableProps) {
  const { versions, metrics, production, model, query, onSort } = props;
  const { picked, onPick } = props;
  const mayAct = Boolean(model?.viewer.mayRequestPromotion);
  const parameters = orderParameters(versions);
  const sorted = { query, onSort };
  return (
    <ScrollRegion label="Table of versions">
      <Box
        component="table"
        sx={[tableSx, mayAct && actSx, { minWidth: 700 + metrics.length * 96 }]}
      >
        <thead>
          <tr>
            <SortHeader title="Version" sort="registered" {...sorted} />
            <th scope="col">Digest, commit</th>
            <th scope="col">Data</th>
            <th scope="col">Parameters</th>
            {metrics.map(name => (
              <SortHeader
                key={name}
                title={metricTitle(name)}
                sort={`metric:${name}`}
                numeric
                {...sorted}
              />
            ))}
            <th scope="col">Serves in</th>
            {mayAct && <th scope="col">Act</th>}
          </tr>
        </thead>
        <tbody>
          {versions.map(version => (
            <VersionRow
              key={version.version}
              version={version}
              metrics={metrics}
              parameters={parameters}
              production={production}
              model={model}
              others={versions}
              picked={picked.includes(version.version)}
              onPick={() => onPick(version.version)}
            />
          ))}
        </tbody>
      </Box>
    </ScrollRegion>
  );
}
