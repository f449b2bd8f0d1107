import { Person } from './people';

const STYLE = `
:root{color-scheme:light dark;--page:#f5f5f5;--card:#fff;--text:#1a1a1a;--muted:#5b5b5b;--line:#d6d6d6;--accent:#1f5493;--tint:#e8eff8}
@media (prefers-color-scheme:dark){:root{--page:#121212;--card:#1e1e1e;--text:#f2f2f2;--muted:#b4b4b4;--line:#3d3d3d;--accent:#9cc9ff;--tint:#22334a}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:14px/1.5 Helvetica Neue,Helvetica,Roboto,Arial,sans-serif}
header{display:flex;align-items:center;gap:12px;padding:16px 20px;border-bottom:1px solid var(--line);background:var(--card)}
.logo{font-size:20px;font-weight:700}
.badge{font-size:12px;border:1px solid var(--line);border-radius:999px;padding:2px 10px;color:var(--muted)}
main{max-width:880px;margin:0 auto;padding:32px 20px 48px}
h1{font-size:24px;line-height:1.25;margin:0 0 8px}
.lead{color:var(--muted);margin:0 0 24px;max-width:65ch}
ul{list-style:none;margin:0;padding:0;display:grid;gap:12px;grid-template-columns:repeat(auto-fill,minmax(min(100%,380px),1fr))}
button{display:flex;gap:12px;align-items:flex-start;width:100%;height:100%;min-height:72px;text-align:left;font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px 16px;cursor:pointer}
button:hover{border-color:var(--accent);background:var(--tint)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.avatar{flex:none;width:36px;height:36px;border-radius:50%;background:var(--tint);color:var(--accent);display:grid;place-items:center;font-weight:700;font-size:13px}
.who b{font-size:16px}
.who b+span{color:var(--muted);margin-left:4px}
.what{color:var(--muted)}
details{margin:20px 0}
summary{cursor:pointer;padding:8px 0;color:var(--accent);font-weight:700}
a{color:var(--accent)}
`;

/** The page on which one picks the person to be. It works without scripts. */
export function signInPage(options: {
  people: Person[];
  /** Where the choice is posted to. */
  action: string;
  /** Where `Cancel` leads. */
  cancel: string;
}): string {
  const personas = options.people.filter(person => person.persona);
  const colleagues = options.people.filter(person => !person.persona);
  return page(
    'Sign in to Slipway',
    `<h1>Who are you today?</h1>
<p class="lead">This page stands in for a company’s identity provider. It is for the demo only: it asks for no password, and answers on this machine alone.</p>
<form method="post" action="${escape(options.action)}">
<ul>${personas.map(person => item(person)).join('')}</ul>
${
  colleagues.length > 0
    ? `<details><summary>${
        colleagues.length
      } colleagues</summary><ul>${colleagues
        .map(person => item(person))
        .join('')}</ul></details>`
    : ''
}
</form>
<p><a href="${escape(
      options.cancel,
    )}">Cancel and go back to the portal</a></p>`,
  );
}

/** A page that says what went wrong, and where to go on. */
export function problemPage(options: {
  title: string;
  text: string;
  portalUrl: string;
}): string {
  return page(
    options.title,
    `<h1>${escape(options.title)}</h1><p class="lead">${escape(
      options.text,
    )}</p><p><a href="${escape(options.portalUrl)}">Go to the portal</a></p>`,
  );
}

function item(person: Person): string {
  const initials = person.displayName
    .split(/[\s.]+/)
    .filter(Boolean)
    .map(part => part[0])
    .join('')
    .slice(0, 2);
  const heading = person.persona ?? person.displayName;
  const name = person.persona ? person.displayName : person.email;
  return `<li><button type="submit" name="person" value="${escape(person.id)}">
<span class="avatar" aria-hidden="true">${escape(initials)}</span>
<span class="who"><b>${escape(heading)}</b> <span>${escape(
    name,
  )}</span><br><span class="what">${escape(person.summary)}</span></span>
</button></li>`;
}

function page(title: string, main: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header><span class="logo">Slipway</span> <span class="badge">Demo identity provider</span></header>
<main>${main}</main>
</body>
</html>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
}
