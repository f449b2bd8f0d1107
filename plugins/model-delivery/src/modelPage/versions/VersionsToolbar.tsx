import { FormEvent, useState } from 'react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Checkbox from '@mui/material/Checkbox';
import Chip from '@mui/material/Chip';
import FormControlLabel from '@mui/material/FormControlLabel';
import TextField from '@mui/material/TextField';
import { ColumnChoice, metricTitle, SearchField } from '../../components';
import {
  conditionText,
  MetricCondition,
  MOST_COLUMNS,
  MOST_CONDITIONS,
  parseCondition,
  VersionsQuery,
} from './versionsQuery';

/** What a {@link VersionsToolbar} shows and says. */
export interface VersionsToolbarProps {
  query: VersionsQuery;
  onChange: (change: Partial<VersionsQuery>) => void;
  /** Metrics that can be columns or conditions. */
  metrics: string[];
  /** The columns that are shown now. */
  columns: string[];
}

const small = {
  '& select': { fontSize: 13, py: '5px' },
  '& input': { fontSize: 13, py: '5px' },
} as const;

/** Searches and narrows the versions, and chooses which metrics are columns. */
export function VersionsToolbar(props: VersionsToolbarProps) {
  const { query, onChange, metrics, columns } = props;
  const [open, setOpen] = useState(false);
  return (
    <Box sx={{ display: 'grid', gap: 1, mb: 1 }}>
      <Box
        sx={{
          display: 'flex',
          flexWrap: 'wrap',
          alignItems: 'center',
          gap: 1,
        }}
      >
        <SearchField
          value={query.q}
          onSearch={q => onChange({ q })}
          label="Search versions"
          placeholder="Search by name, commit, data, trainer"
          sx={{ flex: '1 1 220px', maxWidth: 420 }}
        />
        <FormControlLabel
          control={
            <Checkbox
              size="small"
              checked={query.serving}
              onChange={event => onChange({ serving: event.target.checked })}
            />
          }
          label="Serving now"
          componentsProps={{ typography: { fontSize: 13 } }}
          sx={{ mr: 0 }}
        />
        <Button
          size="small"
          variant="outlined"
          color="inherit"
          aria-expanded={open}
          onClick={() => setOpen(was => !was)}
          sx={{ textTransform: 'none' }}
        >
          Metrics
        </Button>
      </Box>
      {open && (
        <Box
          role="group"
          aria-label="Metrics"
          sx={{
            display: 'grid',
            gap: 1,
            p: 1.5,
            border: 1,
            borderColor: 'divider',
            borderRadius: 1,
          }}
        >
          <ColumnChoice
            columns={metrics.map(id => ({ id, title: metricTitle(id) }))}
            chosen={columns}
            most={MOST_COLUMNS}
            onChange={chosen => onChange({ columns: chosen })}
          />
          <ConditionForm {...{ query, metrics, onChange }} />
        </Box>
      )}
      {query.conditions.length > 0 && (
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
          {query.conditions.map(condition => (
            <Chip
              key={conditionText(condition)}
              size="small"
              label={`${metricTitle(condition.metric)} ${
                condition.operator === '>=' ? '≥' : '≤'
              } ${condition.bound}`}
              onDelete={() =>
                onChange({
                  conditions: query.conditions.filter(
                    each => each !== condition,
                  ),
                })
              }
            />
          ))}
        </Box>
      )}
    </Box>
  );
}

function ConditionForm(
  props: Pick<VersionsToolbarProps, 'query' | 'metrics' | 'onChange'>,
) {
  const { query, metrics, onChange } = props;
  const [metric, setMetric] = useState('');
  const [operator, setOperator] = useState<MetricCondition['operator']>('>=');
  const [bound, setBound] = useState('');
  const condition = parseCondition(
    `${metric || metrics[0]}${operator}${bound.trim()}`,
  );
  const full = query.conditions.length >= MOST_CONDITIONS;
  const add = (event: FormEvent) => {
    event.preventDefault();
    if (condition && !full) {
      setBound('');
      const others = query.conditions.filter(
        each => conditionText(each) !== conditionText(condition),
      );
      onChange({ conditions: [...others, condition] });
    }
  };
  return (
    <Box
      component="form"
      onSubmit={add}
      sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 1 }}
    >
      <TextField
        select
        size="small"
        value={metric || metrics[0]}
        onChange={event => setMetric(event.target.value)}
        SelectProps={{ native: true }}
        inputProps={{ 'aria-label': 'Metric' }}
        sx={small}
      >
        {metrics.map(name => (
          <option key={name} value={name}>
            {metricTitle(name)}
          </option>
        ))}
      </TextField>
      <TextField
        select
        size="small"
        value={operator}
        onChange={event =>
          setOperator(event.target.value as MetricCondition['operator'])
        }
        SelectProps={{ native: true }}
        inputProps={{ 'aria-label': 'Bound' }}
        sx={small}
      >
        <option value=">=">at least</option>
        <option value="<=">at most</option>
      </TextField>
      <TextField
        size="small"
        value={bound}
        onChange={event => setBound(event.target.value)}
        error={bound !== '' && !condition}
        inputProps={{ 'aria-label': 'Value', inputMode: 'decimal' }}
        placeholder="0.8"
        sx={{ ...small, width: 96 }}
      />
      <Button
        type="submit"
        size="small"
        disabled={!condition || full}
        sx={{ textTransform: 'none' }}
      >
        Only these versions
      </Button>
    </Box>
  );
}
