import { FoundFile } from './readTarget';

/** Longer than any address. */
const MAX_LENGTH = 2_000;

/**
 * How the annotation `slipway.dev/model-card` names a file that a model was found in.
 * @param component - which component of a BOM the model is
 * @returns undefined when its name is too long to be kept
 */
export function cardFileOf(
  file: FoundFile,
  component?: string,
): string | undefined {
  const at =
    file.url === undefined
      ? `file:${file.source.replace(/[%#]/g, encodeURIComponent)}`
      : `url:${file.url.replaceAll('#', '%23')}`;
  const behind =
    component === undefined
      ? ''
      : // Half of a character has no place in an address
        `#${encodeURIComponent(component.replace(/\p{Cs}/gu, '\ufffd'))}`;
  const whole = at + behind;
  return whole.length > MAX_LENGTH ? undefined : whole;
}
