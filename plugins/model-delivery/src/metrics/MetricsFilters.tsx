import { ReactNode, useId } from 'react';
import Box from '@mui/material/Box';
import type {
  ChangeKind,
  Risk,
} from '@slipway/backstage-plugin-model-delivery-common';
import { dataOf } from '@slipway/backstage-plugin-model-delivery-common';
import { useLive } from '../api';
import { useTones } from '../components';
import { changeKindWords } from './measureText';
import { CHANGE_KINDS, MetricsQuery } from './metricsQuery';
import {
  dayAfter,
  dayBefore,
  periodText,
  RECENT_WEEKS,
  recentWeeks,
} from './period';

const risks: Record<Risk, string> = {
  low: 'Low',
  medium: 'Medium',
  high: 'High',
};

/** Period, team, risk, kind of change and model; all of them in the address. */
export function MetricsFilters(props: {
  query: MetricsQuery;
  problem: string | undefined;
  onChange: (changes: Partial<MetricsQuery>) => void;
  freshness: ReactNode;
}) {
  const { query, problem, onChange, freshness } = props;
  const { period } = query;
  const tones = useTones();
  const owners = useChoices('owner', query);
  const models = useChoices('model', query);
  const setPeriod = (value: string) => {
    if (value === 'custom') {
      onChange({ weeks: 'custom' });
    } else {
      const weeks = Number(value);
      onChange({ weeks, period: recentWeeks(weeks, Date.now()) });
    }
  };
  return (
    <Box
      component="form"
      aria-label="Filter"
      onSubmit={event => event.preventDefault()}
      sx={{
        display: 'flex',
        flexWrap: 'wrap',
        alignItems: 'center',
        gap: 1,
        mb: 2.5,
      }}
    >
      <Select
        label="Period"
        value={String(query.weeks)}
        onChange={setPeriod}
        options={[
          ...RECENT_WEEKS.map(weeks => ({
            value: String(weeks),
            label: `Last ${weeks} weeks, ${periodText(
              recentWeeks(weeks, Date.now()),
            )}`,
          })),
          {
            value: 'custom',
            label:
              query.weeks === 'custom' && !problem
                ? periodText(period)
                : 'Days of my own…',
          },
        ]}
      />
      {query.weeks === 'custom' && (
        <>
          <DayInput
            label="First day"
            value={period.from}
            onChange={from => onChange({ period: { ...period, from } })}
          />
          <DayInput
            label="Last day"
            value={period.to && dayBefore(period.to)}
            onChange={last =>
              onChange({ period: { ...period, to: dayAfter(last) } })
            }
          />
        </>
      )}
      <Select
        label="Team"
        value={query.owner ?? ''}
        onChange={owner => onChange({ owner: owner || undefined })}
        options={[{ value: '', label: 'All' }, ...owners]}
      />
      <Select
        label="Risk"
        value={query.risk ?? ''}
        onChange={risk => onChange({ risk: (risk as Risk) || undefined })}
        options={[
          { value: '', label: 'All' },
          ...Object.entries(risks).map(([value, label]) => ({ value, label })),
        ]}
      />
      <Select
        label="Change"
        value={query.changeKind ?? ''}
        onChange={kind =>
          onChange({ changeKind: (kind as ChangeKind) || undefined })
        }
        options={[
          { value: '', label: 'All kinds' },
          ...CHANGE_KINDS.map(kind => ({
            value: kind,
            label: changeKindWords[kind],
          })),
        ]}
      />
      <Select
        label="Model"
        value={query.model ?? ''}
        onChange={model => onChange({ model: model || undefined })}
        options={[{ value: '', label: 'All' }, ...models]}
      />
      <Box sx={{ ml: 'auto', fontSize: 12, color: 'text.secondary' }}>
        {freshness}
      </Box>
      {problem && (
        <Box role="alert" sx={{ width: 1, color: tones.failed.text }}>
          {problem}
        </Box>
      )}
    </Box>
  );
}

interface Choice {
  value: string;
  label: string;
}

/** Teams or models that have anything in the period; the chosen one is always among them. */
function useChoices(by: 'owner' | 'model', query: MetricsQuery): Choice[] {
  const { period } = query;
  const chosen = query[by];
  const groups = useLive(
    `metrics/choices/${by}/${period.from}/${period.to}`,
    ({ client, signal }) =>
      client
        .GET('/metrics/groups', {
          params: {
            query: {
              by,
              from: `${period.from}T00:00:00Z`,
              to: `${period.to}T00:00:00Z`,
              limit: 200,
            },
          },
          signal,
        })
        .then(result =>
          dataOf(result).items.map(({ key, title }) => ({
            value: key,
            label: title,
          })),
        ),
    { pollSeconds: 600, concerns: () => false },
  );
  const choices = [...(groups.data ?? [])].sort((a, b) =>
    a.label.localeCompare(b.label),
  );
  return chosen && !choices.some(choice => choice.value === chosen)
    ? [...choices, { value: chosen, label: chosen.replace(/^.*\//, '') }]
    : choices;
}

const fieldSx = {
  display: 'flex',
  alignItems: 'center',
  gap: 1,
  minHeight: { xs: 36, md: 32 },
  minWidth: 0,
  flex: { xs: '1 1 140px', md: 'none' },
  px: 1.25,
  border: 1,
  borderColor: 'text.disabled',
  borderRadius: '4px',
  bgcolor: 'background.paper',
  color: 'text.primary',
  fontSize: 13,
  '&:focus-within': { outline: '2px solid', outlineColor: 'primary.main' },
  '& label': { color: 'text.secondary', whiteSpace: 'nowrap' },
  '& select, & input': {
    flex: 1,
    minWidth: 0,
    maxWidth: 300,
    height: 30,
    border: 0,
    outline: 0,
    background: 'none',
    color: 'inherit',
    font: 'inherit',
    colorScheme: 'inherit',
  },
  '& option': { color: 'text.primary', bgcolor: 'background.paper' },
} as const;

function Select(props: {
  label: string;
  value: string;
  options: Choice[];
  onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <Box sx={fieldSx}>
      <label htmlFor={id}>{props.label}</label>
      <select
        id={id}
        value={props.value}
        onChange={event => props.onChange(event.target.value)}
      >
        {props.options.map(option => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Box>
  );
}

function DayInput(props: {
  label: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <Box sx={fieldSx}>
      <label htmlFor={id}>{props.label}</label>
      <input
        id={id}
        type="date"
        value={props.value}
        onChange={event => {
          // While somebody types, a day is incomplete for a moment.
          if (event.target.value) {
            props.onChange(event.target.value);
          }
        }}
      />
    </Box>
  );
}
