import { ReactNode } from 'react';
import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { registriesRouteRef } from '../routes';

/** Leads to the page of the registries. */
export function RegistriesLink(props: { children: ReactNode }) {
  const registriesPath = useRouteRef(registriesRouteRef);
  return <Link to={registriesPath()}>{props.children}</Link>;
}
