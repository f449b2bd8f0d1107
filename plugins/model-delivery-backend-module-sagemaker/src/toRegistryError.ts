import { isError } from '@backstage/errors';
import { RegistryError } from '@slipway/backstage-plugin-model-delivery-node';

const MAX_MESSAGE = 300;

/** Codes with which AWS refuses whoever asks. Their messages can quote the signed request, so they are not passed on. */
const UNKNOWN_CALLER = [
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'IncompleteSignatureException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'RequestExpired',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
];
const NOT_ALLOWED = ['AccessDenied', 'AccessDeniedException'];
const THROTTLED = [
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
  'SlowDown',
];
/** Why there was no answer, in the words of Node; the SDK may hide the code in the message. */
const CONNECTION_CODE =
  /\b(E[A-Z_]{4,}|CERT_[A-Z_]+|UNABLE_TO_[A-Z_]+|DEPTH_[A-Z_]+)\b/;

/**
 * What the SDK threw, in words for people.
 * @param about - the connection and its address
 */
export function toRegistryError(
  error: unknown,
  about: string,
  { action, attempts }: { action: string; attempts: number },
): RegistryError {
  const say = (
    trouble: RegistryError['trouble'],
    what: string,
    code?: string,
  ) => new RegistryError(trouble, `${about} ${what}`, code);
  if (!isError(error)) {
    return say('unreachable', 'cannot be reached');
  }
  const { name } = error;
  const { status, code, attempted } = detailsOf(error);
  const message = error.message.slice(0, MAX_MESSAGE);
  if (name === 'CredentialsProviderError') {
    return say(
      'refused',
      'found no AWS credentials; check the configuration under aws, or the role that the backend runs with',
      name,
    );
  }
  if (NOT_ALLOWED.includes(name)) {
    return say(
      'refused',
      `does not allow sagemaker:${action} to these credentials: ${message}`,
      name,
    );
  }
  const isAnswer = name !== 'SyntaxError';
  if (UNKNOWN_CALLER.includes(name) || status === 401 || status === 403) {
    return say(
      'refused',
      `refused the AWS credentials (${
        isAnswer ? name : status
      }); check the configuration under aws, the account, and this machine's clock`,
      name,
    );
  }
  if (THROTTLED.includes(name) || status === 429) {
    return say(
      'unreachable',
      `still throttled ${action} at the ${attempted ?? attempts}. attempt`,
      name,
    );
  }
  if (name === 'TimeoutError') {
    return say('unreachable', 'did not answer in time');
  }
  if (status === undefined) {
    const [reason] = CONNECTION_CODE.exec(`${code} ${error.message}`) ?? [];
    return say(
      'unreachable',
      `cannot be reached${reason ? `: ${reason}` : ''}`,
    );
  }
  if (status >= 500) {
    return say(
      'unreachable',
      isAnswer
        ? `failed (${status}, ${name}): ${message}`
        : `failed (${status})`,
      name,
    );
  }
  return !isAnswer
    ? say(
        'malformed',
        `answered ${action} with something that is no answer of SageMaker; check endpoint and region`,
      )
    : say(
        'rejected',
        `rejected ${action} (${status}, ${name}): ${message}`,
        name,
      );
}

/** What the SDK puts beside the message. */
function detailsOf(error: Error): {
  status?: number;
  attempted?: number;
  code?: string;
} {
  const { $metadata, code } = error as {
    $metadata?: { httpStatusCode?: number; attempts?: number };
    code?: unknown;
  };
  return {
    status: $metadata?.httpStatusCode,
    attempted: $metadata?.attempts,
    code: typeof code === 'string' ? code : undefined,
  };
}
