import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ToolReturn } from "@agentwerk/core";
import { runTool, toolSuite } from "@agentwerk/core/testing";
import { afterAll, describe, expect, it, vi } from "vitest";
import { bash } from "./bash.ts";

const dir = mkdtempSync(join(tmpdir(), "agentwerk-bash-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const tool = bash({ unrestricted: true });

async function run(command: string, more: object = {}, signal?: AbortSignal): Promise<string> {
  return messageOf(await runTool(tool, { command, ...more }, { dir, signal }));
}

function messageOf(returned: ToolReturn): string {
  return typeof returned === "string" ? returned : (returned as { readonly message: string }).message;
}

function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}

toolSuite({
  name: "bash",
  open: async () => ({ tool: bash({ allow: ["echo *", "sleep *", "false"] }), options: { dir } }),
  valid: [{ command: "echo hello" }, { command: "false" }, { command: "echo a; echo b", timeout_ms: 5_000 }],
  invalid: [
    {},
    { command: "" },
    { command: 1 },
    { command: "echo a", timeout_ms: 0 },
    { command: "echo a", timeout_ms: 600_001 },
    { command: "echo a", cwd: "/" },
  ],
  failing: [{ command: "rm -rf x" }, { command: "echo $(" }, { command: "sleep 9", timeout_ms: 50 }],
  slow: { command: "sleep 60" },
});

describe("what comes back", () => {
  it("is both streams in the order they were written", async () => {
    expect(await run("echo 1; echo 2 >&2; echo 3; echo 4 >&2")).toBe("1\n2\n3\n4");
  });

  it.each([
    ["true", "(no output, exit code 0)"],
    ["exit 3", "[exit code 3]"],
    ["echo x; exit 1", "x\n[exit code 1]"],
    ["nosuchcommand", expect.stringMatching(/nosuchcommand: command not found\n\[exit code 127\]/)],
    ["kill -9 $$", "[ended by SIGKILL]"],
    ["cat", "(no output, exit code 0)"],
    ["printf '\\033[31mred\\033[0m\\r\\n'", "red"],
    ["printf 'a\\0b'", "[binary output of 3 bytes, not shown]"],
    [
      "head -c 5000 /dev/urandom | tr '[:print:]' '\\377'",
      expect.stringMatching(/binary output of \d+ bytes/),
    ],
    ["printf 'grün\\n日本'", "grün\n日本"],
  ])("of %j is %j", async (command, expected) => {
    expect(await run(command)).toEqual(expected);
  });

  it("keeps head and tail of long output, and says how much is missing", async () => {
    const small = bash({ unrestricted: true, maxOutput: 1_000 });
    const text = messageOf(await runTool(small, { command: "seq 1 100000; exit 7" }, { dir }));
    expect(text).toMatch(/^1\n2\n3\n/);
    expect(text).toMatch(/\[… 587895 bytes left out …\]\n/);
    expect(text).toMatch(/99999\n100000\n\[exit code 7\]$/);
    expect(text.length).toBeLessThan(1_100);
  });

  it("is bounded in memory and time when output does not end", async () => {
    expect(await run("yes", { timeout_ms: 500 })).toMatch(/left out[\s\S]*time limit of 500 ms/);
  });
});

describe("the environment", () => {
  it("holds where things are, and no secrets", async () => {
    vi.stubEnv("OPENAI_API_KEY", "sk-secret");
    vi.stubEnv("BASH_ENV", "/nowhere");
    vi.stubEnv("PATH", `.:node_modules/.bin:${process.env.PATH}`);
    const names = (await run("env")).split("\n").map((line) => line.split("=", 1)[0]);
    vi.unstubAllEnvs();
    expect(new Set(names)).toEqual(
      new Set([
        "PATH",
        "HOME",
        "LANG",
        "TERM",
        "GIT_EDITOR",
        "PWD",
        "SHLVL",
        "_",
        ...(process.env.TMPDIR ? ["TMPDIR"] : []),
      ]),
    );
    expect(await run("echo $PATH")).not.toMatch(/(^|:)[^/]/);
  });

  it("holds what the options name", async () => {
    const named = bash({ unrestricted: true, env: { CI: "1", LANG: "C" } });
    expect(await runTool(named, { command: "echo $CI $LANG $TERM" }, { dir })).toBe("1 C dumb");
  });

  it("is the agent's directory", async () => {
    expect(await run("pwd -P")).toContain("agentwerk-bash-");
    expect(await runTool(tool, { command: "true" }, { dir: join(dir, "gone") }).catch(String)).toMatchObject({
      kind: "error",
    });
  });
});

describe("the end of a command", () => {
  it("is the end of everything that it started", async () => {
    const startedAt = Date.now();
    const text = await run(
      "sleep 300 & echo $!; (sleep 301 & echo $!) ; (trap '' TERM; sleep 302) & echo $!",
    );
    expect(text).toContain("[processes in the background were ended]");
    expect(Date.now() - startedAt).toBeLessThan(4_000);
    // The signal is sent; a busy machine may take a moment to carry it out.
    await vi.waitFor(() => {
      for (const pid of text.match(/^\d+$/gm) ?? []) expect(isRunning(Number(pid))).toBe(false);
    });
  });

  it("comes at the time limit, also for what ignores SIGTERM", async () => {
    const startedAt = Date.now();
    const text = await run("trap '' TERM; echo $$; while :; do sleep 1; done", { timeout_ms: 300 });
    expect(text).toMatch(/^\d+\n\[time limit of 300 ms reached/);
    expect(Date.now() - startedAt).toBeLessThan(4_500);
    await vi.waitFor(() => expect(isRunning(Number.parseInt(text, 10))).toBe(false));
  });

  it("comes with the signal, and takes the whole tree along", async () => {
    const controller = new AbortController();
    const running = run("echo $$ > pid; sleep 303 | sleep 304", {}, controller.signal).catch(
      (error) => error,
    );
    await vi.waitFor(() => expect(readFileSync(join(dir, "pid"), "utf8")).toMatch(/\d\n/));
    controller.abort(new Error("enough"));
    expect(await running).toMatchObject({ message: "enough" });
    const group = readFileSync(join(dir, "pid"), "utf8").trim();
    await vi.waitFor(async () =>
      expect(await run(`ps -o stat= -g ${group} | grep -v Z; true`)).not.toMatch(/[SR]/),
    );
  });

  it("does not wait for one who left the group with the pipes in hand", async () => {
    const startedAt = Date.now();
    const text = await run("setsid sh -c 'echo $$; exec sleep 20' & sleep 0.3; echo done");
    expect(text).toContain("done");
    expect(Date.now() - startedAt).toBeLessThan(3_000);
    process.kill(Number(/^\d+$/m.exec(text)?.[0]), "SIGKILL");
  });

  it("has happened when the signal was aborted before", async () => {
    await expect(run("touch never", {}, AbortSignal.abort(new Error("before")))).rejects.toThrow("before");
    expect(await run("ls never")).toContain("exit code");
  });
});

describe("redirections to files", () => {
  const confined = bash({ allow: ["echo *"], redirect: ["out/*", "link", "plain"] });

  it("do not follow a link out of the directory", async () => {
    symlinkSync(tmpdir(), join(dir, "out"));
    symlinkSync(join(tmpdir(), "agentwerk-nowhere"), join(dir, "link"));
    writeFileSync(join(dir, "plain"), "");
    for (const file of ["out/x", "link"]) {
      const answer = await runTool(confined, { command: `echo x > ${file}` }, { dir });
      expect(answer).toMatchObject({ kind: "error", message: expect.stringContaining("leads out of") });
    }
    expect(await runTool(confined, { command: "echo x > plain" }, { dir })).toBe("(no output, exit code 0)");
  });
});

describe("options", () => {
  it.each([
    [{ unrestricted: true, allow: ["ls"] }, "unrestricted"],
    [{ unrestricted: true, denyFlags: {} }, "unrestricted"],
    [{ timeout: "11m" }, "timeout"],
    [{ timeout: 0 }, "timeout"],
    [{ maxOutput: 10 }, "maxOutput"],
  ] as const)("refuse %j", (options, field) => {
    expect(() => bash(options)).toThrow(expect.objectContaining({ code: "invalid_input", field }));
  });

  it("tell the model what is allowed", () => {
    const { description } = bash({ allow: ["git log *"], deny: ["git push *"], redirect: ["out/*"] });
    expect(description).toContain("`git log *`");
    expect(description).toContain("Never: `git push *`.");
    expect(description).toContain("`out/*`");
    expect(bash().description).toContain("No command is allowed.");
    expect(bash({ readOnly: true })).toMatchObject({ readOnly: true, destructive: false });
  });
});
