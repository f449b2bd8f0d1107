import { ReactNode } from 'react';
import Box from '@mui/material/Box';
import type { VersionChanges } from '@slipway/backstage-plugin-model-delivery-common';
import {
  DifferenceInterval,
  differenceUnit,
  digitsFor,
  formatDifference,
  formatNumber,
  formatQuantity,
  Quantity,
} from '../charts';
import {
  Code,
  metricTitle,
  PeopleNames,
  PersonName,
  quantityOf,
  ScrollRegion,
  shortDigest,
  Sub,
  tableSx,
  Tone,
  useTones,
  VisuallyHidden,
} from '../components';

const diffSx = {
  ...tableSx,
  minWidth: { sm: 680 },
  '& td:first-of-type': { width: 22, textAlign: 'center' },
  '& tbody th': { fontWeight: 400 },
  '& .group th': {
    fontWeight: 700,
    pt: 1.5,
    pb: 0.5,
    borderColor: 'text.secondary',
  },
  '& ins': { textDecoration: 'none', fontWeight: 700 },
  '& summary': { cursor: 'pointer' },
  // Narrow: each row becomes a card of its own, with the difference below its two values.
  '@media (max-width: 599.95px)': {
    display: 'block',
    '& thead': { display: 'none' },
    '& tbody': { display: 'block' },
    '& tr': {
      display: 'grid',
      gridTemplateColumns:
        '22px minmax(80px, 1fr) minmax(0, auto) minmax(0, auto)',
      gap: '2px 10px',
      py: 1,
      borderBottom: '1px solid',
      borderColor: 'divider',
    },
    '& tr.group': { display: 'block' },
    '& .num': { whiteSpace: 'normal', overflowWrap: 'anywhere' },
    '& tbody tr > *': { border: 0, p: 0 },
    '& tbody tr:not(.group) > *:nth-of-type(n+4)': { gridColumn: '2 / -1' },
    '& tbody tr > td:nth-of-type(2), & tbody tr > td:nth-of-type(3)': {
      gridColumn: 'auto',
    },
  },
} as const;

type MetricChange = VersionChanges['metrics'][number];
type PartChange = VersionChanges['data'][number];

interface Mark {
  sign: string;
  word: string;
  tone: Tone;
}

const readings: Record<MetricChange['reading'], Mark> = {
  better: { sign: '▲', word: 'better', tone: 'ok' },
  worse: { sign: '▼', word: 'worse', tone: 'warned' },
  'no-difference': { sign: '=', word: 'no difference shown', tone: 'neutral' },
  'not-comparable': { sign: '?', word: 'not comparable', tone: 'neutral' },
};

const changes: Record<PartChange['change'], Mark> = {
  added: { sign: '+', word: 'added', tone: 'running' },
  removed: { sign: '−', word: 'removed', tone: 'warned' },
  changed: { sign: '~', word: 'changed', tone: 'running' },
  same: { sign: '=', word: 'same', tone: 'neutral' },
};

/** Everything that a version changes against another one: metrics with their intervals, data, code, configuration. */
export function ChangesTable(props: {
  changes: VersionChanges;
  label: string;
}) {
  const { version, against, metrics, data, code } = props.changes;
  const { configuration, parameters } = props.changes;
  const changedParameters = parameters.filter(one => one.change !== 'same');
  const before = against ?? 'before';
  return (
    <ScrollRegion label={`Table: ${props.label}`}>
      <Box component="table" sx={diffSx}>
        <thead>
          <tr>
            <th scope="col">
              <VisuallyHidden>Mark</VisuallyHidden>
            </th>
            <th scope="col">Fact</th>
            <th scope="col" className="num">
              {before}
            </th>
            <th scope="col" className="num">
              {version}
            </th>
            <th scope="col">Difference</th>
            <th scope="col">Evidence</th>
          </tr>
        </thead>
        {metrics.length > 0 && (
          <Group title="Metrics">
            {metrics.map(metric => (
              <MetricRow key={metric.name} metric={metric} />
            ))}
          </Group>
        )}
        <Parts title="Data" parts={data} />
        <Group title="Code and configuration">
          <CodeRow code={code} />
          {configuration.map(part => (
            <PartRow key={part.name} part={part} />
          ))}
          {changedParameters.map(part => (
            <PartRow key={part.name} part={part} />
          ))}
          {parameters.length > changedParameters.length && (
            <tr>
              <MarkCell mark={changes.same} />
              <th scope="row">Other parameters</th>
              <td />
              <td />
              <td colSpan={2}>
                {parameters.length - changedParameters.length} unchanged
              </td>
            </tr>
          )}
        </Group>
      </Box>
    </ScrollRegion>
  );
}

function Group(props: { title: string; children: ReactNode }) {
  return (
    <tbody>
      <tr className="group">
        <th scope="rowgroup" colSpan={6}>
          {props.title}
        </th>
      </tr>
      {props.children}
    </tbody>
  );
}

function Parts(props: { title: string; parts: PartChange[] }) {
  return props.parts.length === 0 ? null : (
    <Group title={props.title}>
      {props.parts.map(part => (
        <PartRow key={part.name} part={part} />
      ))}
    </Group>
  );
}

function MarkCell(props: { mark: Mark }) {
  const { sign, word, tone } = props.mark;
  const tones = useTones();
  return (
    <td title={word} style={{ color: tones[tone].text, fontWeight: 700 }}>
      <span aria-hidden>{sign}</span>
      <VisuallyHidden>{word}</VisuallyHidden>
    </td>
  );
}

