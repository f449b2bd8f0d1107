import { ReactNode } from 'react';
import Box from '@mui/material/Box';
import {
  CardMeasurement,
  dataOf,
  ModelCardDiff,
} from '@slipway/backstage-plugin-model-delivery-common';
import { concernsModel, useLive } from '../../api';
import {
  formatInterval,
  formatMeasurement,
  metricTitle,
  PageState,
  ScrollRegion,
  Sub,
  tableSx,
  useTones,
  VisuallyHidden,
} from '../../components';
import { useModelName } from '../useModelDetail';
import { FactWords } from './FactWords';

type SectionDiff = ModelCardDiff['sections'][number];

/** What the card of one version says otherwise than that of another, section by section. */
export function CardDiff(props: { from: string; to: string }) {
  const { from, to } = props;
  const { ref, namespace, name } = useModelName();
  const diff = useLive(
    `card-diff/${ref}/${from}/${to}`,
    async ({ client, signal }) =>
      dataOf(
        await client.GET('/models/{namespace}/{name}/card/diff', {
          params: { path: { namespace, name }, query: { from, to } },
          signal,
        }),
      ),
    { concerns: concernsModel(ref), pollSeconds: 60 },
  );
  return (
    <PageState
      state={diff}
      what="the difference"
      lines={8}
      isEmpty={({ sections }) => sections.every(isSame)}
      empty={{
        title: 'No difference',
        text: `The cards of ${from} and ${to} say the same.`,
      }}
    >
      {({ sections }) => (
        <>
          {sections
            .filter(each => !isSame(each))
            .map(section => (
              <Section key={section.id} section={section} from={from} to={to} />
            ))}
          <Sub sx={{ mt: 2 }}>
            The same in both:{' '}
            {sections
              .filter(isSame)
              .map(each => each.title)
              .join(', ') || 'nothing'}
          </Sub>
        </>
      )}
    </PageState>
  );
}

function isSame({ change }: SectionDiff): boolean {
  return change === 'same';
}

function Section(props: { section: SectionDiff; from: string; to: string }) {
  const { section, from, to } = props;
  const { facts, measurements, text } = section;
  return (
    <Box component="section" aria-labelledby={`diff-${section.id}`}>
      <Box
        component="h3"
        id={`diff-${section.id}`}
        sx={{ m: '16px 0 4px', fontSize: 14, lineHeight: '20px' }}
      >
        {section.title}{' '}
        <Box
          component="span"
          sx={{ fontWeight: 400, fontSize: 12, color: 'text.secondary' }}
        >
          {section.change}
        </Box>
      </Box>
      {facts.length + measurements.length > 0 && (
        <ScrollRegion label={`${section.title} of ${from} and ${to}`}>
          <Box
            component="table"
            sx={[tableSx, { minWidth: 420, tableLayout: 'fixed' }]}
          >
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">{from}</th>
                <th scope="col">{to}</th>
              </tr>
            </thead>
            <tbody>
              {facts.map(each => (
                <tr key={each.label}>
                  <th scope="row">{each.label}</th>
                  <td>
                    <Marked as="removed">{lines(each.before)}</Marked>
                  </td>
                  <td>
                    <Marked as="added">{lines(each.after)}</Marked>
                  </td>
                </tr>
              ))}
              {measurements.map(({ before, after }, i) => {
                const { name, slice } = (after ?? before)!;
                return (
                  <tr key={i}>
                    <th scope="row">
                      {metricTitle(name)}
                      {slice && (
                        <Sub>{`${slice.attribute}: ${slice.value}`}</Sub>
                      )}
                    </th>
                    <td>
                      <Marked as="removed">{value(before)}</Marked>
                    </td>
                    <td>
                      <Marked as="added">{value(after)}</Marked>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </Box>
        </ScrollRegion>
      )}
      {text.length > 0 && (
        <Box
          sx={{
            mt: 1,
            fontFamily:
              'ui-monospace, Menlo, Consolas, "Liberation Mono", monospace',
            fontSize: 12,
            lineHeight: '18px',
            whiteSpace: 'pre-wrap',
            overflowWrap: 'anywhere',
          }}
        >
          {text.map((run, i) =>
            run.change === 'same' ? (
              <div key={i}>{run.lines}</div>
            ) : (
              <div key={i}>
                <Marked as={run.change}>{run.lines}</Marked>
              </div>
            ),
          )}
        </Box>
      )}
    </Box>
  );
}

/** What went or came: by colour, by a sign, and in words. */
function Marked(props: { as: 'added' | 'removed'; children: ReactNode }) {
  const { as, children } = props;
  const tones = useTones();
  if (!children) {
    return <Sub>not there</Sub>;
  }
  const colors = as === 'added' ? tones.ok : tones.failed;
  return (
    <Box
      component={as === 'added' ? 'ins' : 'del'}
      sx={{
        display: 'grid',
        gridTemplateColumns: '12px minmax(0, 1fr)',
        px: 0.5,
        borderRadius: '4px',
        color: colors.text,
        bgcolor: colors.surface,
        textDecoration: 'none',
        '& a': { color: 'inherit' },
        whiteSpace: 'pre-wrap',
        overflowWrap: 'anywhere',
      }}
    >
      <span aria-hidden>{as === 'added' ? '+' : '−'}</span>
      <div>
        <VisuallyHidden>{as}: </VisuallyHidden>
        {children}
      </div>
    </Box>
  );
}

function lines(texts: string[]): ReactNode {
  return texts.length === 0
    ? null
    : texts.map((text, i) => (
        <div key={i}>
          <FactWords text={text} />
        </div>
      ));
}

function value(measurement: CardMeasurement | null): string {
  if (!measurement) {
    return '';
  }
  const interval = formatInterval(measurement);
  return `${formatMeasurement(measurement)}${interval ? ` (${interval})` : ''}`;
}
