import { Link } from '@backstage/core-components';
import { ANNOTATION_EDIT_URL, Entity } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import Box from '@mui/material/Box';
import {
  ANNOTATION_ALSO_FOUND_IN,
  ANNOTATION_SOURCE_NOTES,
  fieldsToBeCompleted,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Code, fieldsInWords, Sub } from '../components';
import { Notice } from '../promotions/Notice';
import { catalogFileOf, whereToState } from './completion';

/** Says what is to be known of where the entity comes from: what it lacks, what was refused, and who else tells of it. */
export function SourceNotice() {
  const { entity } = useEntity();
  const missing = fieldsToBeCompleted(entity);
  const alsoIn = linesOf(entity, ANNOTATION_ALSO_FOUND_IN);
  const notes = linesOf(entity, ANNOTATION_SOURCE_NOTES);
  return (
    <>
      {missing.length > 0 && <Missing entity={entity} fields={missing} />}
      {alsoIn.length > 0 && (
        <Notice tone="neutral" info>
          <b>Also found elsewhere; what is written in the catalog file wins</b>
          <Lines lines={alsoIn} />
        </Notice>
      )}
      {notes.length > 0 && (
        <Notice tone="neutral" info>
          <b>Not all of its source could be taken over</b>
          <Lines lines={notes} />
        </Notice>
      )}
    </>
  );
}

function Missing(props: { entity: Entity; fields: string[] }) {
  const { entity, fields } = props;
  const way = whereToState(entity, fields);
  const editUrl = entity.metadata.annotations?.[ANNOTATION_EDIT_URL];
  return (
    <Notice tone="warned">
      <b>To be completed: nobody has stated its {fieldsInWords(fields)}</b>
      {fields.includes('risk') && (
        <>
          <br />
          Until somebody does, it counts as high risk.
        </>
      )}
      <Sub sx={{ mt: 0.5 }}>
        {way && (
          <>
            State <Keys keys={way.keys} /> {way.where}
            {editUrl && (
              <>
                {' '}
                (<Link to={editUrl}>open it</Link>)
              </>
            )}
            , or register{' '}
          </>
        )}
        {!way && 'Register '}a file that takes over:
      </Sub>
      <Box component="details" sx={{ mt: 0.5, fontSize: 12 }}>
        <Box component="summary" sx={{ cursor: 'pointer' }}>
          catalog-info.yaml to fill in
        </Box>
        <Code block>{catalogFileOf(entity, fields)}</Code>
      </Box>
    </Notice>
  );
}

function Keys(props: { keys: string[] }) {
  return (
    <>
      {props.keys.map((key, index) => (
        <span key={key}>
          {index > 0 && ', '}
          <Code>{key}</Code>
        </span>
      ))}
    </>
  );
}

function Lines(props: { lines: string[] }) {
  return (
    <Box
      component="ul"
      sx={{ m: 0, pl: 2.25, fontSize: 13, overflowWrap: 'anywhere' }}
    >
      {props.lines.map(line => (
        <li key={line}>{line}</li>
      ))}
    </Box>
  );
}

function linesOf(entity: Entity, annotation: string): string[] {
  return [
    ...new Set(
      (entity.metadata.annotations?.[annotation] ?? '')
        .split('\n')
        .filter(Boolean),
    ),
  ];
}
