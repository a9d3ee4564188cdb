import { UsageError } from "./usage-error.ts";

/**
 * Asks before something that cannot be taken back.
 * @throws UsageError where nobody can be asked and `--yes` was not given.
 */
export async function confirm(question: string, { yes }: { readonly yes: boolean }): Promise<boolean> {
  if (yes) return true;
  const asked = question.charAt(0).toUpperCase() + question.slice(1);
  if (process.stdin.isTTY !== true || process.stdout.isTTY !== true) {
    throw new UsageError(`${asked} Nobody is there to ask; say so with --yes.`);
  }
  const prompts = await import("@clack/prompts");
  return (await prompts.confirm({ message: asked, initialValue: false })) === true;
}
