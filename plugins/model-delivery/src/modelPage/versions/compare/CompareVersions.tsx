import { useState } from 'react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import { dataOf } from '@slipway/backstage-plugin-model-delivery-common';
import { concernsModel, useLive } from '../../../api';
import { Card, PageState, Sub } from '../../../components';
import { useModelName } from '../../useModelDetail';
import { useVersionsQuery } from '../useVersionsQuery';
import { MOST_COMPARED } from '../versionsQuery';
import { CompareWithModel } from './CompareWithModel';
import { comparedVersion } from './comparedVersion';
import { ComparisonTable } from './ComparisonTable';
import { ConfigurationTexts } from './ConfigurationTexts';
import { ConfusionMatrices } from './ConfusionMatrices';
import { differentData } from './evaluated';
import { MetricCurves } from './MetricCurves';
import { useEvaluated } from './useEvaluated';

/** Two to four versions side by side, as the address says; the others are read against the first. */
export function CompareVersions() {
  const { ref, namespace, name } = useModelName();
  const [query, setQuery] = useVersionsQuery();
  const [onlyDifferent, setOnlyDifferent] = useState(false);
  const { compared } = query;
  const columns = compared.map(key =>
    comparedVersion(key, { namespace, name }),
  );
  const labels = columns.map(({ label }) => label);
  const versions = useLive(
    `compared/${ref}/${JSON.stringify(compared)}`,
    async ({ client, signal }) =>
      Promise.all(
        columns.map(async column =>
          dataOf(
            await client.GET('/models/{namespace}/{name}/versions/{version}', {
              params: {
                path: {
                  namespace: column.namespace,
                  name: column.name,
                  version: column.version,
                },
              },
              signal,
            }),
          ),
        ),
      ),
    { concerns: concernsModel(ref), pollSeconds: 60 },
  );
  const evaluated = useEvaluated(columns);
  const measuredOn = columns.map(({ model, label }, index) => ({
    model,
    version: label,
    of: evaluated.data?.[index]?.measuredOn ?? null,
  }));
  const [first] = measuredOn;
  const comparable = measuredOn.map(
    ({ model, of }) =>
      model === first.model || (of !== null && of === first.of),
  );
  const setCompared = (names: string[]) =>
    setQuery({ compared: names.length > 1 ? names : [] });
  return (
    <Card
      title={`Comparison of ${labels.join(', ')}`}
      aside={
        <Button
          size="small"
          onClick={() => setQuery({ compared: [] }, { replace: false })}
          sx={{ textTransform: 'none' }}
        >
          All versions
        </Button>
      }
    >
      <FormControlLabel
        control={
          <Checkbox
            size="small"
            checked={onlyDifferent}
            onChange={event => setOnlyDifferent(event.target.checked)}
          />
        }
        label="Only what differs"
        componentsProps={{ typography: { fontSize: 13 } }}
      />
      {compared.length < MOST_COMPARED && (
        <CompareWithModel
          compared={compared}
          onPick={key => setCompared([...compared, key])}
        />
      )}
      {comparable.includes(false) && evaluated.data && (
        <Sub sx={{ mt: 1 }}>
          {differentData('Measured', measuredOn)} Numbers of different models
          are compared only where they were measured on the same data.
        </Sub>
      )}
      <PageState state={versions} what="the versions" lines={8}>
        {items => (
          <Box sx={{ minWidth: 0 }}>
            <ComparisonTable
              versions={items}
              columns={columns}
              comparable={comparable}
              slices={(evaluated.data ?? []).map(({ slices }) => slices)}
              onlyDifferent={onlyDifferent}
              onFirst={version =>
                setCompared([
                  version,
                  ...compared.filter(each => each !== version),
                ])
              }
              onRemove={version =>
                setCompared(compared.filter(each => each !== version))
              }
            />
            <PageState state={evaluated} what="the evaluations" lines={2}>
              {found => (
                <>
                  <Sub sx={{ mt: 1 }}>
                    {differentData(
                      'Slices measured',
                      found.flatMap(({ slices, slicesOf }, index) =>
                        slices.length > 0
                          ? [{ version: labels[index], of: slicesOf }]
                          : [],
                      ),
                    )}
                  </Sub>
                  <ConfusionMatrices versions={labels} evaluated={found} />
                </>
              )}
            </PageState>
            <ConfigurationTexts versions={items} />
            <MetricCurves versions={items} columns={columns} />
          </Box>
        )}
      </PageState>
    </Card>
  );
}
