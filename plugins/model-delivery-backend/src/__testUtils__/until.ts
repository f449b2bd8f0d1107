const PATIENCE_MS = 20_000;

/**
 * Waits until something that goes on by itself has come to pass.
 * @throws Error when it has not within 20 seconds
 */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (Date.now() > end) {
      throw new Error(
        `It did not come to pass within ${PATIENCE_MS / 1000} seconds`,
      );
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}
