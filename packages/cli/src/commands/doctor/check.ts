import { failureText } from "../../cli/failure-text.ts";

/** What came of one look; `fix` says what to do. */
export interface Check {
  readonly name: string;
  readonly status: "ok" | "warning" | "failed";
  readonly message: string;
  readonly fix?: string | undefined;
}

export function ok(name: string, message: string): Check {
  return { name, status: "ok", message };
}

export function warning(name: string, message: string, fix: string): Check {
  return { name, status: "warning", message, fix };
}

/** The message of an error of ours ends with the next step; others need a `fix`. */
export function failed(name: string, error: unknown, fix?: string): Check {
  return { name, status: "failed", message: failureText(error), fix };
}

/** A look that throws has failed. */
export async function attempt(
  name: string,
  look: () => Promise<readonly Check[]> | readonly Check[],
): Promise<readonly Check[]> {
  try {
    return await look();
  } catch (error) {
    return [failed(name, error)];
  }
}
