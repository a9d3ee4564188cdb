import { realpathSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { AgentwerkError } from "@agentwerk/core";
import { isInside } from "./is-inside.ts";

export interface SandboxOptions {
  /** Directories and files that may be written besides the agent's directory; they have to be there. Default none. */
  readonly write?: readonly string[] | undefined;
  /** The network as the machine has it; default false: not even the machine itself is reached. */
  readonly network?: boolean | undefined;
  /** Files and directories that cannot be read; default `~/.ssh` and the like, where credentials usually lie. */
  readonly hide?: readonly string[] | undefined;
  /** Path of bubblewrap's `bwrap`; found on PATH unless given. */
  readonly program?: string | undefined;
}

export interface SandboxLimits {
  /** Absolute, without links, none within another. */
  readonly write: readonly string[];
  readonly network: boolean;
  /** Absolute. */
  readonly hide: readonly string[];
  readonly program: string | undefined;
}

/** Where programs keep passwords, keys and tokens in the home directory. */
const credentials: readonly string[] = [
  ".ssh",
  ".gnupg",
  ".aws",
  ".azure",
  ".config/gcloud",
  ".config/gh",
  ".config/git/credentials",
  ".git-credentials",
  ".netrc",
  ".npmrc",
  ".pypirc",
  ".docker",
  ".kube",
  ".password-store",
].map((path) => `~/${path}`);

/**
 * Parses what the user opens and hides.
 * @throws AgentwerkError `invalid_input` naming the option.
 */
export function parseSandboxOptions(options: SandboxOptions): SandboxLimits {
  const { write = [], network = false, hide = credentials, program } = options;
  if (program !== undefined && !isAbsolute(program)) {
    throw invalid("sandbox.program", `is ${JSON.stringify(program)}; give an absolute path`);
  }
  const roots = [...new Set(write.map((path, index) => toRoot(path, `sandbox.write[${index}]`)))];
  return {
    write: roots.filter((root) => !roots.some((other) => other !== root && isInside(root, other))),
    network,
    hide: hide.map(expandHome),
    program,
  };
}

/** Links are resolved now, before any command has run that could put one in their place. */
function toRoot(path: string, field: string): string {
  let root: string;
  try {
    root = realpathSync(expandHome(path));
  } catch {
    throw invalid(field, `is ${JSON.stringify(path)}, which is not there; make it first`);
  }
  if (root === "/") throw invalid(field, "is /; a sandbox that may write everything is none");
  return root;
}

function expandHome(path: string): string {
  return /^~(?:\/|$)/.test(path) ? join(homedir(), path.slice(1)) : resolve(path);
}

function invalid(field: string, problem: string): AgentwerkError {
  return new AgentwerkError({ code: "invalid_input", field, message: `${field} ${problem}.` });
}
