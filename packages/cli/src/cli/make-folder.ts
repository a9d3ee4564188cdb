import { makeFolder as makeLevels, toErrorMessage } from "@agentwerk/core";
import { UsageError } from "./usage-error.ts";

/**
 * Makes a folder for what a command writes, with all that lead to it.
 * @throws UsageError
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeLevels(path);
  } catch (cause) {
    throw new UsageError(toErrorMessage(cause), { cause });
  }
}
