import { useId, useState } from 'react';
import Box from '@mui/material/Box';
import IconButton from '@mui/material/IconButton';
import ChevronRightIcon from '@mui/icons-material/ChevronRight';
import ExpandMoreIcon from '@mui/icons-material/ExpandMore';
import type {
  ModelDetail,
  Version,
} from '@slipway/backstage-plugin-model-delivery-common';
import {
  Digest,
  formatInterval,
  formatMeasurement,
  PersonName,
  readAgainst,
  readings,
  Sub,
  Time,
  VerdictIcon,
} from '../../components';
import { RequestPromotionButton } from '../RequestPromotionButton';
import { GoneMark } from './GoneMark';
import { VersionDetails } from './VersionDetails';

/** What a {@link VersionRow} shows. */
export interface VersionRowProps {
  version: Version;
  metrics: string[];
  /** Names of parameters, those worth showing first in front. */
  parameters: string[];
  production: Version | undefined;
  model: ModelDetail | undefined;
  /** Versions that it can be compared with. */
  others: Version[];
  /** Whether it is to be put side by side with others. */
  picked: boolean;
  onPick: () => void;
}

/** One version in a row, with all its parts and evaluations below when it is opened. */
export function VersionRow(props: VersionRowProps) {
  const { version, metrics, parameters, production, model, others } = props;
  const { picked, onPick } = props;
  const [open, setOpen] = useState(false);
  const detailsId = useId();
  const name = version.version;
  return (
    <>
      <tr>
        <th scope="row">
          <Box sx={{ display: 'flex', gap: '4px' }}>
            <IconButton
              size="small"
              onClick={() => setOpen(was => !was)}
              aria-expanded={open}
              aria-controls={open ? detailsId : undefined}
              aria-label={`Parts and evaluations of ${name}`}
              sx={{ width: 24, height: 24, p: 0, my: '-3px', ml: '-4px' }}
            >
              {open ? <ExpandMoreIcon /> : <ChevronRightIcon />}
            </IconButton>
            <span>
              {name}
              <Sub>
                <Time at={version.createdAt} />
                <br />
                by <PersonName principal={version.trainedBy} />
              </Sub>
              <GoneMark version={version} />
              <Box
                component="label"
                sx={{
                  display: 'flex',
                  alignItems: 'center',
                  gap: '4px',
                  minHeight: 24,
                  fontWeight: 400,
                  fontSize: 12,
                  cursor: 'pointer',
                }}
              >
                <input
                  type="checkbox"
                  checked={picked}
                  onChange={onPick}
                  aria-label={`Compare ${name}`}
                />
                Compare
              </Box>
            </span>
          </Box>
        </th>
        <td>
          <Digest value={version.digest} of={`digest of ${name}`} />
          <Sub sx={{ mt: '7px' }}>
            <Digest value={version.parts.code.commit} commit />
          </Sub>
        </td>
        <td>
          <Data version={version} />
        </td>
        <td>
          <Parameters version={version} order={parameters} />
        </td>
        {metrics.map(metric => (
          <MetricCell
            key={metric}
            metric={metric}
            version={version}
            production={production}
          />
        ))}
        <td>
          <ServesIn version={version} />
        </td>
        {model?.viewer.mayRequestPromotion && (
          <td>
            <Box sx={{ my: '-6px' }}>
              <RequestPromotionButton model={model} version={name} />
            </Box>
          </td>
        )}
      </tr>
      {open && (
        <tr id={detailsId}>
          <td colSpan={metrics.length + 6}>
            <VersionDetails
              version={version}
              production={production}
              others={others}
            />
          </td>
        </tr>
      )}
    </>
  );
}

function Data(props: { version: Version }) {
  const { data } = props.version.parts;
  if (data.length === 0) {
    return <Sub>None told</Sub>;
  }
  const [first, ...rest] = data;
  return (
    <>
      <PersonName principal={first.name} />
      <Sub sx={{ mt: '7px' }}>
        {!first.digest?.startsWith(first.version) && first.version}
        {first.digest && (
          <>
            {' '}
            <Digest value={first.digest} of={`digest of ${first.name}`} />
          </>
        )}
        {rest.length > 0 && `, ${rest.length} more`}
      </Sub>
    </>
  );
}

function Parameters(props: { version: Version; order: string[] }) {
  const { parameters } = props.version.parts;
  const entries = props.order
    .filter(key => key in parameters)
    .map(key => [key, parameters[key]] as const);
  if (entries.length === 0) {
    return <Sub>None told</Sub>;
  }
  const shown = entries.slice(0, 2);
  return (
    <>
      {shown.map(([key, value]) => (
        <Box
          key={key}
          sx={{ minWidth: 130, maxWidth: 180, overflowWrap: 'anywhere' }}
        >
          {key} = {value.length > 24 ? `${value.slice(0, 24)}…` : value}
        </Box>
      ))}
      {entries.length > shown.length && (
        <Sub>{entries.length - shown.length} more</Sub>
      )}
    </>
  );
}

function MetricCell(props: {
  metric: string;
  version: Version;
  production: Version | undefined;
}) {
  const { metric, version, production } = props;
  const measured = version.metrics.find(({ name }) => name === metric);
  if (!measured) {
    return (
      <td className="num">
        <Sub>No data</Sub>
      </td>
    );
  }
  const isProduction = production?.version === version.version;
  const reading = readAgainst(
    measured,
    production?.metrics.find(({ name }) => name === metric),
  );
  const interval = formatInterval(measured);
  return (
    <td className="num">
      <Box
        component="span"
        sx={{ display: 'inline-flex', alignItems: 'center', height: 18 }}
      >
        {!isProduction && (reading === 'better' || reading === 'worse') && (
          <Box
            component="span"
            title={`${readings[reading].label} than ${production?.version} in production`}
            sx={{ mr: '4px', display: 'inline-flex', alignItems: 'center' }}
          >
            <VerdictIcon
              size={14}
              appearance={{
                ...readings[reading],
                label: `${readings[reading].label} than production:`,
              }}
            />
          </Box>
        )}
        {formatMeasurement(measured)}
      </Box>
      <Sub>{interval ?? 'no interval'}</Sub>
    </td>
  );
}

function ServesIn(props: { version: Version }) {
  const { environments } = props.version;
  if (environments.length === 0) {
    return <Sub>Nowhere</Sub>;
  }
  return (
    <>
      {environments.map(({ name, share, since }) => (
        <Box key={name} sx={{ whiteSpace: 'nowrap' }}>
          {name}
          {share < 100 && ` ${share} %`}
          <Sub>
            for <Time at={since} as="since" />
          </Sub>
        </Box>
      ))}
    </>
  );
}
