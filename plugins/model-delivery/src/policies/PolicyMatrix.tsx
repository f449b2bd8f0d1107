import Box from '@mui/material/Box';
import ButtonBase from '@mui/material/ButtonBase';
import type {
  Policy,
  Risk,
  TeamSize,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Card, RiskBars, ScrollRegion, Sub } from '../components';
import { ChosenPolicy, RISKS, TEAM_SIZES } from './policiesQuery';
import { summaryOf, teamsText, teamWords } from './policyText';

/** A policy and how many neighbouring sizes of teams it is for. */
interface Cell {
  policy: Policy | undefined;
  teamSize: TeamSize;
  span: number;
}

/** Which policy is in force for which models: risk by size of team. One cell is chosen. */
export function PolicyMatrix(props: {
  policies: Policy[];
  chosen: ChosenPolicy | undefined;
  onChoose: (risk: Risk, teamSize: TeamSize) => void;
}) {
  const { policies, chosen, onChoose } = props;
  return (
    <Card
      title="In force"
      aside="What production asks for; stricter to the top and to the right"
    >
      <ScrollRegion label="Policies by risk and size of team">
        <Box
          component="table"
          sx={{
            // The space between cells reaches to the edges of the card as well
            width: 'calc(100% + 16px)',
            minWidth: 680,
            tableLayout: 'fixed',
            borderSpacing: '8px',
            m: '-8px',
            '& th': { textAlign: 'left', fontSize: 12, fontWeight: 700 },
            '& tbody th': { pt: '9px', verticalAlign: 'top' },
            '& td': { p: 0, height: '1px', verticalAlign: 'top' },
          }}
        >
          <thead>
            <tr>
              <Box component="th" scope="col" sx={{ width: 76 }}>
                Risk
              </Box>
              {TEAM_SIZES.map(size => (
                <th key={size} scope="col">
                  {teamWords[size]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {RISKS.map(risk => (
              <tr key={risk}>
                <th scope="row">
                  <RiskBars risk={risk} />
                </th>
                {cellsOf(policies, risk).map(({ policy, teamSize, span }) => (
                  <td key={teamSize} colSpan={span}>
                    {policy ? (
                      <CellButton
                        policy={policy}
                        isChosen={policy.digest === chosen?.policy.digest}
                        onClick={() => onChoose(risk, teamSize)}
                      />
                    ) : (
                      <Sub>No policy</Sub>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </Box>
      </ScrollRegion>
    </Card>
  );
}

function CellButton(props: {
  policy: Policy;
  isChosen: boolean;
  onClick: () => void;
}) {
  const { policy, isChosen, onClick } = props;
  const last = policy.environments[policy.environments.length - 1];
  return (
    <ButtonBase
      onClick={onClick}
      aria-pressed={isChosen}
      sx={{
        display: 'flex',
        flexDirection: 'column',
        alignItems: 'flex-start',
        justifyContent: 'flex-start',
        width: 1,
        height: 1,
        p: '8px 10px',
        textAlign: 'left',
        borderRadius: '4px',
        border: 1,
        borderColor: isChosen ? 'text.primary' : 'divider',
        boxShadow: theme =>
          isChosen ? `inset 0 0 0 1px ${theme.palette.text.primary}` : 'none',
        bgcolor: isChosen ? 'action.selected' : 'transparent',
        font: 'inherit',
        '&:hover': { bgcolor: 'action.hover' },
        '&:focus-visible': {
          outline: '2px solid',
          outlineColor: 'primary.main',
          outlineOffset: 2,
        },
      }}
    >
      <b>{policy.name}</b>
      <Sub>
        {policy.tier}
        {policy.teamSizes.length > 1 && `, ${teamsText(policy)}`}
      </Sub>
      {summaryOf(last).map(line => (
        <Box component="span" key={line} sx={{ display: 'block' }}>
          {line}
        </Box>
      ))}
    </ButtonBase>
  );
}

/** The cells of a row: neighbours with the same policy are one. */
function cellsOf(policies: Policy[], risk: Risk): Cell[] {
  return TEAM_SIZES.reduce<Cell[]>((cells, teamSize) => {
    const policy = policies.find(
      each => each.risk === risk && each.teamSizes.includes(teamSize),
    );
    const last = cells[cells.length - 1];
    return policy && last?.policy === policy
      ? [...cells.slice(0, -1), { ...last, span: last.span + 1 }]
      : [...cells, { policy, teamSize, span: 1 }];
  }, []);
}
