const MAX_STEPS = 12;

/** Cookies by name. The portal and its identity provider share a host here, as they would share a browser. */
type CookieJar = Map<string, string>;

/**
 * Signs in as a persona through the demo's identity provider, step by step as a browser would.
 * @param options - `portalUrl` is the address of the portal; `person` the name of a user, such as `m.okafor`
 * @returns the person's Backstage token; it is valid for an hour or less
 * @throws Error when the identity provider does not offer that person, or a step leads nowhere
 */
export async function signIn(options: {
  portalUrl: string;
  person: string;
}): Promise<string> {
  const { portalUrl, person } = options;
  const cookies: CookieJar = new Map();
  const { origin } = new URL(portalUrl);
  const start = new URL('/api/auth/oidc/start', portalUrl);
  start.search = new URLSearchParams({
    env: 'default',
    scope: 'openid profile email',
    origin,
    flow: 'popup',
  }).toString();

  let answer = await follow(start, cookies);
  const form = /<form method="post" action="([^"]+)"/.exec(answer.body);
  if (!form) {
    throw new Error(
      `${answer.url.origin} shows no page to sign in on; it answered ${answer.status}`,
    );
  }
  const action = new URL(form[1].replace(/&amp;/g, '&'), answer.url);
  answer = await follow(action, cookies, new URLSearchParams({ person }));
  if (answer.url.origin !== origin || answer.status !== 200) {
    throw new Error(
      `Signing in as ${person} ended at ${answer.url.origin}${answer.url.pathname} with ${answer.status}`,
    );
  }

  const session = await fetch(
    new URL('/api/auth/oidc/refresh?env=default', portalUrl),
    {
      headers: {
        cookie: cookieHeader(cookies),
        'x-requested-with': 'XMLHttpRequest',
      },
    },
  );
  const { backstageIdentity } = (await session.json()) as {
    backstageIdentity?: { token: string };
  };
  if (!backstageIdentity) {
    throw new Error(
      `Signing in as ${person} gave no session: the portal answered ${session.status}`,
    );
  }
  return backstageIdentity.token;
}

/** Follows redirects, keeping cookies, until there is a page. */
async function follow(
  first: URL,
  cookies: CookieJar,
  form?: URLSearchParams,
): Promise<{ url: URL; status: number; body: string }> {
  let url = first;
  let body = form;
  for (let step = 0; step < MAX_STEPS; step++) {
    const response = await fetch(url, {
      method: body ? 'POST' : 'GET',
      body,
      headers: { cookie: cookieHeader(cookies) },
      redirect: 'manual',
    });
    keepCookies(response, cookies);
    const location = response.headers.get('location');
    if (!location || response.status < 300 || response.status > 399) {
      return { url, status: response.status, body: await response.text() };
    }
    await response.body?.cancel();
    url = new URL(location, url);
    body = undefined;
  }
  throw new Error(`${first.origin} redirects more than ${MAX_STEPS} times`);
}

function keepCookies(response: Response, cookies: CookieJar): void {
  for (const line of response.headers.getSetCookie()) {
    const [pair, ...attributes] = line.split(';');
    const at = pair.indexOf('=');
    const name = pair.slice(0, at).trim();
    const expired = attributes.some(attribute => {
      const [key, value] = attribute.trim().split('=');
      return key.toLowerCase() === 'expires' && Date.parse(value) < Date.now();
    });
    if (expired) {
      cookies.delete(name);
    } else {
      cookies.set(name, pair.slice(at + 1).trim());
    }
  }
}

function cookieHeader(cookies: CookieJar): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
}
