import {
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
  if (!/^[^:/\s]+:[^:/\s]+\/[^:/\s]+$/.test(principal)) {
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

function CatalogName(props: { entityRef: string }) {
  const { primaryTitle } = useEntityPresentation(props.entityRef);
  return <span title={props.entityRef}>{primaryTitle}</span>;
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
