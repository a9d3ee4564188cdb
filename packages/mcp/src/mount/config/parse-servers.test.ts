// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the references that are resolved.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryDir } from "../../testing/temporary-dir.ts";
import { mcpServers } from "../mcp-servers.ts";
import { parseServers, readMcpFile } from "./parse-servers.ts";

const env = { TOKEN: "t0ken", EMPTY: "" };

function parse(servers: unknown): unknown {
  return Object.fromEntries(parseServers({ mcpServers: servers }, env));
}

describe("a configuration of servers", () => {
  it("is read as Claude Desktop, Cursor and VS Code write it", () => {
    const stdio = { command: "npx", args: ["-y", "server"], env: { A: "b" }, cwd: "work" };
    expect(parse({ one: stdio })).toEqual({ one: stdio });
    expect(Object.fromEntries(parseServers({ servers: { one: { type: "stdio", ...stdio } } }, env))).toEqual({
      one: { type: "stdio", ...stdio },
    });
    expect(Object.fromEntries(parseServers({ one: stdio }, env))).toEqual({ one: stdio });
    const http = { type: "http", url: "https://example.com/mcp", headers: { a: "b" } };
    expect(parse({ two: { ...http, alwaysAllow: ["x"] } })).toEqual({ two: http });
    expect(Object.keys(parseServers({ servers: { command: "x" } }, env))).toEqual([]);
  });

  it("resolves references to the environment anywhere in an entry", () => {
    expect(
      parse({
        one: {
          command: "${BIN:-node}",
          args: ["--token=${TOKEN}", "${env:TOKEN}"],
          env: { KEY: "${EMPTY:-fallback}", PLAIN: "$TOKEN" },
        },
      }),
    ).toEqual({
      one: {
        command: "node",
        args: ["--token=t0ken", "t0ken"],
        env: { KEY: "fallback", PLAIN: "$TOKEN" },
      },
    });
  });

  it.each([
    [{ one: { command: "x", env: { KEY: "${UNSET}" } } }, "mcpServers.one.env.KEY", "UNSET"],
    [{ one: { command: "x", args: ["${input:token}"] } }, "mcpServers.one.args.0", "VS Code"],
    [{ one: { command: 5 } }, "mcpServers.one.command", "not valid"],
    [{ one: { command: "x", denny: ["a"] } }, "mcpServers.one.denny", "not an option"],
    [{ one: { url: "ftp://example.com" } }, "mcpServers.one.url", "http"],
    [
      { one: { url: "https://example.com", oauth: { scop: "a" } } },
      "mcpServers.one.oauth.scop",
      "not an option",
    ],
    [{ one: { command: "x", timeout: "soon" } }, "mcpServers.one.timeout", "30s"],
    [{ one: {} }, "mcpServers.one", "neither command nor url"],
    [{ one: "npx server" }, "mcpServers.one", "not an object"],
    [{ "": { command: "x" } }, "mcpServers", "without a name"],
  ])("is refused at the door: %j", (servers, field, words) => {
    expect(() => parse(servers)).toThrow(
      expect.objectContaining({
        code: "invalid_input",
        field,
        message: expect.stringContaining(words),
      }),
    );
  });

  it("leaves the references of a disabled server alone", () => {
    expect(parse({ one: { command: "x", args: ["${UNSET}"], disabled: true } })).toMatchObject({
      one: { args: ["${UNSET}"] },
    });
  });

  it("is refused when two keys would give the same names", () => {
    const server = { command: "x" };
    expect(() => mcpServers({ "my server": server, my_server: server })).toThrow(/rename one/);
    expect(() => mcpServers({ a: server, a__b: server })).toThrow(/rename one/);
    // The tool `_b` of the one, and `b` of the other.
    expect(() => mcpServers({ a_: server, a: server })).toThrow(/rename one/);
    expect(mcpServers({ a: server, a_b: server }).status()).toHaveLength(2);
  });

  it("comes from a file, whose faults are named", async () => {
    const path = join(await temporaryDir(), ".mcp.json");
    await expect(readMcpFile(path)).rejects.toMatchObject({ code: "not_found" });
    await writeFile(path, "{");
    await expect(readMcpFile(path)).rejects.toMatchObject({ code: "invalid_input", field: path });
    await writeFile(path, '{"mcpServers":{"one":{"command":"x"}}}');
    expect(mcpServers(await readMcpFile(path)).status()).toMatchObject([{ server: "one", state: "idle" }]);
  });
});
