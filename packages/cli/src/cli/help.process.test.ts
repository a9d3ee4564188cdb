import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { cliBench, mainFile } from "../testing/cli-bench.ts";

const runFile = promisify(execFile);

describe("help", () => {
  test("of every command has a description, and examples where there is something to show", async () => {
    using bench = cliBench();
    const { code, stdout } = await bench.run([]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: agentwerk \[options\] \[command\]\n/);
    expect(stdout).toContain("Exit codes:");
    const commands = [...stdout.matchAll(/^ {2}([a-z-]+)(?:\|\w+)? .* {2}\S/gm)].map(([, name = ""]) => name);
    expect(commands).toEqual(expect.arrayContaining(["init", "run", "work", "tickets", "doctor"]));
    for (const command of ["init", "run", "work", "doctor", "stats", "completion"]) {
      const help = await bench.run([command, "--help"]);
      expect(help).toMatchObject({ code: 0, stderr: "" });
      expect(help.stdout).toContain("Examples:\n  agentwerk ");
    }
  });

  test("is shown without loading what commands need", async () => {
    using bench = cliBench();
    const hook = `import { registerHooks } from "node:module";
      registerHooks({ load(url, context, next) { process.stderr.write(url + "\\n"); return next(url, context); } });`;
    const { code, stderr } = await bench.run(["--help"], {
      flags: ["--import", `data:text/javascript,${encodeURIComponent(hook)}`],
    });
    expect(code).toBe(0);
    expect(stderr).toContain("/cli/program.ts");
    expect(stderr).not.toMatch(/packages\/core\/|\/zod\/|clack|jiti|\/yaml\/|string-width/);
  });

  test("of a group without a command goes to standard error, with 2", async () => {
    using bench = cliBench();
    const { code, stdout, stderr } = await bench.run(["tickets"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^Usage: agentwerk tickets /);
  });

  test.each([
    [["help", "tickets", "create"], /^Usage: agentwerk tickets create /],
    [["tickets", "help", "ls"], /^Usage: agentwerk tickets list\|ls /],
    [["help"], /^Usage: agentwerk \[options\]/],
  ])("is also shown by %j", async (argv, usage) => {
    using bench = cliBench();
    const { code, stdout, stderr } = await bench.run(argv);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(usage);
  });

  test.each([
    [["help", "tikets"], "unknown command 'tikets' (did you mean tickets?); see agentwerk --help"],
    [
      ["tickets", "help", "answer"],
      "unknown command 'answer' (did you mean reply?); see agentwerk tickets --help",
    ],
    [["help", "work", "harder"], "unknown command 'harder'; see agentwerk work --help"],
  ])("asked for by %j says that there is no such command", async (argv, told) => {
    using bench = cliBench();
    expect(await bench.run(argv)).toEqual({ code: 2, stdout: "", stderr: `agentwerk: ${told}\n` });
  });

  test.runIf(existsSync("/dev/full"))("that cannot be written is told in one line", async () => {
    using bench = cliBench();
    const command = `'${process.execPath}' --conditions=@agentwerk/source '${mainFile}' --help > /dev/full`;
    const ended = await runFile("bash", ["-c", command], {
      cwd: bench.folder,
      env: bench.environment(),
    }).catch((error: unknown) => error);
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^agentwerk: Standard output cannot be written: ENOSPC.*\n$/),
    });
  });

  test("--version is that of the package", async () => {
    using bench = cliBench();
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    expect(await bench.run(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });
});
