import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { type CliBench, cliBench } from "../../testing/cli-bench.ts";
import { pluginKinds } from "./create-plugin-command.ts";

const runFile = promisify(execFile);
const workspace = fileURLToPath(new URL("../../../../../", import.meta.url));

/** What the templates need, as `npm install` would bring it: links to the workspace, with its sources in view. */
function install(folder: string): void {
  const places: Readonly<Record<string, string>> = {
    "@agentwerk/core": "packages/core",
    "@agentwerk/llm-simulator": "packages/llm-simulator",
    "@agentwerk/openai": "packages/providers/openai",
    "@types/node": "node_modules/@types/node",
    "fast-check": "packages/core/node_modules/fast-check",
    vitest: "node_modules/vitest",
  };
  for (const [name, place] of Object.entries(places)) {
    const link = join(folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(realpathSync(join(workspace, place)), link, "junction");
  }
  const conditions = `["@agentwerk/source", "module", "node", "development|production"]`;
  writeFileSync(
    join(folder, "vitest.config.mjs"),
    `export default { ssr: { resolve: { conditions: ${conditions} } } };\n`,
  );
}

async function create(bench: CliBench, kind: string, name: string): Promise<string> {
  const { code, stdout, stderr } = await bench.run(["create-plugin", kind, name]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const folder = join(bench.folder, name.split("/").at(-1) ?? "");
  expect(stdout).toMatch(/\nNext:\n {2}cd \S+\n {2}npm install\n {2}npm test\n$/);
  return folder;
}

describe("create-plugin", () => {
  test.each(pluginKinds)(
    "%s writes a plugin whose types and tests are right as they are",
    async (kind) => {
      using bench = cliBench();
      const folder = await create(bench, kind, `@acme/agentwerk-my-${kind}`);
      install(folder);
      const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      expect(manifest.keywords).toContain("agentwerk-plugin");
      expect(Object.keys(manifest.peerDependencies)).toContain("@agentwerk/core");
      const sources = [
        "--customConditions",
        "@agentwerk/source",
        "--allowImportingTsExtensions",
        "--pretty",
        "false",
      ];
      const types = await runFile(join(workspace, "node_modules/.bin/tsc"), ["-p", ".", ...sources], {
        cwd: folder,
      }).catch((error) => error);
      expect(types).toEqual({ stdout: "", stderr: "" });
      const vitest = join(workspace, "node_modules/vitest/vitest.mjs");
      const tests = await runFile(
        process.execPath,
        [vitest, "run", "--reporter=json", "--outputFile=report.json"],
        {
          cwd: folder,
          env: bench.environment({ NO_COLOR: "1" }),
        },
      ).catch((error) => error);
      expect(existsSync(join(folder, "report.json")), `${tests.stdout}${tests.stderr}`).toBe(true);
      const report = JSON.parse(readFileSync(join(folder, "report.json"), "utf8"));
      expect(report, tests.stderr).toMatchObject({ success: true, numFailedTests: 0 });
      expect(report.numPassedTests).toBeGreaterThan(0);
    },
    180_000,
  );

  test("a plugin is found by the name of its package", async () => {
    using bench = cliBench({
      files: {
        "agentwerk.config.json":
          '{ "plugins": ["agentwerk-words"], "agents": [{ "name": "a", "role": "x" }] }',
      },
    });
    const folder = await create(bench, "tool", "agentwerk-words");
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    // As if it were built and installed.
    writeFileSync(join(folder, "package.json"), JSON.stringify({ ...manifest, exports: "./src/index.ts" }));
    symlinkSync(folder, join(bench.folder, "node_modules/agentwerk-words"), "junction");
    expect(await bench.json(["tools", "list", "--json"])).toMatchObject([
      { name: "words" },
      { name: "write_result" },
    ]);
  });

  test.each([
    [["tool", "My Tool"], /The name "My Tool" is no package name/],
    [["tool", "agentwerk-1"], /is no package name/],
    [["tools", "x"], /Allowed choices are provider, tool, knowledge, store, events/],
    [["tool", "x", "--dir", "."], /\. is not empty; name another folder with --dir\./],
  ])("%j is refused with 2", async (argv, message) => {
    using bench = cliBench();
    const { code, stderr } = await bench.run(["create-plugin", ...argv]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  test.runIf(existsSync("/proc/self"))("a folder that cannot be made is refused with 2", async () => {
    using bench = cliBench();
    const { code, stderr } = await bench.run(["create-plugin", "tool", "x", "--dir", "/proc/agentwerk/x"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^agentwerk: The folder \/proc\/agentwerk\/x\S* cannot be made: /);
  });
});
