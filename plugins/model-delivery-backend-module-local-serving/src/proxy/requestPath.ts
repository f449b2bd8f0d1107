/** What the path of a request to the proxy says. */
export interface RequestPath {
  /** Entity reference. */
  model: string;
  environment: string;
  /** Path for the server, starting with a slash; undefined to ask for a prediction. */
  rest?: string;
  /** Query with its question mark, or empty. */
  query: string;
}

const NAME = '[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*';
const PATH = new RegExp(
  `^/(${NAME})/(${NAME})/([a-z0-9]+(?:-[a-z0-9]+)*)(/[^?#]*)?(\\?[^#]*)?$`,
);

/**
 * Reads `/<namespace>/<model>/<environment>/…`.
 * @returns undefined for any other path, and for one that climbs (`..`, also percent-encoded).
 */
export function parseRequestPath(url: string): RequestPath | undefined {
  const match = url.length <= 4096 ? PATH.exec(url) : null;
  if (!match) {
    return undefined;
  }
  const [, namespace, name, environment, rest = '', query = ''] = match;
  if (/(^|\/)(\.|%2e){1,2}(\/|$)/i.test(rest) || /\\|%2f|%5c/i.test(rest)) {
    return undefined;
  }
  return {
    model: `model:${namespace}/${name}`.toLocaleLowerCase('en-US'),
    environment,
    rest: rest === '' || rest === '/' ? undefined : rest,
    query,
  };
}
