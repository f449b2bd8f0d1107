import {
  IndexableDocument,
  ResultHighlight,
} from '@backstage/plugin-search-common';
import { DeliveryResult, Marked } from './DeliveryResult';

/** A version of a model among the results of a search. */
export function ModelVersionResult(props: {
  result?: IndexableDocument;
  highlight?: ResultHighlight;
}) {
  const { result, highlight } = props;
  if (!result) {
    return null;
  }
  return (
    <DeliveryResult result={result} highlight={highlight}>
      <Marked
        text={highlight?.fields.text ?? result.text}
        highlight={highlight}
      />
    </DeliveryResult>
  );
}
