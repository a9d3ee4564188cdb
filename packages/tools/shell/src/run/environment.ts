import { isAbsolute } from "node:path";

/** What a command gets of the environment: where programs and the home directory are, and what the user names. */
export function toEnvironment(
  own: NodeJS.ProcessEnv,
  named: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const { PATH = "/usr/local/bin:/usr/bin:/bin", HOME, LANG = "C.UTF-8", TMPDIR } = own;
  return {
    // A relative entry would find programs in whatever directory the agent works in.
    PATH: PATH.split(":").filter(isAbsolute).join(":"),
    ...(HOME === undefined ? {} : { HOME }),
    ...(TMPDIR === undefined ? {} : { TMPDIR }),
    LANG,
    TERM: "dumb",
    // The editor of the user's own configuration would take keystrokes from a command's input.
    GIT_EDITOR: "true",
    ...named,
  };
}
