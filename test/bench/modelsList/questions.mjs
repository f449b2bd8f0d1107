const API = {
  Slipway: '/api/model-delivery/models',
  More: '/api/model-delivery/models',
  Catalog: '/api/catalog/entities/by-query',
  MLflow: '/api/2.0/mlflow/registered-models/search',
};

/**
 * What the lists are asked: each question in the words of each of them. `path` is that of a request of a round; `next`, if
 * there is one, is told what it answered.
 * @param {number} page rows of a page
 */
export function questions(page) {
  /** The address of a list narrowed by a text in the name, an owner and a risk, as far as they are given. */
  const list = (name, { text, owner, risk, next, rest = '' }) => {
    switch (name) {
      case 'Catalog':
        return next
          ? `${API.Catalog}?limit=${page}&cursor=${encodeURIComponent(next)}`
          : `${
              API.Catalog
            }?limit=${page}&orderField=metadata.name,asc&filter=kind=model${
              owner ? `,spec.owner=${owner}` : ''
            }${risk ? `,spec.risk=${risk}` : ''}${
              text
                ? `&fullTextFilterTerm=${text}&fullTextFilterFields=metadata.name`
                : ''
            }`;
      case 'MLflow': {
        const filter = [
          ...(text ? [`name ILIKE '%${text}%'`] : []),
          ...(owner ? [`tags.owner = '${owner}'`] : []),
        ].join(' AND ');
        return `${API.MLflow}?max_results=${page}${
          filter ? `&filter=${encodeURIComponent(filter)}` : ''
        }${next ? `&page_token=${encodeURIComponent(next)}` : ''}`;
      }
      default:
        return `${API.Slipway}?limit=${page}${rest}${text ? `&q=${text}` : ''}${
          owner ? `&owner=${encodeURIComponent(owner)}` : ''
        }${risk ? `&risk=${risk}` : ''}${
          next ? `&cursor=${encodeURIComponent(next)}` : ''
        }`;
    }
  };
  const rest = '&facets=true';
  const asking = (what, narrowed) => ({
    what,
    ask: name => ({
      path: round => list(name, { rest, ...narrowed(round) }),
    }),
  });
  const digits = (round, length) =>
    String(round + 1_000)
      .slice(-length)
      .padStart(length, '0');
  const ownerOf = round => `group:default/team-${(round + 1_000) % 87}`;
  return [
    asking('first page, facets', () => ({})),
    asking('text, facets, ten texts in turn', round => ({
      text: `model-0${digits(round, 1)}`,
    })),
    asking('text, facets, each text a new one', round => ({
      text: `model-0${digits(round, 3)}`,
    })),
    asking('owner, risk, facets, 87 owners in turn', round => ({
      owner: ownerOf(round),
      risk: 'low',
    })),
    asking('owner, text, facets, each a new one', round => ({
      owner: ownerOf(round),
      text: `-0${digits(round, 2)}`,
    })),
    {
      what: 'page after page by name',
      ask: name => {
        let next;
        return {
          path: () => list(name, { next, rest: '&sort=name' }),
          next: body => {
            next =
              body.nextCursor ??
              body.next_page_token ??
              body.pageInfo?.nextCursor;
          },
        };
      },
    },
  ];
}
