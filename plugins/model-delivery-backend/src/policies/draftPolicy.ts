import { FieldError } from '@slipway/backstage-plugin-model-delivery-common';
import { GateKinds } from '../gates/kinds/GateKinds';
import { FindScoreless } from '../rollouts/targets';
import { digestOf } from './digest';
import { partialPolicyFileSchema } from './policySchema';
import { readKnownPolicySet } from './knownPolicySets';
import { PolicyText } from './Resolver';
import { checkForm, readPolicyYaml } from './readPolicyFile';
import { Policy } from './types';

/** What a draft comes to among the policies in force. */
export interface DraftPolicy {
  /** Undefined when it cannot be read, or is only for others to build on. */
  policy?: Policy;
  /** What would keep it from coming into force. */
  errors: FieldError[];
}

const DRAFT = 'draft';

/**
 * Reads a draft among policy files: it takes the place of one's own file with its name, or for its models.
 */
export function draftContent(
  yaml: string,
  texts: { builtIn: PolicyText[]; own: PolicyText[] },
  known: { kinds: GateKinds; findScoreless: FindScoreless },
): DraftPolicy {
  const draft = headOf(yaml);
  const own = texts.own.filter(each => {
    const head = headOf(each.text);
    return !(
      head &&
      draft &&
      (head.name === draft.name ||
        (head.risk !== undefined &&
          head.risk === draft.risk &&
          head.teamSize === draft.teamSize))
    );
  });
  const { contents, problems } = readKnownPolicySet({
    builtIn: texts.builtIn,
    own: [...own, { file: DRAFT, text: yaml }],
    ...known,
  });
  const content = contents.get(DRAFT);
  return {
    ...(content && { policy: { ...content, digest: digestOf(content) } }),
    errors: problems.map(({ file, path, message }) => ({
      path,
      message: file === DRAFT ? message : `${file ? `${file} ` : ''}${message}`,
    })),
  };
}

function headOf(
  text: string,
): { name: string; risk?: string; teamSize?: string } | undefined {
  const { value } = checkForm(
    partialPolicyFileSchema,
    readPolicyYaml(text).value,
  );
  return (
    value && {
      name: value.metadata.name,
      risk: value.spec.risk,
      teamSize: value.spec.teamSize,
    }
  );
}
