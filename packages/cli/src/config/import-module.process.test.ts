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
  expect(stderr).toContain("npm install no-such-package-here");
});
