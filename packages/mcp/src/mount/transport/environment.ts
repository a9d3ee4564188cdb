/** What a server gets of the environment besides what its configuration names: where programs and the home are. */
const inherited = ["HOME", "LANG", "LC_ALL", "LOGNAME", "PATH", "SHELL", "TERM", "TMPDIR", "TZ", "USER"];

export function toEnvironment(
  own: NodeJS.ProcessEnv,
  named: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const env: Record<string, string> = {};
  for (const name of inherited) {
    const value = own[name];
    if (value !== undefined) env[name] = value;
  }
  return { ...env, ...named };
}
