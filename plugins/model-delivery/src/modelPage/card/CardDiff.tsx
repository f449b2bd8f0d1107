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
  Marked,
  metricTitle,
  PageState,
  ScrollRegion,
  Sub,
  tableSx,
  TextDiff,
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
      {text.length > 0 && <TextDiff runs={text} />}
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
