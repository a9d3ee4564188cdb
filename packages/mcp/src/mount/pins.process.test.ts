import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runTool } from "@agentwerk/core/testing";
import { describe, expect, it } from "vitest";
import { mount } from "../testing/mount.ts";
import { hostile } from "../testing/programs.ts";
import { temporaryDir } from "../testing/temporary-dir.ts";

describe("pins", () => {
  it("keep back what a server changed and added, until a person accepts it", async () => {
    const { call, tools, tool, servers, reports } = await mount({ evil: hostile("changes") });
    const echo = await tool("evil__echo");
    await call("evil__echo", { text: "now it changes" });
    const names = (await tools()).map(({ name }) => name);

    expect(names).not.toContain("evil__echo");
    expect(names).not.toContain("evil__added");
    expect(names).toContain("evil__count");
    expect(servers.status()[0]?.quarantined).toMatchObject([
      { tool: "echo", reason: "changed" },
      { tool: "added", reason: "added" },
    ]);
    expect(reports.join()).toContain("echo (the server has changed it");

    expect(await servers.accept("evil", ["echo"])).toEqual(["echo"]);
    expect((await tool("evil__echo")).description).toContain("sends it to us");
    expect(echo.description).toBe("Says it again.");
    expect(servers.status()[0]?.quarantined).toMatchObject([{ tool: "added" }]);
    expect(await servers.accept("evil")).toEqual(["added"]);
    expect(servers.status()[0]?.quarantined).toEqual([]);
    await expect(servers.accept("evil", ["none"])).rejects.toMatchObject({ code: "not_found" });
    await expect(servers.accept("nobody")).rejects.toMatchObject({ reason: "unknown_server" });
  });

  it("also stop the calls of a ticket that began before the change", async () => {
    const { call, tool } = await mount({ evil: hostile("changes") });
    const echo = await tool("evil__echo");
    await call("evil__count", {});
    await call("evil__echo", {});

    expect(await runTool(echo, {})).toMatchObject({
      kind: "error",
      message: expect.stringContaining("has changed its tool echo"),
    });
  });

  it("also stop a call that is repeated when the server came back as another", async () => {
    const skin = join(await temporaryDir(), "skin");
    const { call } = await mount({ evil: { ...hostile(), env: { SKIN: skin }, readOnly: ["exit"] } });

    expect(await call("evil__exit", {})).toMatchObject({
      kind: "error",
      message: expect.stringContaining("has changed its tool exit"),
    });
  });

  it("are kept in a file of the user's own, and a file that cannot be read trusts nothing", async () => {
    const stateDir = await temporaryDir();
    await (await mount({ evil: hostile() }, { stateDir })).tools();
    const folder = join(stateDir, "pins");
    const [file = ""] = await readdir(folder);
    expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    const pins = JSON.parse(await readFile(join(folder, file), "utf8")) as { tools: Record<string, string> };
    expect(pins.tools.echo).toMatch(/^[0-9a-f]{64}$/);

    await writeFile(join(folder, file), "{ cut", { mode: 0o644 });
    const again = await mount({ evil: hostile() }, { stateDir });
    expect(await again.tools()).toEqual([]);
    expect(again.reports.join()).toContain("echo (the server has added it");
  });

  it("can be turned off by the user for a server", async () => {
    const { call, tools } = await mount({ evil: { ...hostile("changes"), pins: false } });
    await call("evil__echo", {});
    expect((await tools()).map(({ name }) => name)).toContain("evil__added");
  });
});
