import { UrlReaderService } from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { readSources } from '../config';
import { mlBomFormat } from '../cycloneDx/parseMlBom';
import { modelCardFormat } from '../huggingFace/parseModelCard';
import { ModelFiles } from './ModelFiles';
import { FileTarget } from './readTarget';

/**
 * The model cards and ML-BOMs that become entities.
 * @throws InputError when a target has another form.
 */
export function readFileSources(
  root: Config,
  reader: UrlReaderService,
): ModelFiles[] {
  return (
    [
      ['modelCards', modelCardFormat],
      ['mlBoms', mlBomFormat],
    ] as const
  ).flatMap(([kind, format]) =>
    readSources(root, kind).map(
      ({ id, settings, config }) =>
        new ModelFiles({
          settings,
          format,
          reader,
          targets: config
            .getConfigArray('targets')
            .map((target, index) =>
              readTarget(
                target,
                `catalog.providers.slipway.${kind}.${id}.targets[${index}]`,
              ),
            ),
        }),
    ),
  );
}

function readTarget(config: Config, path: string): FileTarget {
  const type = config.getString('type');
  const target = config.getString('target');
  if (type !== 'url' && type !== 'file') {
    throw new InputError(`${path}.type must be url or file, not '${type}'`);
  }
  if (type === 'url' && !/^https?:\/\/[^/]/.test(target)) {
    throw new InputError(
      `${path}.target must start with http:// or https://, not '${target}'`,
    );
  }
  return { type, target };
}
