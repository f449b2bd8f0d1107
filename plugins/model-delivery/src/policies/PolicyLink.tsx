import { ReactNode } from 'react';
import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { policiesRouteRef } from '../routes';
import { PoliciesQuery, writePoliciesQuery } from './policiesQuery';

/** Leads to a policy, or to what differs between two, on the page of policies. */
export function PolicyLink(props: {
  to: PoliciesQuery;
  title?: string;
  children: ReactNode;
}) {
  const { to, title, children } = props;
  const policiesPath = useRouteRef(policiesRouteRef);
  return (
    <Link to={`${policiesPath()}?${writePoliciesQuery(to)}`} title={title}>
      {children}
    </Link>
  );
}
