import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("who configures servers does not load the SDK before one is needed", async () => {
  const program = `
    import { registerHooks } from "node:module";
    const loaded = [];
    registerHooks({
      load(url, context, next) {
        if (/modelcontextprotocol/.test(url)) loaded.push(url);
        return next(url, context);
      },
    });
    const { mcpServers } = await import("./index.ts");
    await using servers = mcpServers({ mcpServers: { docs: { url: "http://127.0.0.1:9/mcp" } } });
    servers.status();
    const before = loaded.length;
    await servers.open();
    console.log(JSON.stringify({ before, after: loaded.length > 0 }));
  `;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--conditions=@agentwerk/source", "--input-type=module", "--eval", program],
    { cwd: new URL("..", import.meta.url) },
  );

  expect(JSON.parse(stdout)).toEqual({ before: 0, after: true });
});
