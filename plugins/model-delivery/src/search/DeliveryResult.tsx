import Box from '@mui/material/Box';
import { ReactNode } from 'react';
import { Link } from '@backstage/core-components';
import { HighlightedSearchResultText } from '@backstage/plugin-search-react';
import {
  IndexableDocument,
  ResultHighlight,
} from '@backstage/plugin-search-common';
import { PersonName, RiskBars, Sub } from '../components';
import { ModelIcon } from '../components/icons';

/** What `search-backend-module-model-delivery` indexes of a model. */
export type DeliveryDocument = IndexableDocument & {
  owner?: string;
  risk?: 'low' | 'medium' | 'high';
};

/** Lines of text that a result shows. */
const LINES = 3;

/** Something of a model among the results of a search: what it is, a few lines of it, whose the model is and how risky. */
export function DeliveryResult(props: {
  result: DeliveryDocument;
  highlight?: ResultHighlight;
  children: ReactNode;
}) {
  const { result, highlight, children } = props;
  return (
    <Box sx={{ display: 'flex', gap: 2 }}>
      <Box aria-hidden sx={{ fontSize: 24, color: 'text.secondary', pl: 0.5 }}>
        <ModelIcon />
      </Box>
      <Box sx={{ minWidth: 0 }}>
        <Box sx={{ fontSize: 18, fontWeight: 600, overflowWrap: 'anywhere' }}>
          <Link to={result.location}>
            <Marked
              text={highlight?.fields.title ?? result.title}
              highlight={highlight}
            />
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
          {children}
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

/** A text with what was searched for marked, where the search engine set marks. */
export function Marked(props: { text: string; highlight?: ResultHighlight }) {
  const { text, highlight } = props;
  return highlight ? (
    <HighlightedSearchResultText
      text={text}
      preTag={highlight.preTag}
      postTag={highlight.postTag}
    />
  ) : (
    <>{text}</>
  );
}
