/**
 * Writes docs/promotion-lifecycle.md, drawn from the one table of transitions that the engine itself obeys.
 * `--check` fails when the committed page is not what the table says.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import prettier from 'prettier';
import {
  EVENT_MEANINGS,
  INTERRUPTED,
  TRANSITIONS,
} from '../plugins/model-delivery-backend/src/promotions/transitions.ts';

const target = fileURLToPath(
  new URL('../docs/promotion-lifecycle.md', import.meta.url),
);

const LIMITS = {
  'before-traffic': ', only before traffic was touched',
  'after-traffic': ', only once traffic was touched',
  'within-steps': ', only while a step is watched that is not the last',
};

/** What happens to the drawing's names: Mermaid takes no hyphen in a state. */
const id = state => state.replaceAll('-', '_');

const moves = Object.entries(TRANSITIONS).flatMap(([from, events]) =>
  Object.entries(events).map(([event, { to, only }]) => ({
    from,
    event,
    to: to === INTERRUPTED ? undefined : to,
    only,
  })),
);

function diagram() {
  const states = Object.keys(TRANSITIONS);
  const terminal = states.filter(
    state => Object.keys(TRANSITIONS[state]).length === 0,
  );
  return [
    'stateDiagram-v2',
    ...states
      .filter(state => state.includes('-'))
      .map(state => `  state "${state}" as ${id(state)}`),
    `  [*] --> ${id(states[0])}`,
    // Trouble, cancelling and evaluating again are possible almost anywhere; the table has them
    ...moves
      .filter(
        ({ event, to }) =>
          to && !['fail', 'cancel'].includes(event) && event !== 're-evaluate',
      )
      .map(({ from, event, to }) => `  ${id(from)} --> ${id(to)}: ${event}`),
    ...terminal.map(state => `  ${id(state)} --> [*]`),
  ].join('\n');
}

function table() {
  return [
    '| in | event | leads to |',
    '| --- | --- | --- |',
    ...moves.map(
      ({ from, event, to, only }) =>
        `| ${from} | \`${event}\` | ${to ?? 'the interrupted state'}${
          LIMITS[only] ?? ''
        } |`,
    ),
  ].join('\n');
}

const meanings = Object.entries(EVENT_MEANINGS)
  .map(([event, meaning]) => `- \`${event}\`: ${meaning}`)
  .join('\n');

const page = `# The lifecycle of a promotion

Drawn by \`yarn lifecycle\` from the table of transitions in
\`plugins/model-delivery-backend/src/promotions/transitions.ts\`, which the engine obeys: what is not in it cannot happen. Every
transition is one conditional update on state and revision; what comes too late is refused with the present state.

\`\`\`mermaid
${diagram()}
\`\`\`

The drawing leaves out \`fail\`, \`cancel\` and \`re-evaluate\`.

${table()}

## Events

${meanings}
`;

const text = prettier.format(page, {
  ...(await prettier.resolveConfig(target)),
  parser: 'markdown',
});

if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    console.error(
      'docs/promotion-lifecycle.md is not what the table of transitions says: run `yarn lifecycle` and commit the result.',
    );
    process.exit(1);
  }
} else {
  writeFileSync(target, text);
}
