import type { VersionChanges } from '@slipway/backstage-plugin-model-delivery-common';
import type { Reading } from '../components';

/** How a version stands against the one in production, in one reading and a sentence. */
export function standingOf(changes: VersionChanges): {
  reading: Reading;
  text: string;
} {
  const { version, against, metrics } = changes;
  if (against === null) {
    return {
      reading: 'not-comparable',
      text: 'Nothing serves in production to compare it with',
    };
  }
  if (version === against) {
    return { reading: 'no-difference', text: 'It serves in production' };
  }
  const count = (reading: Reading) =>
    metrics.filter(each => each.reading === reading).length;
  const better = count('better');
  const worse = count('worse');
  const of = `of ${metrics.length} ${
    metrics.length === 1 ? 'measure' : 'measures'
  }`;
  if (worse > 0) {
    return {
      reading: 'worse',
      text: `Behind ${against} in ${worse} ${of}, ahead in ${better || 'none'}`,
    };
  }
  if (better > 0) {
    return {
      reading: 'better',
      text: `Ahead of ${against} in ${better} ${of}, behind in none`,
    };
  }
  return count('no-difference') > 0
    ? {
        reading: 'no-difference',
        text: `No measure differs from ${against} beyond chance`,
      }
    : {
        reading: 'not-comparable',
        text: `Nothing measured to compare with ${against}`,
      };
}
