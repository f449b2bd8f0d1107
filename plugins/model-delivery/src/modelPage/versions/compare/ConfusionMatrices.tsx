import Box from '@mui/material/Box';
import { alpha } from '@mui/material/styles';
import type { ConfusionMatrix } from '@slipway/backstage-plugin-model-delivery-common';
import { formatNumber, formatShare, useChartColors } from '../../../charts';
import { Caption, ScrollRegion, Sub, tableSx } from '../../../components';
import { differentData, Evaluated, sharesOf } from './evaluated';

/** Most of a cell's colour, so that its text keeps its contrast. */
const DEEPEST = 0.3;

/** How often each version took each label for which, side by side; nothing where no version has it reported. */
export function ConfusionMatrices(props: {
  versions: string[];
  evaluated: Evaluated[];
}) {
  const { versions, evaluated } = props;
  const told = versions.map((version, index) => ({
    version,
    found: evaluated[index]?.matrix ?? null,
  }));
  const known = told.flatMap(({ version, found }) =>
    found ? [{ version, ...found }] : [],
  );
  if (known.length === 0) {
    return null;
  }
  const without = told.filter(({ found }) => !found);
  return (
    <Box component="section" aria-label="Confusion matrices">
      <Caption>Confusion matrices</Caption>
      <Sub>
        {differentData('Measured', known) ??
          `Measured on ${known[0].of ?? 'the same data'}`}
        {without.length > 0 &&
          `; none reported of ${without
            .map(({ version }) => version)
            .join(', ')}`}
      </Sub>
      <Box
        sx={{
          mt: 1,
          display: 'grid',
          gap: 2.5,
          gridTemplateColumns: {
            xs: 'minmax(0, 1fr)',
            md: 'repeat(2, minmax(0, 1fr))',
          },
        }}
      >
        {known.map(({ version, matrix }) => (
          <Matrix key={version} version={version} matrix={matrix} />
        ))}
      </Box>
    </Box>
  );
}

function Matrix(props: { version: string; matrix: ConfusionMatrix }) {
  const { version, matrix } = props;
  const colors = useChartColors();
  return (
    <ScrollRegion label={`Confusion matrix of ${version}`}>
      <Box component="table" sx={[tableSx, { width: 'auto', minWidth: 0 }]}>
        <Box
          component="caption"
          sx={{ textAlign: 'left', fontWeight: 700, pb: 0.5 }}
        >
          {version}
        </Box>
        <thead>
          <tr>
            <th scope="col">Actual, predicted as</th>
            {matrix.labels.map(label => (
              <th scope="col" key={label} className="num">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {matrix.labels.map((label, actual) => {
            const shares = sharesOf(matrix.counts[actual]);
            return (
              <tr key={label}>
                <th scope="row">{label}</th>
                {shares.map((share, predicted) => (
                  <Box
                    component="td"
                    className="num"
                    key={matrix.labels[predicted]}
                    sx={{
                      bgcolor: alpha(
                        actual === predicted ? colors.ok : colors.failed,
                        DEEPEST * (share ?? 0),
                      ),
                      fontWeight: actual === predicted ? 700 : 400,
                    }}
                  >
                    {formatNumber(matrix.counts[actual][predicted], {
                      digits: 0,
                    })}
                    <Sub sx={{ color: 'text.primary' }}>
                      {share === null ? 'no cases' : formatShare(share)}
                    </Sub>
                  </Box>
                ))}
              </tr>
            );
          })}
        </tbody>
      </Box>
    </ScrollRegion>
  );
}
