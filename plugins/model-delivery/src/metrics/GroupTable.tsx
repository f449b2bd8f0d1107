import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import ButtonBase from '@mui/material/ButtonBase';
import {
  ChangeKind,
  dataOf,
  Measure,
  MeasureId,
  MetricsGroupPage,
  Risk,
} from '@slipway/backstage-plugin-model-delivery-common';
import { usePages } from '../api';
import { formatNumber, formatShare, Sparkline } from '../charts';
import {
  appearanceOf,
  Card,
  PageState,
  ScrollRegion,
  Sub,
  tableSx,
  VerdictIcon,
} from '../components';
import type { MetricsFilter } from './exportMetrics';
import { changeKindWords, measureText, measureWords } from './measureText';
import { GroupBy, MEASURES, MetricsQuery } from './metricsQuery';
import { buttonSx } from '../promotions/buttonSx';

const groupNames: Record<GroupBy, string> = {
  owner: 'Team',
  model: 'Model',
  risk: 'Risk',
  'change-kind': 'Change kind',
};

const missed = {
  ...appearanceOf({ verdict: 'failed' }),
  label: 'misses the target',
};

type Group = MetricsGroupPage['items'][number];

/** The measures by team, model, risk or kind of change; a row's name narrows the whole page to it. */
export function GroupTable(props: {
  query: MetricsQuery;
  filter: MetricsFilter;
  onChange: (changes: Partial<MetricsQuery>) => void;
}) {
  const { query, filter, onChange } = props;
  const { by } = query;
  const groups = usePages<MetricsGroupPage>(
    `metrics/groups/${by}/${JSON.stringify(filter)}`,
    ({ client, cursor, signal }) =>
      client
        .GET('/metrics/groups', {
          params: { query: { ...filter, by, limit: 20, cursor } },
          signal,
        })
        .then(dataOf),
    group => group.key,
    { pollSeconds: 60 },
  );
  const title = `By ${groupNames[by].toLowerCase()}`;
  const total = groups.first?.totalItems ?? 0;
  return (
    <Card
      title={title}
      state={<GroupChoice by={by} onChange={onChange} />}
      aside={
        <Box
          component="span"
          sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.5 }}
        >
          <VerdictIcon verdict="failed" size={13} decorative /> misses the
          target
        </Box>
      }
      footer={
        groups.data &&
        groups.data.length > 0 && (
          <>
            <Box
              component="span"
              sx={{ fontSize: 12, color: 'text.secondary' }}
            >
              {groups.data.length} of {formatNumber(total, { digits: 0 })},
              those with most deployments first
            </Box>
            {groups.hasMore && (
              <Button
                sx={buttonSx}
                size="small"
                onClick={groups.loadMore}
                disabled={groups.loadingMore}
              >
                {groups.loadingMore ? 'Loading…' : 'Show more'}
              </Button>
            )}
          </>
        )
      }
    >
      <PageState
        state={groups}
        what="the groups"
        isEmpty={items => items.length === 0}
        empty={{
          title: 'Nothing in this period',
          text: 'No deployment and no pipeline run fits the filter. Widen the period or take a filter away.',
        }}
      >
        {items => (
          <ScrollRegion label={`Table: ${title}`}>
            <Box component="table" sx={{ ...tableSx, minWidth: 1060 }}>
              <thead>
                <tr>
                  <th scope="col">{groupNames[by]}</th>
                  <th scope="col" className="num">
                    Active models
                  </th>
                  {MEASURES.map(id => (
                    <Heading key={id} id={id} />
                  ))}
                  <th scope="col" className="num">
                    Coverage
                  </th>
                </tr>
              </thead>
              <tbody>
                {items.map((group: Group) => (
                  <tr key={group.key}>
                    <th scope="row">
                      <ButtonBase
                        onClick={() => onChange(narrowTo(by, group.key))}
                        title="Show only this"
                        sx={{
                          font: 'inherit',
                          fontWeight: 700,
                          color: 'primary.main',
                          textAlign: 'left',
                          '&:hover': { textDecoration: 'underline' },
                        }}
                      >
                        {nameOf(by, group)}
                      </ButtonBase>
                    </th>
                    <td className="num">{group.activeModels}</td>
                    {MEASURES.map(id => (
                      <MeasureCells key={id} id={id} group={group} />
                    ))}
                    <td className="num">{coverageOf(group)}</td>
                  </tr>
                ))}
              </tbody>
            </Box>
          </ScrollRegion>
        )}
      </PageState>
    </Card>
  );
}

