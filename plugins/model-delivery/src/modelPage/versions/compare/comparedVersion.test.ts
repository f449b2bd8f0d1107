import { comparedVersion, keyOfOther } from './comparedVersion';

const own = { namespace: 'default', name: 'loans' };

it('is of the page’s model unless it names another', () => {
  expect(comparedVersion('v1.2+3', own)).toEqual({
    key: 'v1.2+3',
    ...own,
    version: 'v1.2+3',
    label: 'v1.2+3',
    model: 'model:default/loans',
  });
  const key = keyOfOther('model:risk/churn', 'v7');
  expect(comparedVersion(key, own)).toEqual({
    key: 'model:risk/churn@v7',
    namespace: 'risk',
    name: 'churn',
    version: 'v7',
    label: 'churn v7',
    model: 'model:risk/churn',
  });
});
