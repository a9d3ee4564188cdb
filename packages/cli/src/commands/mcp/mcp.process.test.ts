// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a configuration names variables.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type CliBench, cliBench, mainFile, sourceFlags } from "../../testing/cli-bench.ts";
import { simulatedProjects } from "../../testing/simulated-projects.ts";

const projects = simulatedProjects();

/** The tickets of one folder, mounted as an MCP server for the agents of another. */
function deskProject(tools: readonly string[]): CliBench {
  const desk = {
    command: process.execPath,
    args: [...sourceFlags, mainFile, "mcp", "serve", "-c", "desk/agentwerk.config.json"],
  };
  return cliBench({
    baseUrl: projects.simulator.baseUrl,
    files: {
      "agentwerk.config.json": JSON.stringify({
        mcpServers: { desk: { ...desk, env: { NODE_COMPILE_CACHE: "${NODE_COMPILE_CACHE}" } } },
        agents: [{ name: "clerk", role: "You file tickets.", tools }],
      }),
      "desk/agentwerk.config.json": JSON.stringify({ agents: [{ name: "worker", role: "You work." }] }),
    },
  });
}

describe("mcp", () => {
  test("agents use the tools of a mounted server, all of them or those that are named", async () => {
    using bench = deskProject(["mcp:desk"]);
    const all = await bench.json(["tools", "list", "--json"]);
    expect(all).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: "desk__ticket_file", agents: ["clerk"] })]),
    );
    const { code, stdout } = await bench.run([
      "run",
      'call desk__ticket_file {"task": "over MCP", "wait_seconds": 0}',
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain("TICKET-1");
    expect(await bench.json(["tickets", "list", "--json", "-c", "desk/agentwerk.config.json"])).toMatchObject(
      [{ task: "over MCP", status: "todo" }],
    );

    using some = deskProject(["desk__ticket_list", "desk__nothing"]);
    const { stdout: listed, stderr } = await some.run(["tools", "list", "--json"]);
    expect(JSON.parse(listed)).toMatchObject([{ name: "desk__ticket_list" }, { name: "write_result" }]);
    expect(stderr).toContain("The MCP server desk does not offer desk__nothing;");
  });

  test("whose approvals count is one of two, and told with 2 otherwise", async () => {
    using bench = deskProject([]);
    const { code, stderr } = await bench.run(["mcp", "serve", "--approvals", "anybody"]);
    expect(code).toBe(2);
    expect(stderr).toContain("Allowed choices are trusted, asked;");
    // At the end of its input it ends.
    expect(await bench.run(["mcp", "serve", "--approvals", "asked"])).toMatchObject({ code: 0, stdout: "" });
  });

  test("list shows each server's state, and a dead one with its reason and 1", async () => {
    using bench = deskProject([]);
    expect(await bench.json(["mcp", "list", "--json"])).toMatchObject([
      { server: "desk", state: "ready", transport: "stdio", quarantined: [] },
    ]);
    expect((await bench.run(["mcp", "accept", "desk"])).stdout).toBe("Nothing of desk was kept back.\n");
    bench.write({
      "agentwerk.config.json": '{ "mcpServers": { "dead": { "command": "/no/such/program" } } }',
    });
    const dead = await bench.run(["mcp", "list"]);
    expect(dead.code).toBe(1);
    expect(dead.stdout).toMatch(/dead .*\/no\/such\/program/);
    const unknown = await bench.run(["mcp", "accept", "deed"]);
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining("There is no MCP server") });
  });

  test("doctor starts also the servers that no agent uses, and says so", async () => {
    using bench = deskProject([]);
    const config = JSON.parse(readFileSync(join(bench.folder, "agentwerk.config.json"), "utf8"));
    const { desk } = config.mcpServers;
    const dead = { command: "/no/such/program" };
    const off = { ...dead, disabled: true };
    const write = (tools: readonly string[]): void => {
      const agents = [{ name: "clerk", role: "You file tickets.", tools }];
      const mcpServers = { desk, dead, off };
      bench.write({ "agentwerk.config.json": JSON.stringify({ ...config, mcpServers, agents }) });
    };
    write([]);
    const { code, stdout } = await bench.run(["doctor"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/! mcp servers +desk: ready, \d+ tools; no agent uses it\n +→ add "mcp:desk" to /);
    expect(stdout).toMatch(
      /! mcp servers +dead: failed: .*\/no\/such\/program.*; no agent uses it\n +→ mend /,
    );
    expect(stdout).toMatch(/✓ mcp servers +off: disabled\n/);

    write(["mcp:desk", "dead__tool"]);
    const used = await bench.run(["doctor"]);
    expect(used.stdout).not.toContain("no agent uses it");
    expect(used.stdout).toMatch(/! tools +clerk: .*dead/);
  });

  test("mcpServers can be the file of another program", async () => {
    using bench = deskProject([]);
    const { mcpServers } = JSON.parse(readFileSync(join(bench.folder, "agentwerk.config.json"), "utf8"));
    bench.write({
      "agentwerk.config.json": '{ "mcpServers": ".mcp.json" }',
      ".mcp.json": JSON.stringify({ mcpServers }),
    });
    expect(await bench.json(["mcp", "list", "--json"])).toMatchObject([{ server: "desk", state: "ready" }]);
  });

  test("serve answers a client on standard output with the protocol and nothing else, lets agents work, and ends with its input", async () => {
    using bench = cliBench({
      baseUrl: projects.simulator.baseUrl,
      files: {
        "agentwerk.config.ts": 'console.log("noise");\nexport default { agents: [{ role: "You work." }] };',
      },
    });
    const messages = [
      {
        id: 1,
        method: "initialize",
        params: {
          protocolVersion: "2025-11-25",
          capabilities: {},
          clientInfo: { name: "test", version: "1" },
        },
      },
      { method: "notifications/initialized" },
      {
        id: 2,
        method: "tools/call",
        params: { name: "ticket_file", arguments: { task: "hello", wait_seconds: 0 } },
      },
    ];
    const stdin = messages.map((message) => `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`).join("");
    const { code, stdout, stderr } = await bench.run(["mcp", "serve", "--work"], { stdin });
    expect(code).toBe(0);
    const answers = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(answers).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: 1 }), expect.objectContaining({ id: 2 })]),
    );
    expect(stderr).toContain("noise");
    expect(await bench.json(["tickets", "list", "--json"])).toMatchObject([
      { task: "hello", reporter: "local" },
    ]);
  });

  test("serve --http says where, and an interrupt ends it", async () => {
    using bench = cliBench({ files: { "agentwerk.config.json": '{ "agents": [{ "role": "x" }] }' } });
    bench.write({ "sub/empty": "" });
    const cwd = join(bench.folder, "sub");
    const { child, ended, shows } = bench.start(["mcp", "serve", "--http", "--port", "0"], { cwd });
    await shows("Serving at http://127.0.0.1:");
    child.kill("SIGINT");
    expect(await ended).toMatchObject({
      code: 130,
      stdout: expect.stringMatching(/; the token is in \.\.\/\.agentwerk\/mcp-token\.\n$/),
    });
    expect(existsSync(join(bench.folder, ".agentwerk/mcp-token"))).toBe(true);
    expect(existsSync(join(cwd, ".agentwerk"))).toBe(false);
    const refused = await bench.run(["mcp", "serve", "--port", "1"]);
    expect(refused).toMatchObject({
      code: 2,
      stderr: "agentwerk: --port, --host and --allow-host are for --http.\n",
    });
  });

  test("install adds an entry, keeps the others, and writes over nothing that it does not understand", async () => {
    using bench = cliBench({
      files: {
        "agentwerk.config.json": "{}",
        ".mcp.json": '{ "mcpServers": { "other": { "command": "x" } }, "more": 1 }',
      },
    });
    const read = (file: string): unknown => JSON.parse(readFileSync(join(bench.folder, file), "utf8"));
    const entry = {
      command: "npx",
      args: ["-y", "agentwerk", "mcp", "serve", "--config", "agentwerk.config.json", "--work"],
    };
    expect((await bench.run(["mcp", "install", "--work"])).code).toBe(0);
    expect(read(".mcp.json")).toEqual({ mcpServers: { other: { command: "x" }, agentwerk: entry }, more: 1 });
    expect((await bench.run(["mcp", "install", "--work"])).stdout).toMatch(/has it already\.\n$/);
    expect(read(".mcp.json.before-agentwerk")).toEqual({ mcpServers: { other: { command: "x" } }, more: 1 });
    const asked = await bench.run(["mcp", "install"]);
    expect(asked).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        "has another entry agentwerk already. Replace it? Nobody is there to ask; say so with --yes.",
      ),
    });
    expect(await bench.json(["mcp", "install", "--yes", "--json"])).toMatchObject({ changed: true });
    const shown = await bench.run(["mcp", "install", "vscode", "--dry-run"]);
    expect(shown.stdout).toContain('"servers"');
    expect(existsSync(join(bench.folder, ".vscode"))).toBe(false);
    await bench.run(["mcp", "install", "vscode", "--profile", "read"]);
    expect(read(".vscode/mcp.json")).toMatchObject({
      servers: { agentwerk: { args: expect.arrayContaining(["--profile", "read"]) } },
    });
    bench.write({ ".mcp.json": "// mine" });
    const broken = await bench.run(["mcp", "install"]);
    expect(broken).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("agentwerk mcp install --dry-run"),
    });
    expect(readFileSync(join(bench.folder, ".mcp.json"), "utf8")).toBe("// mine");
  });

  test("install writes no path of this machine into files that are committed, and says where it has to", async () => {
    using bench = cliBench({ files: { "sub/agentwerk.config.json": "{}", "sub/deep/x": "" } });
    const { folder } = bench;
    const install = async (client: string, file: string) => {
      const { stdout } = await bench.run(["mcp", "install", client], { cwd: join(folder, "sub/deep") });
      const { mcpServers, servers = mcpServers } = JSON.parse(readFileSync(join(folder, file), "utf8"));
      const { args } = servers.agentwerk;
      return { config: args[args.indexOf("--config") + 1], stdout };
    };
    expect((await install("claude-code", "sub/.mcp.json")).config).toBe("agentwerk.config.json");
    const inFolder = "${workspaceFolder}/agentwerk.config.json";
    expect((await install("cursor", "sub/.cursor/mcp.json")).config).toBe(inFolder);
    expect((await install("vscode", "sub/.vscode/mcp.json")).config).toBe(inFolder);
    const desktop = await install("claude-desktop", ".config/Claude/claude_desktop_config.json");
    expect(desktop.config).toBe(join(folder, "sub/agentwerk.config.json"));
    expect(desktop.stdout).toContain("by its whole path: Claude Desktop starts it in a folder of its own");
  });

  test("install tells what the server needs to start, and to be found by a client that starts it elsewhere", async () => {
    using bench = cliBench();
    const homeless = await bench.run(["mcp", "install", "claude-desktop"]);
    expect(homeless).toMatchObject({ code: 2, stderr: expect.stringContaining("agentwerk init") });
    bench.write({ "agentwerk.config.json": "{}" });
    rmSync(join(bench.folder, "node_modules"), { recursive: true });
    const { code, stdout } = await bench.run(["mcp", "install", "claude-desktop"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Next: npm install @agentwerk\/mcp\n$/);
  });

  test.runIf(existsSync("/proc/self"))("install into a folder that cannot be made says so", async () => {
    using bench = cliBench({
      files: { "agentwerk.config.json": '{ "agents": [{ "name": "a", "role": "x" }] }' },
    });
    const env = { XDG_CONFIG_HOME: "/proc/agentwerk", HOME: "/proc/agentwerk" };
    const { code, stderr } = await bench.run(["mcp", "install", "claude-desktop"], { env });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^agentwerk: The folder \/proc\/agentwerk\S* cannot be made: /);
  });
});
