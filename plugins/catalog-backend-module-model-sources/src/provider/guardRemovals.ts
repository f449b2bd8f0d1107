/** Below it, so many may go at once whatever their share: a registry of two models may lose one. */
const ALWAYS_ALLOWED = 3;

/**
 * Whether a reading may remove so many models. One that finds nothing at all where there was something, or misses more than
 * the share, is more likely a mistake than a clean-up.
 * @param share - 0 to 1; 1 lets everything through
 * @returns why not, in words, or undefined when it may.
 */
export function whyNotRemove({
  known,
  gone,
  share,
}: {
  known: number;
  gone: number;
  share: number;
}): string | undefined {
  const isAllowed =
    gone === 0 ||
    share >= 1 ||
    (gone < known && gone <= Math.max(ALWAYS_ALLOWED, known * share));
  return isAllowed
    ? undefined
    : `${gone} of ${known} models are not there any more; none was removed, because that looks like a mistake of the source. Set maxRemovedShare to 1 if it is none`;
}
