/** One line with the next step for a Node older than 22.13, the first with `node:sqlite` in reach; else nothing. */
export function explainOldNode(program: string, version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 13)) return undefined;
  return `${program}: Node ${version} is too old; install Node 22.13 or later, or use npm run use-case -- ${program}, which brings its own.`;
}
