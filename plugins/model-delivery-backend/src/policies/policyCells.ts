import {
  Risk,
  TeamSize,
} from '@slipway/backstage-plugin-model-delivery-common';
import { GateKinds } from '../gates/kinds/GateKinds';
import { PolicyProblem, PolicySource } from './Resolver';
import { comparePolicies, describeFinding } from './strictness/comparePolicies';
import { PolicyContent } from './types';

export const RISKS: readonly Risk[] = ['low', 'medium', 'high'];
export const TEAM_SIZES: readonly TeamSize[] = ['small', 'medium', 'large'];

const MAX_FINDINGS = 10;

/** What is in force for one risk and size of team. */
export interface Cell {
  risk: Risk;
  teamSize: TeamSize;
  source: PolicySource;
  content: PolicyContent;
}

/** Finds the policy of each risk and size of team: one's own before the built-in, the specific before the general. */
export function assign(
  contents: Map<PolicySource, PolicyContent>,
  problems: PolicyProblem[],
): Cell[] {
  const all = [...contents].map(([source, content]) => ({ source, content }));
  return RISKS.flatMap(risk =>
    TEAM_SIZES.flatMap((teamSize): Cell[] => {
      const found = [false, true]
        .flatMap(isBuiltIn =>
          [teamSize, null].map(size =>
            all.filter(
              each =>
                each.source.isBuiltIn === isBuiltIn &&
                each.content.risk === risk &&
                each.content.teamSize === size,
            ),
          ),
        )
        .find(each => each.length > 0);
      if (!found) {
        problems.push({
          file: '',
          path: '',
          message: `there is no policy for ${risk} risk and ${teamSize} teams`,
        });
        return [];
      }
      if (found.length > 1) {
        problems.push({
          file: found[1].source.file,
          path: 'spec.risk',
          message: `${found[0].source.file} is for ${risk} risk and ${
            found[0].content.teamSize ?? 'any'
          } teams too`,
        });
      }
      return [{ risk, teamSize, ...found[0] }];
    }),
  );
}

/** Refuses a higher risk or a larger team that is let through where a lower or smaller one is not. */
export function compareCells(
  cells: Cell[],
  kinds: GateKinds,
  problems: PolicyProblem[],
): void {
  const compared = new Set<string>();
  const compare = (stricter: Cell | undefined, looser: Cell) => {
    if (!stricter || stricter.source === looser.source) {
      return;
    }
    const pair = `${stricter.source.file}\n${looser.source.file}`;
    if (compared.has(pair)) {
      return;
    }
    compared.add(pair);
    limited(
      comparePolicies(stricter.content, looser.content, kinds).map(
        describeFinding,
      ),
    ).forEach(what =>
      problems.push({
        file: stricter.source.file,
        path: 'spec',
        message: `is looser for ${stricter.risk} risk and ${stricter.teamSize} teams than '${looser.source.name}' for ${looser.risk} risk and ${looser.teamSize} teams: ${what}`,
      }),
    );
  };
  const at = (risk: Risk | undefined, teamSize: TeamSize | undefined) =>
    cells.find(each => each.risk === risk && each.teamSize === teamSize);
  cells.forEach(cell => {
    const { risk, teamSize } = cell;
    compare(at(RISKS[RISKS.indexOf(risk) + 1], teamSize), cell);
    compare(at(risk, TEAM_SIZES[TEAM_SIZES.indexOf(teamSize) + 1]), cell);
  });
}

/** As many findings as somebody reads. */
export function limited(found: string[]): string[] {
  return found.length > MAX_FINDINGS
    ? [
        ...found.slice(0, MAX_FINDINGS),
        `and ${found.length - MAX_FINDINGS} more`,
      ]
    : found;
}
