/**
 * Numbers that no statistic can be made of: a negative count, more failures than samples, not-a-number.
 * It says that the caller is wrong; scarce or unlucky data never throws.
 * @public
 */
export class InvalidSampleError extends Error {
  readonly name = 'InvalidSampleError';
}
