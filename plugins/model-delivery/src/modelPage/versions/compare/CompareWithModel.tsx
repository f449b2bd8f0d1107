import TextField from '@mui/material/TextField';
import { useEntity } from '@backstage/plugin-catalog-react';
import { dataOf } from '@slipway/backstage-plugin-model-delivery-common';
import { useLive } from '../../../api';
import { useModelName } from '../../useModelDetail';
import { keyOfOther, versionToCompare } from './comparedVersion';

/** Models offered; whoever looks for another one filters the list of models. */
const MOST = 50;

/**
 * Offers the other models of the same task, each with the version that serves in production or else the latest; nothing
 * where there are none.
 */
export function CompareWithModel(props: {
  /** Keys of what is compared already. */
  compared: string[];
  onPick: (key: string) => void;
}) {
  const { compared, onPick } = props;
  const { ref } = useModelName();
  const { entity } = useEntity();
  const task = entity.spec?.task;
  const others = useLive(`of-task/${ref}/${task}`, async ({ client, signal }) =>
    typeof task === 'string'
      ? dataOf(
          await client.GET('/models', {
            params: { query: { task: [task], sort: 'name', limit: MOST } },
            signal,
          }),
        ).items.flatMap(model => {
          const version = versionToCompare(model);
          return model.ref === ref || !version
            ? []
            : [
                {
                  key: keyOfOther(model.ref, version),
                  words: `${model.title}, ${version}${
                    model.production ? ' in production' : ''
                  }`,
                },
              ];
        })
      : [],
  );
  const offered = (others.data ?? []).filter(
    ({ key }) => !compared.includes(key),
  );
  return offered.length > 0 ? (
    <TextField
      select
      size="small"
      value=""
      onChange={event => onPick(event.target.value)}
      SelectProps={{ native: true }}
      inputProps={{ 'aria-label': `Compare with a model for ${task}` }}
      sx={{ '& select': { fontSize: 13, py: '4px' }, maxWidth: '100%' }}
    >
      <option value="">Compare with another model of this task…</option>
      {offered.map(({ key, words }) => (
        <option key={key} value={key}>
          {words}
        </option>
      ))}
    </TextField>
  ) : null;
}
