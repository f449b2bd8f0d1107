import Box from '@mui/material/Box';

/** The numbers of a chart. A null cell is said as "No data". */
export interface ChartTableData {
  columns: string[];
  rows: (string | null)[][];
}

/** The numbers of a chart, to be read instead of seen. */
export function ChartTable(props: {
  label: string;
  data: ChartTableData;
  maxHeight: number;
}) {
  const { label, data, maxHeight } = props;
  return (
    <Box
      tabIndex={0}
      role="region"
      aria-label={`Table: ${label}`}
      sx={{ overflow: 'auto', maxHeight, mt: 1 }}
    >
      <Box
        component="table"
        sx={{
          borderCollapse: 'collapse',
          width: '100%',
          fontSize: 12,
          lineHeight: '16px',
          fontVariantNumeric: 'tabular-nums',
          '& th, & td': {
            p: '4px 8px',
            textAlign: 'right',
            whiteSpace: 'nowrap',
            borderBottom: 1,
            borderColor: 'divider',
          },
          '& thead th': {
            position: 'sticky',
            top: 0,
            bgcolor: 'background.paper',
          },
          '& th:first-of-type': { textAlign: 'left', pl: 0 },
        }}
      >
        <thead>
          <tr>
            {data.columns.map(column => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.rows.map(([head, ...cells], row) => (
            <tr key={`${head}-${row}`}>
              <th scope="row">{head}</th>
              {cells.map((cell, index) => (
                <td key={data.columns[index + 1]}>
                  {cell ?? (
                    <Box component="span" sx={{ color: 'text.secondary' }}>
                      No data
                    </Box>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </Box>
    </Box>
  );
}
