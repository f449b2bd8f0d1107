import { useApiHolder } from '@backstage/core-plugin-api';
import {
  entityPresentationApiRef,
  EntityRefLink,
  useEntityPresentation,
} from '@backstage/plugin-catalog-react';

/** What a {@link PersonName} shows. */
export interface PersonNameProps {
  /** Entity reference of a user or group, or `service:NAME`. */
  principal: string;
  /** Without a link to the catalog, inside a link or a button. */
  plain?: boolean;
}

/** A person, team, service or data set by the name that the catalog has for it; what is no reference stays as it is. */
export function PersonName(props: PersonNameProps) {
  const { principal, plain } = props;
  if (principal.startsWith('service:')) {
    return <span title={principal}>{principal.slice('service:'.length)}</span>;
  }
  if (!isEntityRef(principal)) {
    return <span>{principal}</span>;
  }
  return plain ? (
    <CatalogName entityRef={principal} />
  ) : (
    <EntityRefLink entityRef={principal} hideIcon disableTooltip>
      <CatalogName entityRef={principal} />
    </EntityRefLink>
  );
}

/** Names people as {@link PersonName} does, for where only text can stand. */
export function usePersonNames(): (principal: string) => string {
  const presentation = useApiHolder().get(entityPresentationApiRef);
  return principal =>
    isEntityRef(principal)
      ? presentation?.forEntity(principal).snapshot.primaryTitle ?? principal
      : principal.replace(/^service:/, '');
}

function CatalogName(props: { entityRef: string }) {
  const { primaryTitle } = useEntityPresentation(props.entityRef);
  return <span title={props.entityRef}>{primaryTitle}</span>;
}

/** Those who approved something, in one line, each with the person whom they stood in for. */
export function ApproverNames(props: {
  of: {
    approvedBy: string[];
    standIns?: { by: string; onBehalfOf: string }[];
  };
  plain?: boolean;
}) {
  const { plain, of } = props;
  return (
    <>
      {of.approvedBy.map((principal, index) => {
        const standIn = of.standIns?.find(each => each.by === principal);
        return (
          <span key={principal}>
            {index > 0 && ', '}
            <PersonName principal={principal} plain={plain} />
            {standIn && (
              <>
                {' for '}
                <PersonName principal={standIn.onBehalfOf} plain={plain} />
              </>
            )}
          </span>
        );
      })}
    </>
  );
}

/** Several people in one line, separated by commas. */
export function PeopleNames(props: { principals: string[]; plain?: boolean }) {
  return (
    <>
      {props.principals.map((principal, index) => (
        <span key={principal}>
          {index > 0 && ', '}
          <PersonName principal={principal} plain={props.plain} />
        </span>
      ))}
    </>
  );
}

function isEntityRef(principal: string): boolean {
  return /^[^:/\s]+:[^:/\s]+\/[^:/\s]+$/.test(principal);
}
