import { readFile } from "node:fs/promises";
import type { ScriptedReply } from "../behaviour/script.ts";
import { SimulatorError } from "../simulator-error.ts";

/**
 * Reads a script: a JSON array of replies, each a text or an object.
 * @throws SimulatorError `invalid_script`, in one line.
 */
export async function readScript(file: string): Promise<readonly (string | ScriptedReply)[]> {
  const steps = parse(await read(file), file);
  if (!Array.isArray(steps)) refuse(`The script ${file} is not a JSON array of replies.`);
  for (const [index, step] of steps.entries()) {
    if (typeof step === "string") continue;
    if (typeof step === "object" && step !== null && !Array.isArray(step)) continue;
    refuse(`Step ${index + 1} of ${file} is neither a text nor an object.`);
  }
  return steps;
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code === "ENOENT" ? "there is no such file" : String(cause);
    return refuse(`Cannot read the script ${file}: ${why}.`, cause);
  }
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    return refuse(`The script ${file} is not JSON: ${why}.`, cause);
  }
}

function refuse(message: string, cause?: unknown): never {
  throw new SimulatorError("invalid_script", message, { cause });
}
