import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AgentwerkError, type ToolReturn } from "@agentwerk/core";
import { runTool, toolSuite } from "@agentwerk/core/testing";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { bash } from "../bash.ts";
import type { BashOptions } from "../bash-options.ts";

/** Not where temporary files lie: a sandbox has none of them. */
const cache = fileURLToPath(new URL("../../../../../.cache/", import.meta.url));
mkdirSync(cache, { recursive: true });
const home = realpathSync(mkdtempSync(join(cache, "sandbox-")));
const dir = join(home, "work");
const other = join(home, "other");
afterAll(() => rmSync(home, { recursive: true, force: true }));
beforeEach(() => {
  rmSync(dir, { recursive: true, force: true });
  for (const path of [dir, other, join(home, "keys")]) mkdirSync(path, { recursive: true });
  writeFileSync(join(home, "keys/id"), "secret-key");
  writeFileSync(join(home, "token"), "secret-token");
  writeFileSync(join(home, "readable"), "readable");
});

const trial = spawnSync("sh", ["-c", "bwrap --unshare-all --ro-bind / / --proc /proc -- true"]);
const isThere = trial.status === 0;
const why = isThere ? "" : ` (not tried: bubblewrap is not on this machine, or may not make namespaces)`;

function open(sandbox: BashOptions["sandbox"] = true, more: BashOptions = {}): ReturnType<typeof bash> {
  return bash({ unrestricted: true, ...more, sandbox });
}

async function run(command: string, options?: BashOptions["sandbox"], more: object = {}): Promise<string> {
  return messageOf(await runTool(open(options), { command, ...more }, { dir }));
}

function messageOf(returned: ToolReturn): string {
  return typeof returned === "string" ? returned : (returned as { readonly message: string }).message;
}

