import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { AgentwerkError } from "@agentwerk/core";
import { isInside } from "./is-inside.ts";
import type { SandboxLimits } from "./sandbox-options.ts";

/** Keeps what a command does within limits that the kernel enforces. */
export interface Sandbox {
  /** What is put in front of a command that works in `dir`. */
  prefixFor(dir: string): Promise<readonly string[]>;
}

/** Temporary files of others, and sockets by which services of the machine are reached. Each call has its own, empty. */
const emptied: readonly string[] = ["/tmp", "/var/tmp", "/run", "/var/run"];
/** What of them programs cannot do without: name servers, and the programs of NixOS. */
const kept: readonly string[] = [
  "/run/systemd/resolve",
  "/run/NetworkManager/resolv.conf",
  "/run/resolvconf",
  "/run/current-system",
];

const withoutSandbox = "or leave sandbox out and run the agent in a container";

/** Programs that were seen to work. */
const proven = new Set<string>();

/**
 * A sandbox of bubblewrap: everything can be read that is not hidden, nothing written but the agent's directory and the
 * roots, processes see only each other and end with the call, and there is no network unless it is opened.
 * @throws AgentwerkError `missing_dependency` or `unsupported`, saying what this machine lacks.
 */
export function bubblewrap(limits: SandboxLimits): Sandbox {
  const program = limits.program ?? findProgram("bwrap");
  prove(program, limits);
  return {
    async prefixFor(dir) {
      const real = await realpath(dir);
      if (real === "/") {
        throw new AgentwerkError({
          code: "invalid_input",
          field: "agent.dir",
          message: "A sandbox cannot make / writable; give the agent a dir.",
        });
      }
      // Within the agent's directory a command may have put a link in the place of a root; it is writable anyway.
      const writable = [real, ...limits.write.filter((root) => !isInside(root, real))];
      return [
        program,
        ...isolation(limits),
        ...(await emptyPlaces()),
        ...writable.flatMap((path) => ["--bind", path, path]),
        ...(await hiddenPlaces(limits.hide, writable)),
        "--chdir",
        real,
        "--",
      ];
    },
  };
}

/** Namespaces of its own, no privileges, and the file system read-only. */
function isolation({ network }: SandboxLimits): readonly string[] {
  return [
    "--die-with-parent",
    "--unshare-user",
    "--unshare-pid",
    "--unshare-ipc",
    "--unshare-uts",
    "--unshare-cgroup-try",
    ...(network ? [] : ["--unshare-net"]),
    "--cap-drop",
    "ALL",
    "--ro-bind",
    "/",
    "/",
    "--dev",
    "/dev",
    "--proc",
    "/proc",
  ];
}

async function emptyPlaces(): Promise<readonly string[]> {
  // On most machines /var/run is a link to /run.
  const real = await Promise.all(emptied.map((path) => realpath(path).catch(() => undefined)));
  const places = [...new Set(real.filter((path) => path !== undefined))];
  return [
    ...places.flatMap((path) => ["--tmpfs", path]),
    ...kept.flatMap((path) => ["--ro-bind-try", path, path]),
  ];
}

/** What the user made writable is not hidden with a directory above it. */
async function hiddenPlaces(
  hide: readonly string[],
  writable: readonly string[],
): Promise<readonly string[]> {
  const parts = await Promise.all(
    hide.map(async (path) => {
      const real = await realpath(path).catch(() => undefined);
      if (real === undefined || writable.some((root) => isInside(root, real))) return [];
      const isFolder = (await stat(real)).isDirectory();
      return isFolder ? ["--tmpfs", real] : ["--ro-bind", "/dev/null", real];
    }),
  );
  return parts.flat();
}

function findProgram(name: string): string {
  const folders = (process.env.PATH ?? "").split(":").filter(isAbsolute);
  const found = folders.map((folder) => join(folder, name)).find(isExecutable);
  if (found !== undefined) return found;
  const how =
    process.platform === "linux"
      ? "install bubblewrap, for example with apt-get install bubblewrap or dnf install bubblewrap,"
      : "bubblewrap exists for Linux only: run the agent there,";
  throw new AgentwerkError({
    code: "missing_dependency",
    field: "sandbox",
    message: `bash({ sandbox }) needs ${name} on PATH: ${how} ${withoutSandbox}.`,
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Tries it once in a process: whether namespaces may be made is known only then. */
function prove(program: string, limits: SandboxLimits): void {
  const key = `${program} ${limits.network}`;
  if (proven.has(key)) return;
  const args = [...isolation(limits), "--", "/bin/sh", "-c", ":"];
  const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8", env: {}, timeout: 10_000 });
  if (status === 0) {
    proven.add(key);
    return;
  }
  const isMissing = error !== undefined && "code" in error && error.code === "ENOENT";
  throw new AgentwerkError({
    code: isMissing ? "missing_dependency" : "unsupported",
    field: "sandbox",
    message: isMissing
      ? `bash({ sandbox }) needs bubblewrap, and ${program} is not there: install it, ${withoutSandbox}.`
      : `${program} cannot make a sandbox here (${stderr?.trim() || error?.message || `exit code ${status}`}): allow user namespaces (sysctl user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns; in Docker the seccomp profile), ${withoutSandbox}.`,
    cause: error,
  });
}