function GroupChoice(props: {
  by: GroupBy;
  onChange: (changes: Partial<MetricsQuery>) => void;
}) {
  return (
    <Box
      role="group"
      aria-label="Group by"
      sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}
    >
      {(Object.keys(groupNames) as GroupBy[]).map(by => {
        const isChosen = by === props.by;
        return (
          <ButtonBase
            key={by}
            aria-pressed={isChosen}
            onClick={() => props.onChange({ by })}
            sx={{
              height: 28,
              px: 1.25,
              borderRadius: '14px',
              border: 1,
              borderColor: isChosen ? 'text.primary' : 'divider',
              bgcolor: isChosen ? 'text.primary' : 'background.paper',
              color: isChosen ? 'background.paper' : 'text.primary',
              font: 'inherit',
              fontSize: 13,
              '&:focus-visible': {
                outline: '2px solid',
                outlineColor: 'primary.main',
                outlineOffset: 2,
              },
            }}
          >
            {groupNames[by]}
          </ButtonBase>
        );
      })}
    </Box>
  );
}

function Heading(props: { id: MeasureId }) {
  const words = measureWords[props.id];
  return (
    <>
      <th scope="col" className="num" title={words.definition}>
        {words.short}
      </th>
      {props.id === 'deployment-frequency' && <th scope="col">Course</th>}
    </>
  );
}

function MeasureCells(props: { id: MeasureId; group: Group }) {
  const { id, group } = props;
  const measure = group.measures.find(one => one.id === id);
  return (
    <>
      <td className="num">
        <MeasureCell measure={measure} group={group} />
      </td>
      {id === 'deployment-frequency' && (
        <td>
          {measure && (
            <Sparkline
              values={measure.trend.map(point => point.value)}
              label={`Deployments per week of ${group.title}`}
              width={64}
              height={18}
            />
          )}
        </td>
      )}
    </>
  );
}

function MeasureCell(props: { measure: Measure | undefined; group: Group }) {
  const { measure, group } = props;
  const text = measure && measureText(measure);
  if (!measure || text === null) {
    const failures = group.measures.find(
      one => one.id === 'change-failure-rate',
    );
    const isNone =
      measure?.id === 'recovery-time' &&
      failures?.value === 0 &&
      failures.sampleSize > 0;
    return (
      <Box component="span" sx={{ color: 'text.secondary' }}>
        {isNone ? 'None' : 'No data'}
      </Box>
    );
  }
  const isZeroShare = measure.unit === 'share' && measure.value === 0;
  return (
    <Box
      component="span"
      sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.5 }}
    >
      {measure.meetsTarget === false && (
        <VerdictIcon appearance={missed} size={14} />
      )}
      {isZeroShare
        ? `0 of ${formatNumber(measure.sampleSize, { digits: 0 })}`
        : text}
      {measure.unit === 'seconds' && measure.sampleSize < 5 && (
        <Sub sx={{ display: 'inline' }}>n = {measure.sampleSize}</Sub>
      )}
    </Box>
  );
}

/** The worst coverage among the measures that have any event: the number to distrust first. */
function coverageOf(group: Group): string {
  const known = group.measures.flatMap(measure =>
    measure.coverage === null || measure.value === null
      ? []
      : [measure.coverage],
  );
  return known.length === 0 ? 'No data' : formatShare(Math.min(...known), 0);
}

function nameOf(by: GroupBy, group: Group): string {
  if (by === 'change-kind') {
    return changeKindWords[group.key as ChangeKind] ?? group.title;
  }
  return by === 'risk'
    ? group.title.charAt(0).toUpperCase() + group.title.slice(1)
    : group.title;
}

function narrowTo(by: GroupBy, key: string): Partial<MetricsQuery> {
  switch (by) {
    case 'owner':
      return { owner: key, by: 'model' };
    case 'model':
      return { model: key };
    case 'risk':
      return { risk: key as Risk };
    default:
      return { changeKind: key as ChangeKind };
  }
}
