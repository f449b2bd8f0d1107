import { AuthService } from '@backstage/backend-plugin-api';
import { ENGINE_ACTOR } from '../promotions/changePromotion';
import { Principal } from './principal';

/** The engine itself: what a policy asks for reaches further than what the person may see who sets it off. */
export async function enginePrincipal(auth: AuthService): Promise<Principal> {
  return {
    ref: ENGINE_ACTOR,
    isUser: false,
    credentials: await auth.getOwnServiceCredentials(),
  };
}
