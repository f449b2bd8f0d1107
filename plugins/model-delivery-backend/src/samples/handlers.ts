import { Handlers } from '../http/operations';
import { modelRefOf } from '../models/ModelRecord';
import { SamplesService } from './SamplesService';

/** Takes samples that serving sides push. */
export function createSampleHandlers(
  samples: SamplesService,
): Pick<Handlers, 'pushSamples'> {
  return {
    pushSamples: async ({ path, body, principal }) => {
      const { receipt, created } = await samples.push(
        principal,
        modelRefOf(path),
        body,
      );
      return { status: created ? 201 : 200, body: receipt };
    },
  };
}
