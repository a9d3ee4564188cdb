import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { freePort, giveToServer, type TestServer, withClient } from "./test-server.ts";

const run = promisify(execFile);
const fetchWithinMs = 30_000;
/** Of Debian: the pooler, and what it links to that a small installation has not. */
const debianPackages = ["pgbouncer", "libevent-2.1-7", "libc-ares2"];

export interface PgBouncer {
  readonly port: number;
  /** Through the pooler, to the database `postgres` as the superuser. */
  readonly url: string;
  /** On its console, such as `SHOW POOLS`. */
  ask(command: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): Promise<void>;
}

/** A program, with the directory of libraries that it needs, or the reason why there is none. */
export type PgBouncerProgram =
  | { readonly path: string; readonly libraries?: string }
  | { readonly missing: string };

/** From `PATH`, or unpacked into `dir` from Debian's package, which needs no rights. */
export async function findPgBouncer(dir: string): Promise<PgBouncerProgram> {
  const places = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  const found = places.map((place) => join(place, "pgbouncer")).find((path) => existsSync(path));
  if (found !== undefined) return { path: found };
  try {
    await run("apt-get", ["download", ...debianPackages], { cwd: dir, timeout: fetchWithinMs });
    for (const file of readdirSync(dir).filter((name) => name.endsWith(".deb")))
      await run("dpkg", ["-x", file, "."], { cwd: dir });
    const libraries = join(
      dir,
      "usr",
      "lib",
      process.arch === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu",
    );
    return { path: join(dir, "usr", "sbin", "pgbouncer"), libraries };
  } catch {
    return { missing: "needs pgbouncer in PATH, or apt-get and Debian's packages to unpack it from" };
  }
}

/** A pooler of its own on a free loopback port, in front of a test server. */
export async function startPgBouncer(
  server: TestServer,
  options: {
    readonly program: Exclude<PgBouncerProgram, { missing: string }>;
    readonly mode: "transaction" | "session";
    /** Connections to the server. */
    readonly poolSize: number;
    /** Further lines of pgbouncer.ini. */
    readonly settings?: readonly string[];
  },
): Promise<PgBouncer> {
  const dir = mkdtempSync(join(tmpdir(), "agentwerk-pgbouncer-"));
  const port = await freePort();
  const config = join(dir, "pgbouncer.ini");
  const { path, libraries } = options.program;
  writeFileSync(
    config,
    `[databases]
postgres = host=127.0.0.1 port=${server.port} dbname=postgres user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
admin_users = admin
pool_mode = ${options.mode}
default_pool_size = ${options.poolSize}
max_client_conn = 200
${(options.settings ?? []).join("\n")}
`,
  );
  for (const file of [dir, config]) giveToServer(file);
  // It refuses to run as root, and goes to another user by itself.
  const user = process.getuid?.() === 0 ? ["-u", "nobody"] : [];
  const child = spawn(path, ["-q", ...user, config], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...(libraries !== undefined && { LD_LIBRARY_PATH: libraries }) },
  });
  const ended = endOf(child);
  let log = "";
  child.stderr.on("data", (chunk) => {
    log = (log + String(chunk)).slice(-4_000);
  });
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const deadline = Date.now() + 30_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`pgbouncer ended: ${log}`);
    const isReady = await withClient(url, (client) => client.query("SELECT 1")).then(
      () => true,
      () => false,
    );
    if (isReady) break;
    if (Date.now() > deadline) throw new Error(`pgbouncer did not get ready: ${log}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    port,
    url,
    ask: (command) =>
      withClient(
        `postgres://admin@127.0.0.1:${port}/pgbouncer`,
        async (client) => (await client.query(command)).rows,
      ),
    async close() {
      child.kill("SIGKILL");
      await ended;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.once("close", () => resolve()));
}
