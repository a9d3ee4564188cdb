import { AgentwerkError, type Duration, toMilliseconds } from "@agentwerk/core";
import type { CommandPolicyOptions } from "./policy/command-policy.ts";
import { parseSandboxOptions, type SandboxLimits, type SandboxOptions } from "./sandbox/sandbox-options.ts";

export interface BashOptions extends CommandPolicyOptions {
  /** Every command runs, unchecked. Stands alone: nothing else can limit what a shell does. Default false. */
  readonly unrestricted?: boolean | undefined;
  /** Time limit of a call that names none; default 2 minutes, 10 minutes at most. */
  readonly timeout?: Duration | undefined;
  /** Bytes of output that are kept, half from its beginning and half from its end; default 1,000,000. */
  readonly maxOutput?: number | undefined;
  /** Added to the environment, which otherwise holds PATH, HOME, TMPDIR, LANG, TERM=dumb and GIT_EDITOR=true. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** The allowed commands change nothing: calls may run side by side, and again after a crash. Default false. */
  readonly readOnly?: boolean | undefined;
  /** Commands that pass run in a sandbox of bubblewrap (Linux): only the agent's directory is writable, no network. */
  readonly sandbox?: boolean | SandboxOptions | undefined;
}

export interface BashLimits {
  readonly timeoutMs: number;
  readonly maxOutput: number;
  readonly sandboxLimits: SandboxLimits | undefined;
}

export const longestTimeoutMs = 600_000;

/**
 * Checks what the policy does not.
 * @throws AgentwerkError `invalid_input` naming the option.
 */
export function parseBashOptions(options: BashOptions): BashLimits {
  const {
    allow,
    deny,
    denyFlags,
    redirect,
    unrestricted = false,
    timeout = "2m",
    maxOutput = 1_000_000,
    sandbox = false,
  } = options;
  const limits = { allow, deny, denyFlags, redirect };
  const limit = Object.entries(limits).find(([, value]) => value !== undefined)?.[0];
  if (unrestricted && limit !== undefined) {
    throw invalid(
      "unrestricted",
      `unrestricted runs everything, so ${limit} would promise what nobody keeps.`,
    );
  }
  const timeoutMs = toMilliseconds(timeout, "timeout");
  if (timeoutMs === 0 || timeoutMs > longestTimeoutMs) {
    throw invalid("timeout", `timeout is ${timeoutMs} ms; give 1 to ${longestTimeoutMs} ms.`);
  }
  if (!Number.isInteger(maxOutput) || maxOutput < 1_000) {
    throw invalid("maxOutput", `maxOutput is ${maxOutput}; give a whole number of bytes, at least 1000.`);
  }
  const sandboxLimits = sandbox === false ? undefined : parseSandboxOptions(sandbox === true ? {} : sandbox);
  return { timeoutMs, maxOutput, sandboxLimits };
}

function invalid(field: string, message: string): AgentwerkError {
  return new AgentwerkError({ code: "invalid_input", field, message });
}
