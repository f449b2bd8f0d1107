import { modelEntity } from '../__testUtils__/people';
import { toCatalogColumns } from './modelProjection';

describe('what the lists show of a model', () => {
  it('is of high risk as long as nobody has stated the risk', () => {
    const entity = modelEntity('found', { risk: 'low' });
    expect(toCatalogColumns(entity)).toMatchObject({
      risk: 'low',
      to_be_completed: null,
    });
    entity.metadata.annotations = {
      'slipway.dev/to-be-completed': 'owner, risk,<script>',
    };
    expect(toCatalogColumns(entity)).toMatchObject({
      risk: 'high',
      risk_rank: 2,
      to_be_completed: 'owner,risk',
    });
  });
});
