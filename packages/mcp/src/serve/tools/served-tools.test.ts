import { describe, expect, test } from "vitest";
import { serveSystem } from "../testing/served-system.ts";
import { servedTools } from "./served-tools.ts";

const read = ["ticket_wait", "ticket_get", "ticket_list"];
const file = ["ticket_file", ...read, "ticket_reply", "ticket_approve", "ticket_cancel"];
const work = [...file, "ticket_claim", "ticket_renew", "ticket_finish", "ticket_release"];

describe("the served tools", () => {
  test.each([
    ["read", read],
    ["file", file],
    ["work", work],
  ] as const)("of profile %s", (profile, names) => {
    const tools = servedTools({ profile, hasKnowledge: false });

    expect(tools.map(({ name }) => name).sort()).toEqual([...names].sort());
  });

  test("each have a title, a short description, schemas of input and output, and annotations", () => {
    const tools = servedTools({ profile: "work", hasKnowledge: true });

    for (const { listing } of tools) {
      expect(listing.title, listing.name).not.toBe("");
      expect(listing.description.length, listing.name).toBeLessThan(420);
      expect(listing.inputSchema, listing.name).toMatchObject({
        type: "object",
        additionalProperties: false,
      });
      expect(listing.outputSchema, listing.name).toMatchObject({ type: "object" });
      expect(listing.annotations, listing.name).toEqual({
        title: listing.title,
        readOnlyHint: expect.any(Boolean),
        destructiveHint: expect.any(Boolean),
        idempotentHint: expect.any(Boolean),
        openWorldHint: expect.any(Boolean),
      });
    }
    expect(tools).toHaveLength(13);
  });

  test.each(["legacy", "modern"] as const)("are narrowed to a principal's own profile, %s", async (era) => {
    await using system = await serveSystem({ principals: [{ name: "reader", profile: "read" }] });
    const { client, call } = await system.connect({ era, name: "reader" });

    expect((await client.listTools()).tools.map(({ name }) => name).sort()).toEqual([...read].sort());
    await expect(call("ticket_file", { task: "no" })).rejects.toThrow("There is no tool ticket_file");
  });
});
