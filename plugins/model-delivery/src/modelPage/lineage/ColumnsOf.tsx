import Box from '@mui/material/Box';
import {
  dataOf,
  LineageNode,
} from '@slipway/backstage-plugin-model-delivery-common';
import { useLive } from '../../api';
import { Caption, ScrollRegion, tableSx } from '../../components';

/** Which columns a data set was made of, where events told; nothing where none did. */
export function ColumnsOf(props: { node: LineageNode }) {
  const { id } = props.node;
  const columns = useLive(
    `lineage-columns/${id}`,
    async ({ client, signal }) =>
      dataOf(
        await client.GET('/lineage/columns', {
          params: { query: { node: id } },
          signal,
        }),
      ),
    { pollSeconds: 60 },
  );
  if (!columns.data || columns.data.columns.length === 0) {
    return null;
  }
  return (
    <>
      <Caption>Columns</Caption>
      <ScrollRegion label="Columns and what they were made of">
        <Box component="table" sx={tableSx}>
          <thead>
            <tr>
              <th scope="col">Column</th>
              <th scope="col">Made of</th>
              <th scope="col">How</th>
            </tr>
          </thead>
          <tbody>
            {columns.data.columns.map(({ column, from, transformation }, i) => (
              <tr key={i}>
                <th scope="row" style={{ fontWeight: 400 }}>
                  {column}
                </th>
                <td>
                  {from.title === null
                    ? 'You may not see this'
                    : `${from.column} of ${from.title}`}
                </td>
                <td>{transformation?.toLowerCase() ?? '–'}</td>
              </tr>
            ))}
          </tbody>
        </Box>
      </ScrollRegion>
      {columns.data.truncated && 'There are more columns than are shown.'}
    </>
  );
}
