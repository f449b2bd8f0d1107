import Box from '@mui/material/Box';
import {
  IndexableDocument,
  ResultHighlight,
} from '@backstage/plugin-search-common';
import { useSearch } from '@backstage/plugin-search-react';
import { cutAround } from './cutAround';
import { DeliveryResult, Marked } from './DeliveryResult';

/** A model card among the results of a search, with the part of it in which the words are. */
export function ModelCardResult(props: {
  result?: IndexableDocument;
  highlight?: ResultHighlight;
}) {
  const { result, highlight } = props;
  const { term } = useSearch();
  if (!result) {
    return null;
  }
  const marked = highlight?.fields.text;
  const snippet = cutAround(
    marked ?? result.text,
    marked && highlight
      ? { pre: highlight.preTag, post: highlight.postTag }
      : undefined,
    term,
  );
  return (
    <DeliveryResult result={result} highlight={highlight}>
      {snippet.section && (
        <Box component="span" sx={{ fontWeight: 600 }}>
          {snippet.section}:{' '}
        </Box>
      )}
      <Marked text={snippet.text} highlight={marked ? highlight : undefined} />
    </DeliveryResult>
  );
}
