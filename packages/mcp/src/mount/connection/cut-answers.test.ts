import type { ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { listen } from "../../testing/http-servers.ts";
import { mount } from "../../testing/mount.ts";

type End = (response: ServerResponse) => void;

/** A server of one tool over HTTP, of either protocol, that answers calls with a stream and then does something else. */
async function serve(
  version: string,
  end: End,
): Promise<{ readonly url: string; readonly calls: () => number }> {
  let calls = 0;
  const facts = { capabilities: { tools: {} }, serverInfo: { name: "cut", version: "1" } };
  const rest = { resultType: "complete", ttlMs: 0, cacheScope: "private" };
  const answer = (method: string): object | undefined => {
    if (method === "initialize") return { protocolVersion: version, ...facts };
    if (method === "server/discover" && version > "2026")
      return { supportedVersions: [version], ...facts, ...rest };
    if (method === "tools/list")
      return { tools: [{ name: "work", inputSchema: { type: "object" } }], ...rest };
    return undefined;
  };
  const url = await listen(async (request, response) => {
    if (request.method !== "POST") return void response.writeHead(405).end();
    const { id, method } = JSON.parse(await text(request)) as { id?: number; method: string };
    if (id === undefined) return void response.writeHead(202).end();
    if (method === "tools/call") {
      calls++;
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(
        'data: {"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":1}}\n\n',
        () => end(response),
      );
      return;
    }
    const result = answer(method);
    const message = result === undefined ? { error: { code: -32601, message: "unknown" } } : { result };
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ jsonrpc: "2.0", id, ...message }));
  });
  return { url: `${url}/mcp`, calls: () => calls };
}

const ends: readonly [string, End][] = [
  ["ends", (response) => response.end()],
  ["breaks", (response) => response.destroy()],
];

describe.each(["2025-11-25", "2026-07-28"])("a call by %s whose stream", (version) => {
  it.each(ends)("%s without an answer is told at once, and its effect is not known", async (_name, end) => {
    const { url, calls } = await serve(version, end);
    const { call } = await mount({ cut: { url } });

    expect(await call("cut__work", {})).toMatchObject({
      kind: "error",
      message: expect.stringMatching(/stream ended without an answer.*check before you call it again/),
    });
    expect(calls()).toBe(1);
  });

  it("ends early is made again where it only reads", async () => {
    const { url, calls } = await serve(version, (response) => response.end());
    const { call } = await mount({ cut: { url, readOnly: true } });

    expect(JSON.stringify(await call("cut__work", {}))).toContain("cut failed 3 times");
    expect(calls()).toBe(3);
  });
});
