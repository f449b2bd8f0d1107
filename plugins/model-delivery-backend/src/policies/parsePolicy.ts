import { FieldError } from '@slipway/backstage-plugin-model-delivery-common';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { checkPolicy } from './checkPolicy';
import { policyFileSchema } from './policySchema';
import { toContent } from './toContent';
import { PolicyContent } from './types';

/** What became of a policy file: its content, or everything that is wrong with it. */
export type ParsedPolicy =
  | { content: PolicyContent; errors: [] }
  | { content: undefined; errors: FieldError[] };

const MAX_BYTES = 65_536;
/**
 * Reads a policy file, and reports every error with its path, such as `spec.gates[2].when`.
 */
export function parsePolicy(yaml: string): ParsedPolicy {
  if (Buffer.byteLength(yaml) > MAX_BYTES) {
    return failed([
      { path: '', message: `is larger than ${MAX_BYTES / 1024} KiB` },
    ]);
  }
  const document = parseDocument(yaml);
  if (document.errors.length > 0) {
    return failed(
      document.errors.map(error => ({
        path: '',
        message: `is no valid YAML: ${error.message.split('\n')[0]}`,
      })),
    );
  }
  const parsed = policyFileSchema.safeParse(toValue(document));
  if (!parsed.success) {
    return failed(parsed.error.issues.flatMap(toFieldErrors));
  }
  const errors = checkPolicy(parsed.data);
  return errors.length > 0
    ? failed(errors)
    : { content: toContent(parsed.data), errors: [] };
}

/** Aliases beyond the parser's limit make `toJS` throw: such a file is refused as malformed. */
function toValue(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

function failed(errors: FieldError[]): ParsedPolicy {
  return { content: undefined, errors };
}

function toFieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const at = pathOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key => ({
      path: at ? `${at}.${key}` : key,
      message: 'is not a known field',
    }));
  }
  return [{ path: at, message: issue.message }];
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === 'number'
        ? `${text}[${part}]`
        : `${text}${text && '.'}${String(part)}`,
    '',
  );
}
