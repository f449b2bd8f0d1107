import type { ReleaseVerdict } from '@slipway/backstage-plugin-model-delivery-common';
import { askGate, AskError } from './askGate';
import { readOptions, USAGE, UsageError } from './options';

/** What the exit code says. */
export const EXIT_CODES = {
  allowed: 0,
  refused: 1,
  waiting: 2,
  /** Nobody was asked, or nobody answered: never a yes. */
  failed: 3,
} as const;

/** Asks as the command line says, prints the answer, and returns the exit code. */
export async function runGate(
  args: string[],
  env: Record<string, string | undefined>,
  io: { out(line: string): void; err(line: string): void } & Omit<
    Parameters<typeof askGate>[1],
    'say'
  >,
): Promise<number> {
  try {
    const options = readOptions(args, env);
    if (options === 'help') {
      io.out(USAGE);
      return 0;
    }
    const verdict = await askGate(options, { ...io, say: io.err });
    io.out(options.json ? JSON.stringify(verdict, null, 2) : describe(verdict));
    return codeOf(verdict);
  } catch (error) {
    if (error instanceof UsageError) {
      io.err(`${error.message}\n\n${USAGE}`);
    } else if (error instanceof AskError) {
      io.err(error.message);
    } else {
      throw error;
    }
    return EXIT_CODES.failed;
  }
}

function codeOf({ verdict, allowed }: ReleaseVerdict): number {
  if (verdict === 'allowed' && allowed) {
    return EXIT_CODES.allowed;
  }
  return verdict === 'waiting' ? EXIT_CODES.waiting : EXIT_CODES.refused;
}

function describe({
  statement,
  blocking,
  promotion,
  policy,
}: ReleaseVerdict): string {
  return [
    statement,
    ...blocking.map(
      gate => `  ${gate.verdict}: ${gate.title}. ${gate.explanation}`,
    ),
    `  policy ${policy.name}${promotion ? `, promotion ${promotion.id}` : ''}`,
  ].join('\n');
}
