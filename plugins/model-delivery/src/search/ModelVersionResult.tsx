import Box from '@mui/material/Box';
import { Link } from '@backstage/core-components';
import { HighlightedSearchResultText } from '@backstage/plugin-search-react';
import {
  IndexableDocument,
  ResultHighlight,
} from '@backstage/plugin-search-common';
import { PersonName, RiskBars, Sub } from '../components';
import { ModelIcon } from '../components/icons';

/** A version of a model as `search-backend-module-model-delivery` indexes it. */
type VersionDocument = IndexableDocument & {
  owner?: string;
  risk?: 'low' | 'medium' | 'high';
};

/** Lines of text that a result shows. */
const LINES = 3;

/** A version of a model among the results of a search. */
export function ModelVersionResult(props: {
  result?: IndexableDocument;
  highlight?: ResultHighlight;
}) {
  const { highlight } = props;
  const result = props.result as VersionDocument | undefined;
  if (!result) {
    return null;
  }
  return (
    <Box sx={{ display: 'flex', gap: 2 }}>
      <Box aria-hidden sx={{ fontSize: 24, color: 'text.secondary', pl: 0.5 }}>
        <ModelIcon />
      </Box>
      <Box sx={{ minWidth: 0 }}>
        <Box sx={{ fontSize: 18, fontWeight: 600 }}>
          <Link to={result.location}>
            <Found text={result.title} field="title" highlight={highlight} />
          </Link>
        </Box>
        <Box
          sx={{
            display: '-webkit-box',
            WebkitBoxOrient: 'vertical',
            WebkitLineClamp: LINES,
            overflow: 'hidden',
            overflowWrap: 'anywhere',
            color: 'text.secondary',
          }}
        >
          <Found text={result.text} field="text" highlight={highlight} />
        </Box>
        <Sub
          sx={{
            display: 'flex',
            flexWrap: 'wrap',
            alignItems: 'center',
            columnGap: 1.5,
            pt: 0.5,
          }}
        >
          {result.owner && <PersonName principal={result.owner} />}
          {result.risk && <RiskBars risk={result.risk} />}
        </Sub>
      </Box>
    </Box>
  );
}

/** A field with what was searched for marked. */
function Found(props: {
  text: string;
  field: string;
  highlight?: ResultHighlight;
}) {
  const { text, field, highlight } = props;
  const marked = highlight?.fields[field];
  return marked ? (
    <HighlightedSearchResultText
      text={marked}
      preTag={highlight.preTag}
      postTag={highlight.postTag}
    />
  ) : (
    <>{text}</>
  );
}
