import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { cliBench } from "../testing/cli-bench.ts";

/** A module that is loaded until a signal comes. */
const loading = 'process.stderr.write("loading");\n';
const forEver = `${loading}setInterval(() => {}, 1_000);\nawait new Promise(() => {});\n`;

describe.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s", (signal, code) => {
  test.each(["tickets list", "work", "run hello"])(
    "while %s loads the configuration ends it without a word",
    async (argv) => {
      using bench = cliBench({ files: { "agentwerk.config.ts": forEver } });
      const { child, ended } = bench.start(argv.split(" "));
      await once(child.stderr ?? child, "data");
      child.kill(signal);
      expect(await ended).toEqual({ code, stdout: "", stderr: "loading" });
    },
  );

  test("while the command line itself is loaded does the same", async () => {
    using bench = cliBench({ files: { "agentwerk.config.ts": forEver } });
    const hook = `import { registerHooks } from "node:module";
      registerHooks({ load(url, context, next) {
        if (url.endsWith("/cli/run-cli.ts")) process.kill(process.pid, "${signal}");
        return next(url, context);
      } });`;
    const flags = ["--import", `data:text/javascript,${encodeURIComponent(hook)}`];
    expect(await bench.run(["tickets", "list"], { flags })).toMatchObject({ code, stdout: "" });
  });

  test("while work loads what agents need ends it before any of it has begun", async () => {
    const manifest = '{ "name": "slow", "type": "module", "exports": "./index.js" }';
    const plugin = `${loading}const timer = setInterval(() => {}, 1_000);
      await new Promise((resolve) => process.once("${signal}", resolve));
      clearInterval(timer);
      export default { name: "slow", open: () => process.stderr.write("opened") };\n`;
    using bench = cliBench({
      baseUrl: "http://127.0.0.1:9/v1",
      files: {
        "agentwerk.config.json": '{ "plugins": ["slow"], "agents": [{ "role": "x" }] }',
        "node_modules/slow/package.json": manifest,
        "node_modules/slow/index.js": plugin,
      },
    });
    const { child, ended } = bench.start(["work"]);
    await once(child.stderr ?? child, "data");
    child.kill(signal);
    expect(await ended).toEqual({ code, stdout: "", stderr: "loading" });
  });
});
