/** The number goes up when what is kept changes its form. */
const PREFIX = 'slipway/model-delivery/drafts/1';

function keyOf(user: string, about: string): string {
  return [PREFIX, user, about].join('/');
}

/**
 * What this person wrote about this and has not sent, from this tab's own storage: it outlives a reload and ends with
 * the tab.
 * @param user - entity reference of whoever wrote it; nobody else is given it
 * @param about - what it is about and what of that it binds to
 * @returns `undefined` when there is none, and wherever the browser keeps nothing
 */
export function readDraft(user: string, about: string): object | undefined {
  try {
    const value: unknown = JSON.parse(
      window.sessionStorage.getItem(keyOf(user, about)) ?? 'null',
    );
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps what this person wrote; forgets it for `undefined`. Does nothing wherever the browser keeps nothing. */
export function writeDraft(
  user: string,
  about: string,
  draft: object | undefined,
): void {
  const key = keyOf(user, about);
  try {
    if (draft) {
      window.sessionStorage.setItem(key, JSON.stringify(draft));
    } else {
      window.sessionStorage.removeItem(key);
    }
  } catch {
    // Refused or full: it then lives as long as the page
  }
}
