/** What a program needs to run: where programs, homes and temporary files are, and who it runs for. */
const kept = ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR"];

/**
 * The environment of programs that tests start: nothing of the caller's that decides which model answers, what a terminal can
 * do, or in which language and form text comes; and what the test sets.
 */
export function programEnvironment(env: Readonly<Record<string, string>> = {}): Record<string, string> {
  const inherited: Record<string, string> = {};
  for (const name of kept) {
    const value = process.env[name];
    if (value !== undefined) inherited[name] = value;
  }
  return { ...inherited, ...env };
}
