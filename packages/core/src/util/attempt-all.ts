/** Does each part, one after the other, whatever becomes of those before it; answers what failed. */
export async function attemptAll(parts: readonly (() => Promise<void>)[]): Promise<readonly unknown[]> {
  const failures: unknown[] = [];
  for (const part of parts) {
    try {
      await part();
    } catch (error) {
      failures.push(error);
    }
  }
  return failures;
}
