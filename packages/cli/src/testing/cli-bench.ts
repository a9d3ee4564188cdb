import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { programEnvironment } from "@agentwerk/test-support";

const require = createRequire(import.meta.url);

/** Installed in a project of a test, as links to the workspace. */
const packages: Readonly<Record<string, string>> = {
  "@agentwerk/core": require.resolve("@agentwerk/core/package.json"),
  "@agentwerk/knowledge-markdown": require.resolve("@agentwerk/knowledge-markdown/package.json"),
  "@agentwerk/mcp": require.resolve("@agentwerk/mcp/package.json"),
  "@agentwerk/openai": require.resolve("@agentwerk/openai/package.json"),
  "@agentwerk/providers": require.resolve("@agentwerk/providers/package.json"),
  "@agentwerk/tools-files": require.resolve("@agentwerk/tools-files/package.json"),
  "@agentwerk/tools-shell": require.resolve("@agentwerk/tools-shell/package.json"),
  agentwerk: fileURLToPath(new URL("../../package.json", import.meta.url)),
};

export const mainFile: string = fileURLToPath(new URL("../main.ts", import.meta.url));
/** What Node needs to run the sources. */
export const sourceFlags: readonly string[] = ["--conditions=@agentwerk/source"];

/** Compiled sources, so that not every process of a test strips the types of the core again. */
const compileCache: string = fileURLToPath(new URL("../../../../.cache/compile", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves once standard output holds the text; rejects when the process ends without it. */
  shows(text: string): Promise<void>;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly cwd?: string;
  readonly flags?: readonly string[];
  /** Somebody who may not write in the project. */
  readonly asStranger?: boolean;
}

/** Root may write everywhere; others are strangers where the right to write was taken away. */
const stranger: { readonly uid?: number; readonly gid?: number } =
  process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/** A project in a temporary folder, and the command line started in it as a process of its own. */
export interface CliBench extends Disposable {
  readonly folder: string;
  write(files: Readonly<Record<string, string>>): void;
  start(argv: readonly string[], options?: StartOptions): Started;
  run(argv: readonly string[], options?: StartOptions): Promise<Ended>;
  /** Runs what has to succeed, and parses what it printed. */
  json(argv: readonly string[], options?: StartOptions): Promise<unknown>;
  environment(extra?: Readonly<Record<string, string>>): Record<string, string>;
}

export function cliBench(
  options: {
    readonly files?: Readonly<Record<string, string>>;
    /** Of a simulated model. */
    readonly baseUrl?: string;
  } = {},
): CliBench {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "agentwerk-cli-")));
  const running = new Set<ChildProcess>();
  const { baseUrl } = options;
  install(folder);
  const bench: CliBench = {
    folder,
    write: (files) => writeFiles(folder, files),
    environment: (extra = {}) => ({
      ...programEnvironment(),
      NODE_COMPILE_CACHE: compileCache,
      XDG_CONFIG_HOME: join(folder, ".config"),
      ...(baseUrl === undefined ? {} : { OPENAI_BASE_URL: baseUrl, OPENAI_MODEL: "simulated" }),
      ...extra,
    }),
    start(argv, { env, stdin, cwd = folder, flags = [], asStranger = false } = {}) {
      const child = spawn(process.execPath, [...sourceFlags, ...flags, mainFile, ...argv], {
        cwd,
        env: bench.environment(env),
        stdio: "pipe",
        ...(asStranger ? stranger : {}),
      });
      running.add(child);
      child.stdin.on("error", () => {}).end(stdin ?? "");
      return observe(child, () => running.delete(child));
    },
    run: (argv, settings) => bench.start(argv, settings).ended,
    async json(argv, settings) {
      const { code, stdout, stderr } = await bench.run(argv, settings);
      if (code !== 0) throw new Error(`agentwerk ${argv.join(" ")} ended with ${code}: ${stderr}`);
      return JSON.parse(stdout);
    },
    [Symbol.dispose]() {
      for (const child of running) child.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
  bench.write({ "package.json": JSON.stringify({ name: "project", type: "module" }), ...options.files });
  return bench;
}

function observe(child: ChildProcess, onEnd: () => void): Started {
  const output = { stdout: "", stderr: "" };
  const waiting = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
      for (const look of waiting) look();
    });
  }
  const ended = once(child, "close").then(([code]: unknown[]): Ended => {
    onEnd();
    return { code: typeof code === "number" ? code : null, ...output };
  });
  const shows = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!output.stdout.includes(text)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
      void ended.then(() =>
        reject(new Error(`It ended without ${JSON.stringify(text)}: ${output.stdout}${output.stderr}`)),
      );
    });
  return { child, ended, shows };
}

function install(folder: string): void {
  for (const [name, manifest] of Object.entries(packages)) {
    const link = join(folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(realpathSync(dirname(manifest)), link, "junction");
  }
}

function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
}
