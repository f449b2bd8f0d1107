import Box from '@mui/material/Box';
import type {
  CardFact,
  CardMeasurement,
  CardSection,
  CardSource,
  ModelCard,
} from '@slipway/backstage-plugin-model-delivery-common';
import {
  Facts,
  formatInterval,
  formatMeasurement,
  metricTitle,
  PersonName,
  ScrollRegion,
  Sub,
  tableSx,
} from '../../components';
import { FactWords } from './FactWords';
import { SafeMarkdown } from './SafeMarkdown';

const sources: Record<CardSource, string> = {
  catalog: 'catalog',
  version: 'version',
  evaluations: 'evaluations',
  delivery: 'delivery',
  text: 'the team',
  import: 'a file',
};

/** The sections of a card that say something. */
export function CardSections(props: { card: ModelCard }) {
  return (
    <>
      {props.card.sections.filter(isFilled).map(section => (
        <Section key={section.id} section={section} />
      ))}
    </>
  );
}

function isFilled({ facts, measurements, texts }: CardSection): boolean {
  return facts.length + measurements.length + texts.length > 0;
}

function Section(props: { section: CardSection }) {
  const { id, title, facts, measurements, texts } = props.section;
  return (
    <Box
      component="section"
      aria-labelledby={`card-${id}`}
      sx={{ pt: 2, '& + &': { mt: 2, borderTop: 1, borderColor: 'divider' } }}
    >
      <Box
        component="h3"
        id={`card-${id}`}
        sx={{ m: '0 0 8px', fontSize: 14, lineHeight: '20px' }}
      >
        {title}
      </Box>
      <Facts items={grouped(facts)} />
      {measurements.length > 0 && (
        <Measurements label={title} measurements={measurements} />
      )}
      {texts.map(({ markdown, source }, i) => (
        <Box
          key={i}
          sx={{ mt: facts.length + measurements.length > 0 ? 1.5 : 0 }}
        >
          <SafeMarkdown text={markdown} />
          <Sub>From {sources[source]}</Sub>
        </Box>
      ))}
    </Box>
  );
}

/** Facts of the same name below one another. */
function grouped(facts: CardFact[]) {
  const labels = [...new Set(facts.map(each => each.label))];
  return labels.map(label => ({
    label,
    value: facts
      .filter(each => each.label === label)
      .map((each, i) => (
        <Box key={i}>
          {each.ref ? (
            <PersonName principal={each.ref} />
          ) : (
            <FactWords text={each.text} />
          )}{' '}
          <Box component="span" sx={{ fontSize: 11, color: 'text.secondary' }}>
            {sources[each.source]}
          </Box>
        </Box>
      )),
  }));
}

function Measurements(props: {
  label: string;
  measurements: CardMeasurement[];
}) {
  const { label, measurements } = props;
  return (
    <ScrollRegion label={`Measurements: ${label}`}>
      <Box component="table" sx={[tableSx, { mt: 1, minWidth: 520 }]}>
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col">Slice</th>
            <th scope="col" className="num">
              Value
            </th>
            <th scope="col" className="num">
              Sample
            </th>
            <th scope="col">Data</th>
          </tr>
        </thead>
        <tbody>
          {measurements.map((each, i) => (
            <tr key={i}>
              <th scope="row">
                {metricTitle(each.name)}
                {each.fact !== 'candidate' && <Sub>{each.fact}</Sub>}
              </th>
              <td>
                {each.slice
                  ? `${each.slice.attribute}: ${each.slice.value}`
                  : 'all'}
              </td>
              <td className="num">
                {formatMeasurement(each)}
                {each.interval && (
                  <Sub>
                    {formatInterval(each)}
                    {` at ${Math.round(each.interval.level * 100)} %`}
                  </Sub>
                )}
              </td>
              <td className="num">
                {each.sampleSize?.toLocaleString('en-US') ?? 'not given'}
              </td>
              <td>{each.dataset ?? ''}</td>
            </tr>
          ))}
        </tbody>
      </Box>
    </ScrollRegion>
  );
}
