import { createApp } from '@backstage/frontend-defaults';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import { navModule } from './modules/nav';
import { signInModule } from './modules/signIn';

/** The portal. Plugins are found by `app.packages`; what is here is the shell around them. */
export const app = createApp({
  features: [catalogPlugin, navModule, signInModule],
});
