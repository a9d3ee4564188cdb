import type { ToolReturn } from "@agentwerk/core";
import { describe, expect, it } from "vitest";
import { mount } from "../testing/mount.ts";
import { npmServer } from "../testing/npm-servers.ts";

const everything = npmServer(
  import.meta.resolve("@modelcontextprotocol/server-everything/package.json"),
  "stdio",
);

function blocksOf(returned: ToolReturn): readonly Record<string, unknown>[] {
  return (returned as { content: readonly Record<string, unknown>[] }).content;
}

describe("server-everything over stdio", () => {
  it("is mounted with its tools, resources and prompts", async () => {
    const { tools, servers, reports } = await mount({ all: everything });
    const names = (await tools()).map(({ name }) => name);

    expect(reports).toEqual([]);
    expect(names).toEqual(
      expect.arrayContaining([
        "all__echo",
        "all__get-sum",
        "all__get-tiny-image",
        "all__list_resources",
        "all__read_resource",
        "all__list_prompts",
        "all__get_prompt",
      ]),
    );
    expect(servers.status()).toMatchObject([
      { server: "all", state: "ready", transport: "stdio", protocol: "2025-11-25", quarantined: [] },
    ]);
    expect(await tools()).toBe(await tools());
  });

  it("echoes text, adds numbers, and shows images", async () => {
    const { call } = await mount({ all: everything });

    expect(blocksOf(await call("all__echo", { message: "hello" }))).toEqual([
      { type: "text", text: "Echo: hello" },
    ]);
    expect(JSON.stringify(await call("all__get-sum", { a: 2, b: 3 }))).toContain("5");
    const picture = blocksOf(await call("all__get-tiny-image", {}));
    expect(picture).toContainEqual(expect.objectContaining({ type: "image", mediaType: "image/png" }));
    const withoutEyes = blocksOf(await call("all__get-tiny-image", {}, { accepts: [] }));
    expect(withoutEyes.map(({ type }) => type)).toEqual(["text", "text", "text"]);
    expect(JSON.stringify(withoutEyes)).toContain("image/png");
  });

  it("gives structured content once, and checks it", async () => {
    const { call } = await mount({ all: everything });
    const returned = JSON.stringify(
      blocksOf(await call("all__get-structured-content", { location: "Chicago" })),
    );
    expect(returned.match(/temperature/g)).toHaveLength(1);
    expect(returned).not.toContain("does not fit");
  });

  it("reads resources and prompts", async () => {
    const { call } = await mount({ all: everything });
    const listed = JSON.stringify(await call("all__list_resources", {}));
    expect(listed).toContain("demo://resource/dynamic/text/{resourceId}");
    const read = JSON.stringify(await call("all__read_resource", { uri: "demo://resource/dynamic/text/1" }));
    expect(read).toContain("Resource 1");
    const prompts = JSON.stringify(await call("all__list_prompts", {}));
    expect(prompts).toContain("args-prompt");
    const prompt = await call("all__get_prompt", { name: "args-prompt", arguments: { city: "Ghent" } });
    expect(JSON.stringify(prompt)).toContain("Ghent");
  });

  it("reports progress, and is cancelled by the agent's signal", async () => {
    const { call } = await mount({ all: everything });
    const reports: string[] = [];
    await call(
      "all__trigger-long-running-operation",
      { duration: 0.6, steps: 3 },
      { report: (progress) => void reports.push(progress) },
    );
    expect(reports.length).toBeGreaterThan(0);

    const controller = new AbortController();
    const running = call(
      "all__trigger-long-running-operation",
      { duration: 30, steps: 30 },
      { signal: controller.signal, report: () => controller.abort(new Error("enough")) },
    );
    await expect(running).rejects.toThrow("enough");
  });

  it("has more time for a call that makes progress, up to a ceiling", async () => {
    const name = "all__trigger-long-running-operation";
    const busy = { duration: 6, steps: 12 };
    const patient = await mount({ all: { ...everything, timeout: "3s" } });
    expect(JSON.stringify(await patient.call(name, busy))).toContain("completed");
    const strict = await mount({ all: { ...everything, timeout: "2s", maxTime: "3s" } });
    expect(await strict.call(name, busy)).toMatchObject({
      kind: "error",
      message: expect.stringContaining("did not answer in time"),
    });
  });
});
