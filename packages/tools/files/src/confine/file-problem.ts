/** Something about a file that the model should read and work around; becomes a tool error, never reaches the loop. */
export class FileProblem extends Error {
  override name = "FileProblem";
}

/** Whether `error` is one of Node's own, with this code. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes(codeOf(error) ?? "");
}

export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