describe.runIf(isThere)("in a sandbox", () => {
  toolSuite({
    name: "bash in a sandbox",
    open: async () => ({
      tool: bash({ allow: ["echo *", "sleep *", "false"], sandbox: true }),
      options: { dir },
    }),
    valid: [{ command: "echo hello" }, { command: "false" }],
    invalid: [{}, { command: "" }],
    failing: [{ command: "rm -rf x" }, { command: "sleep 9", timeout_ms: 50 }],
    slow: { command: "sleep 60" },
  });

  it("a command writes its directory and a /tmp of its own, and nothing else", async () => {
    expect(await run("echo in > made; mkdir sub; echo x > sub/y; cat made")).toBe("in");
    expect(readFileSync(join(dir, "sub/y"), "utf8")).toBe("x\n");
    for (const path of [
      join(home, "outside"),
      join(other, "x"),
      "/etc/agentwerk",
      "/usr/agentwerk",
      "~/agentwerk",
    ]) {
      expect(await run(`echo x > ${path}`), path).toMatch(/Read-only file system/);
    }
    expect(existsSync(join(home, "outside"))).toBe(false);
    expect(await run("echo x > /tmp/agentwerk-made && echo $TMPDIR && ls /tmp/agentwerk-made")).toBe(
      "/tmp\n/tmp/agentwerk-made",
    );
    expect(await run("ls /tmp/agentwerk-made")).toContain("No such file");
    expect(existsSync("/tmp/agentwerk-made")).toBe(false);
  });

  it("links, moves and mounts lead to nothing else that is writable", async () => {
    symlinkSync(other, join(dir, "link"));
    for (const command of [
      "echo x > link/x",
      `ln ${home}/readable hard && echo x >> hard`,
      `mv ${other} moved`,
      "mount -o remount,rw /",
      `umount ${dir}`,
      `unshare -rm sh -c 'mount -o remount,bind,rw / && echo x > ${other}/x'`,
      `unshare -rm sh -c 'mount -t tmpfs t ${other} && umount / ; echo x > ${other}/x'`,
      `chmod 777 ${other}`,
      `touch -c ${home}/readable`,
    ]) {
      await run(command);
      expect(existsSync(join(other, "x")), command).toBe(false);
      expect(readFileSync(join(home, "readable"), "utf8"), command).toBe("readable");
    }
  });

  it("named roots are writable, also a file", async () => {
    writeFileSync(join(home, "log"), "");
    const write = [other, join(other, "."), join(home, "log")];
    expect(await run(`echo a > ${other}/a && echo b >> ${home}/log && echo done`, { write })).toBe("done");
    expect(readFileSync(join(other, "a"), "utf8") + readFileSync(join(home, "log"), "utf8")).toBe("a\nb\n");
    rmSync(join(other, "a"));
  });

  it("a root within the directory that became a link is not followed", async () => {
    mkdirSync(join(dir, "sub"));
    const tool = open({ write: [join(dir, "sub")] });
    await runTool(tool, { command: `rmdir sub && ln -s ${other} sub` }, { dir });
    expect(messageOf(await runTool(tool, { command: "echo x > sub/x" }, { dir }))).toContain("Read-only");
    expect(existsSync(join(other, "x"))).toBe(false);
  });

  it("the directory may be reached through a link", async () => {
    symlinkSync(dir, join(home, "way"));
    expect(await runTool(open(), { command: "pwd -P; echo x > y" }, { dir: join(home, "way") })).toBe(dir);
    rmSync(join(home, "way"));
  });

  it("what is hidden cannot be read, unless the agent works in it", async () => {
    const hide = [join(home, "keys"), join(home, "token"), join(home, "nothing")];
    expect(
      await run(`cat ${home}/readable; cat ${home}/token; ls -A ${home}/keys; cat ${home}/keys/id`, { hide }),
    ).toMatch(/^readablecat: .*token: Permission denied\ncat: .*keys\/id: No such.*\n\[exit code 1\]$/);
    expect(await runTool(open({ hide }), { command: "cat id" }, { dir: join(home, "keys") })).toBe(
      "secret-key",
    );
    vi.stubEnv("HOME", home);
    mkdirSync(join(home, ".ssh"), { recursive: true });
    writeFileSync(join(home, ".ssh/id"), "secret-key");
    expect(await run(`ls -A ~/.ssh`)).toBe("(no output, exit code 0)");
    expect(await run(`ls -A ~/.ssh`, { hide: [] })).toBe("id");
    vi.unstubAllEnvs();
  });

  it("there is no network, and with network: true there is", async () => {
    const server = createServer((socket) => socket.end("reached\n"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = address !== null && typeof address === "object" ? address.port : 0;
    const command = `cat < /dev/tcp/127.0.0.1/${port}`;
    expect(await run(command)).toMatch(/Connection refused|unreachable/);
    expect(await run(command, { network: true })).toBe("reached");
    server.close();
  });

  it("other processes and their environment are not seen", async () => {
    vi.stubEnv("OPENAI_API_KEY", "sk-secret-of-the-parent");
    expect(await run("cat /proc/[0-9]*/environ | tr '\\0' '\\n' | grep -c sk-secret")).toBe(
      "0\n[exit code 1]",
    );
    expect(await run(`kill -0 ${process.pid} && echo alive`)).not.toContain("alive");
    expect(await run("ls -d /proc/[0-9]* | wc -l")).toMatch(/^[1-9]$/);
    vi.unstubAllEnvs();
  });

  it("everything ends with the call, also what left the process group", async () => {
    await run("setsid sleep 4321.5 & sleep 4321.5 & echo started");
    await run("setsid sleep 4321.5 & sleep 4321.5", true, { timeout_ms: 300 });
    await vi.waitFor(() => expect(spawnSync("pgrep", ["-f", "^sleep 4321.5"]).status).toBe(1));
  });

  it("exit codes and output come as without one", async () => {
    expect(await run("echo a; echo b >&2; exit 3")).toBe("a\nb\n[exit code 3]");
    expect(await run("nosuchcommand")).toContain("[exit code 127]");
    expect(await run("sleep 9", true, { timeout_ms: 200 })).toContain("time limit of 200 ms");
  });

  it("the policy stays in front", async () => {
    const tool = bash({ allow: ["echo *"], redirect: ["out"], sandbox: true });
    expect(await runTool(tool, { command: "touch x" }, { dir })).toMatchObject({ kind: "error" });
    expect(await runTool(tool, { command: "echo x > out; echo done" }, { dir })).toBe("done");
    expect(tool.description).toContain("Commands run in a sandbox: only the working directory and /tmp");
    expect(tool.description).toContain("there is no network");
  });

  it("/ is not a directory to work in", async () => {
    await expect(runTool(open(), { command: "true" }, { dir: "/" })).rejects.toMatchObject({
      code: "invalid_input",
      field: "agent.dir",
    });
  });
});

it.skipIf(isThere)(`runs commands in a sandbox${why}`, () => {});

describe("a machine without a sandbox is told what it lacks", () => {
  function refusal(make: () => unknown): AgentwerkError {
    try {
      make();
    } catch (error) {
      if (AgentwerkError.isInstance(error)) return error;
    }
    throw new Error("It was not refused.");
  }

  it("bubblewrap is not on PATH", () => {
    vi.stubEnv("PATH", `.:${dir}`);
    const { code, message } = refusal(() => open());
    vi.unstubAllEnvs();
    expect(code).toBe("missing_dependency");
    expect(message).toMatch(
      /^bash\(\{ sandbox \}\) needs bwrap on PATH: .*bubblewrap.* or leave sandbox out/,
    );
  });

  it("bubblewrap is not where it is said to be", () => {
    const { code, message } = refusal(() => open({ program: join(home, "bwrap") }));
    expect(code).toBe("missing_dependency");
    expect(message).toContain("install it");
  });

  it("bubblewrap may not make namespaces", () => {
    const program = join(home, "failing");
    writeFileSync(program, "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n");
    chmodSync(program, 0o755);
    const { code, message } = refusal(() => open({ program }));
    expect(code).toBe("unsupported");
    expect(message).toMatch(
      /cannot make a sandbox here \(bwrap: No permissions to create new namespace\): allow user namespaces/,
    );
  });

  it.each([
    [{ program: "bwrap" }, "sandbox.program"],
    [{ write: ["nosuch"] }, "sandbox.write[0]"],
    [{ write: [tmpdir(), "/"] }, "sandbox.write[1]"],
  ])("options such as %j are refused before that", (sandbox, field) => {
    expect(refusal(() => open(sandbox))).toMatchObject({ code: "invalid_input", field });
  });
});