function MetricRow(props: { metric: MetricChange }) {
  const { metric } = props;
  const { from, to, difference } = metric;
  const quantity = quantityOfChange(metric);
  const mark = readings[metric.reading];
  const interval = differenceInterval(metric);
  const sample = to?.sampleSize ?? from?.sampleSize;
  return (
    <tr>
      <MarkCell mark={mark} />
      <th scope="row">{metricTitle(metric.name)}</th>
      <td className="num">
        {from ? formatQuantity(from.value, quantity) : <None />}
      </td>
      <td className="num">
        {to ? formatQuantity(to.value, quantity) : <None />}
      </td>
      <td>
        {interval && difference !== null && (
          <DifferenceInterval
            label={metricTitle(metric.name)}
            estimate={difference}
            {...interval}
            quantity={quantity}
            width={120}
          />
        )}
        {!interval && difference !== null && (
          <>
            {formatDifference(difference, quantity)} {differenceUnit(quantity)}
            <Sub>without an interval, {mark.word}</Sub>
          </>
        )}
        {difference === null && <Sub>Not comparable: one side is missing</Sub>}
      </td>
      <td>
        <Sub>
          {sample === undefined
            ? 'sample size not reported'
            : `n = ${formatNumber(sample, { digits: 0 })}`}
        </Sub>
      </td>
    </tr>
  );
}

/**
 * The differences that both intervals allow. It leaves out zero only when the two do not overlap, which is also when the
 * engine calls a metric better or worse.
 */
function differenceInterval(metric: MetricChange) {
  const from = metric.from?.interval;
  const to = metric.to?.interval;
  return from && to
    ? { low: to.low - from.high, high: to.high - from.low, level: to.level }
    : null;
}

function PartRow(props: { part: PartChange }) {
  const { part } = props;
  const isSame = part.change === 'same';
  return (
    <tr>
      <MarkCell mark={changes[part.change]} />
      <th scope="row">
        <PersonName principal={part.name} />
      </th>
      <td className="num">
        {part.from === null ? (
          <None />
        ) : (
          <PartValue value={part.from} as={isSame ? 'same' : 'old'} />
        )}
      </td>
      <td className="num">
        {part.to === null ? (
          <None />
        ) : (
          <PartValue value={part.to} as={isSame ? 'same' : 'new'} />
        )}
      </td>
      <td colSpan={2}>
        <Sub>{changes[part.change].word}</Sub>
      </td>
    </tr>
  );
}

function PartValue(props: { value: string; as: 'old' | 'new' | 'same' }) {
  const { value, as } = props;
  const tones = useTones();
  const text = (
    <span title={value}>
      <Code>{shortenDigests(value)}</Code>
    </span>
  );
  switch (as) {
    case 'old':
      return <del style={{ color: tones.failed.text }}>{text}</del>;
    case 'new':
      return <ins>{text}</ins>;
    default:
      return text;
  }
}

/** A version of a part with each digest in it cut short: `2026-11-12 (sha256:7b7a…c741)` becomes `2026-11-12 (7b7a…c741)`. */
function shortenDigests(value: string): string {
  return value.replace(/(sha256:)?[0-9a-f]{32,}/g, digest =>
    shortDigest(digest),
  );
}

function CodeRow(props: { code: VersionChanges['code'] }) {
  const { from, to, commits } = props.code;
  const authors = [...new Set(commits.map(commit => commit.author))];
  const isSame = from === to;
  return (
    <tr>
      <MarkCell mark={isSame ? changes.same : changes.changed} />
      <th scope="row">Code</th>
      <td className="num">
        {from ? (
          <PartValue value={from.slice(0, 7)} as={isSame ? 'same' : 'old'} />
        ) : (
          <None />
        )}
      </td>
      <td className="num">
        <PartValue value={to.slice(0, 7)} as={isSame ? 'same' : 'new'} />
      </td>
      <td colSpan={2}>
        {commits.length === 0 ? (
          <Sub>{isSame ? 'same' : 'commits not reported'}</Sub>
        ) : (
          <details>
            <summary>
              {commits.length} {commits.length === 1 ? 'commit' : 'commits'} by{' '}
              <PeopleNames principals={authors} plain />
            </summary>
            <ul style={{ margin: '4px 0 0', paddingLeft: 16 }}>
              {commits.map(commit => (
                <li key={commit.sha}>
                  <Code>{commit.sha.slice(0, 7)}</Code> {commit.message}
                </li>
              ))}
            </ul>
          </details>
        )}
      </td>
    </tr>
  );
}

function None() {
  return (
    <Box component="span" sx={{ fontSize: 12, color: 'text.secondary' }}>
      none
    </Box>
  );
}

/** The unit of a metric; a plain number has as many digits as its difference needs to be seen, at most four. */
function quantityOfChange(metric: MetricChange): Quantity {
  const { unit, from, to, difference } = metric;
  const quantity = quantityOf(unit);
  if (quantity.kind !== 'plain') {
    return quantity;
  }
  const known = [from?.value, to?.value].flatMap(value => value ?? []);
  const digits = Math.min(3, ...known.map(value => digitsFor(value)));
  const forDifference = difference
    ? 1 - Math.floor(Math.log10(Math.abs(difference)))
    : 0;
  return {
    ...quantity,
    digits: Math.min(4, Math.max(digits, forDifference)),
  };
}
