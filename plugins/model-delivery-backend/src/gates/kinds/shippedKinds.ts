import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { GateKinds } from './GateKinds';
import { kindFileSchema } from './kindSchema';

let shipped: GateKinds | undefined;

/** The kinds of gates that come with the engine, read once. */
export function shippedKinds(): GateKinds {
  shipped ??= read();
  return shipped;
}

function read(): GateKinds {
  const folder = resolvePackagePath(
    '@slipway/backstage-plugin-model-delivery-backend',
    'gates',
  );
  const kinds = new GateKinds();
  for (const file of readdirSync(folder).sort()) {
    const written = parse(readFileSync(join(folder, file), 'utf8'));
    kindFileSchema.parse(written);
    for (const kind of written.gates) {
      kinds.add({ ...kind, stage: written.stage });
    }
  }
  return kinds;
}
