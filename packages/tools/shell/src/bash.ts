import { defineTool, type Tool, type ToolContext, type ToolReturn, toolError } from "@agentwerk/core";
import { type BashOptions, longestTimeoutMs, parseBashOptions } from "./bash-options.ts";
import { describeBash } from "./bash-text.ts";
import { checkCommand, type Verdict } from "./check-command.ts";
import { parsePolicy } from "./policy/command-policy.ts";
import { findOutside } from "./run/confine-files.ts";
import { describeResult } from "./run/describe-result.ts";
import { toEnvironment } from "./run/environment.ts";
import { runScript } from "./run/run-script.ts";
import { bubblewrap } from "./sandbox/bubblewrap.ts";

/** What the input schema lets through. */
interface BashInput {
  readonly command: string;
  readonly timeout_ms?: number;
}

/**
 * The tool `bash`: runs shell commands that the patterns allow, each part of a command line by itself.
 * @throws AgentwerkError `invalid_input` naming the option.
 */
export function bash(options: BashOptions = {}): Tool {
  const { unrestricted = false, readOnly = false, env = {} } = options;
  const { timeoutMs: usualTimeoutMs, maxOutput, sandboxLimits } = parseBashOptions(options);
  const sandbox = sandboxLimits === undefined ? undefined : bubblewrap(sandboxLimits);
  const policy = parsePolicy(options);
  const check = (command: string): Verdict =>
    unrestricted ? { allowed: true, script: command, files: [] } : checkCommand(command, policy);

  const run = async (input: BashInput, { dir, signal }: ToolContext): Promise<ToolReturn> => {
    const verdict = check(input.command);
    if (!verdict.allowed) return toolError(`Refused: ${verdict.reason}`);
    const outside = await findOutside(dir, verdict.files);
    if (outside !== undefined) return toolError(`Refused: ${outside} leads out of the working directory.`);
    const timeoutMs = input.timeout_ms ?? usualTimeoutMs;
    const prefix = await sandbox?.prefixFor(dir);
    // Of a sandbox's directories for temporary files only this one is known to be there.
    const environment = toEnvironment(process.env, prefix === undefined ? env : { TMPDIR: "/tmp", ...env });
    const limits = { timeoutMs, maxOutput, signal };
    const result = await runScript(verdict.script, { dir, env: environment, ...limits, prefix });
    signal.throwIfAborted();
    if (result.ending.kind === "not_started")
      return toolError(`The shell did not start in ${dir}: ${result.ending.message}`);
    const text = describeResult(result, timeoutMs);
    return result.ending.kind === "timed_out" ? toolError(text) : text;
  };

  return defineTool({
    name: "bash",
    description: describeBash(options, sandboxLimits),
    readOnly,
    // The tool ends commands itself and tells what they wrote until then; the loop's own limit comes after that.
    timeout: longestTimeoutMs + 10_000,
    input: {
      type: "object",
      properties: {
        command: { type: "string", minLength: 1, description: "One bash command line, or several lines." },
        timeout_ms: {
          type: "integer",
          minimum: 1,
          maximum: longestTimeoutMs,
          description: `Time limit in milliseconds; ${usualTimeoutMs} unless given.`,
        },
      },
      required: ["command"],
      additionalProperties: false,
    },
    run: (input, context) => run(input as unknown as BashInput, context),
  });
}
