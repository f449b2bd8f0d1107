import { goOnTogether } from '../bundles/goOnTogether';
import { PromotionRecord } from '../promotions/types';
import { moveTraffic, prepareCandidate, prepareControl } from './moveTraffic';
import { checkGreen } from './checkGreen';
import { takeFirstTraffic } from './firstTraffic';
import { isJudgedAgain, judgeGatesAgain } from './judgeGatesAgain';
import { observeStep } from './observeStep';
import { waitTogether } from './keepWatch';
import { RolloutContext } from './rolloutContext';
import { beginShadow, endShadow, observeShadow } from './shadowCandidate';
import { TerminalTrouble } from './TerminalTrouble';

/**
 * Does the next step of a promotion in `rolling-out`: one idempotent operation.
 *
 * What is about to happen is written before the deployer is called, and what happened after it, so that whoever takes
 * over from a replica that died in between repeats the call under the same operation key and goes on.
 */
export async function advanceRollout(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
): Promise<void> {
  if (isJudgedAgain(record)) {
    return judgeGatesAgain(context, record, holder);
  }
  switch (record.operation) {
    case 'prepare-control':
      return prepareControl(context, record, holder);
    case 'prepare':
      return prepareCandidate(context, record, holder);
    case 'mirror':
      return beginShadow(context, record, holder);
    case 'compare':
      return observeShadow(context, record, holder);
    case 'unmirror':
      return endShadow(context, record, holder);
    case 'check':
      return checkGreen(context, record, holder);
    case 'passed':
      return waitTogether(context, record, holder);
    case 'prepared':
      return record.bundle
        ? goOnTogether(context, record, holder)
        : takeFirstTraffic(context, record, holder);
    case 'traffic':
      return moveTraffic(context, record, holder);
    case 'observe':
      return observeStep(context, record, holder);
    default:
      throw new TerminalTrouble(
        `Promotion ${record.id} is rolling out without a next step (${record.operation})`,
      );
  }
}
