import { UserIdentity } from '@backstage/core-components';
import { configApiRef, useApi } from '@backstage/core-plugin-api';
import { SignInPageProps } from '@backstage/plugin-app-react';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import CircularProgress from '@mui/material/CircularProgress';
import Typography from '@mui/material/Typography';
import { useCallback, useEffect, useState } from 'react';
import { SlipwayLogo } from '../nav/SlipwayLogo';
import { oidcAuthApiRef } from './oidcAuthApi';

/**
 * What a signed-out person sees. A session that still holds is taken up without asking; a new one is started by the
 * button alone.
 */
export function SlipwaySignInPage({ onSignInSuccess }: SignInPageProps) {
  const authApi = useApi(oidcAuthApiRef);
  const organization =
    useApi(configApiRef).getOptionalString('organization.name');
  const [busy, setBusy] = useState(true);
  const [problem, setProblem] = useState(takeErrorFromAddress);

  const signIn = useCallback(
    async (how: { optional: true } | { instantPopup: true }) => {
      const session = await authApi.getBackstageIdentity(how);
      if (!session) {
        return;
      }
      const profile = await authApi.getProfile();
      onSignInSuccess(
        UserIdentity.create({ identity: session.identity, authApi, profile }),
      );
    },
    [authApi, onSignInSuccess],
  );

  useEffect(() => {
    let shown = true;
    signIn({ optional: true })
      // Whoever has no session that could be taken up simply signs in
      .catch(() => undefined)
      .finally(() => shown && setBusy(false));
    return () => {
      shown = false;
    };
  }, [signIn]);

  const start = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      await signIn({ instantPopup: true });
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };

  return (
    <Box
      component="main"
      sx={{
        minHeight: '100vh',
        display: 'flex',
        flexDirection: 'column',
        justifyContent: 'center',
        p: { xs: 3, sm: 6 },
        mx: 'auto',
        maxWidth: 560,
        color: 'text.primary',
      }}
    >
      <Box sx={{ mb: 4 }}>
        <SlipwayLogo height={40} />
      </Box>
      <Typography component="h1" variant="h4" sx={{ fontWeight: 700, mb: 1 }}>
        Models from training to production, on the record
      </Typography>
      <Typography sx={{ mb: 3, fontSize: 16, color: 'text.secondary' }}>
        Find a model, start its pipeline, have its release judged and approved,
        watch its rollout, and answer what served when.
      </Typography>
      {problem && (
        <Alert severity="error" sx={{ mb: 3 }}>
          Signing in did not work: {problem}
        </Alert>
      )}
      <Box>
        <Button
          variant="contained"
          size="large"
          onClick={start}
          disabled={busy}
          sx={{ textTransform: 'none', fontWeight: 700 }}
          startIcon={
            busy ? <CircularProgress size={18} color="inherit" /> : undefined
          }
        >
          {busy ? 'Looking for your session' : 'Sign in'}
        </Button>
      </Box>
      <Typography variant="body2" sx={{ mt: 2, color: 'text.secondary' }}>
        {organization
          ? `With your account at ${organization}.`
          : 'With your company account.'}
      </Typography>
    </Box>
  );
}

/** The identity provider's refusal comes back in the address; it is shown once, not at every reload. */
function takeErrorFromAddress(): string | undefined {
  const url = new URL(window.location.href);
  const error = url.searchParams.get('error');
  if (error === null) {
    return undefined;
  }
  url.searchParams.delete('error');
  window.history.replaceState(window.history.state, '', url);
  return error;
}
