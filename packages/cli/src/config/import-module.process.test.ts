import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cliBench } from "../testing/cli-bench.ts";

const config = `import { defineConfig } from "agentwerk";
export default defineConfig({ agents: [{ name: "ann", role: "You work.", labels: ["work"] }] });
`;

test.each(["agentwerk.config.ts", "agentwerk.config.js"])(
  "%s imports agentwerk also where npx alone has brought it",
  async (name) => {
    using bench = cliBench({ files: { [name]: config } });
    rmSync(join(bench.folder, "node_modules", "agentwerk"), { recursive: true });

    const { code, stdout, stderr } = await bench.run(["tickets", "create", "Audit it", "-l", "work"]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "TICKET-1\n", stderr: "" });
  },
);

test("another package that a configuration imports and that is not there is told with the way to get it", async () => {
  using bench = cliBench({
    files: { "agentwerk.config.ts": `import "no-such-package-here";\nexport default {};\n` },
  });
  const { code, stderr } = await bench.run(["tickets", "list"]);
  expect(code).toBe(2);
  expect(stderr).toBe(
    "agentwerk: agentwerk.config.ts imports no-such-package-here, which is not installed: npm install no-such-package-here\n",
  );
});

test.each([
  [
    "agentwerk.config.ts",
    /^agentwerk: agentwerk\.config\.ts could not be loaded: .+, at agentwerk\.config\.ts:2\n$/,
  ],
  ["agentwerk.config.js", /^agentwerk: .+; node --check agentwerk\.config\.js shows where\n$/],
])("a syntax error of %s is told with the way to its line", async (name, told) => {
  using bench = cliBench({ files: { [name]: "const role = 1;\nconst model = ;\nexport default {};\n" } });
  const { code, stderr } = await bench.run(["tickets", "list"]);
  expect(code).toBe(2);
  expect(stderr).toMatch(told);
});

test("a configuration that waits for ever is told", async () => {
  using bench = cliBench({
    files: { "agentwerk.config.ts": "await new Promise(() => {});\nexport default {};\n" },
  });
  expect(await bench.run(["tickets", "list", "--json"])).toEqual({
    code: 2,
    stdout: "",
    stderr: "agentwerk: agentwerk.config.ts could not be loaded: It waits for something that never comes.\n",
  });
});
