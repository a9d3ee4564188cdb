import { expect, test } from "vitest";
import { cliBench } from "../../testing/cli-bench.ts";

test("tools list shows who has what, with schemas and about what they cost", async () => {
  using bench = cliBench({
    files: {
      "agentwerk.config.json":
        '{ "knowledge": "./k", "agents": [{ "name": "a", "role": "x", "tools": ["read_file"] }] }',
    },
  });
  const { stdout, stderr } = await bench.run(["tools", "list", "--schemas"]);
  expect(stdout).toMatch(/^tool +agents +does +tokens +description\n/);
  expect(stdout).toMatch(/^knowledge +a +writes +\d+ /m);
  expect(stdout).toMatch(/^read_file +a +reads +\d+ /m);
  expect(stdout).toContain('"path"');
  expect(stderr).toMatch(/^About \d+ tokens in all;/);
  expect((await bench.run(["tools", "list", "-a", "b"])).code).toBe(2);
});
