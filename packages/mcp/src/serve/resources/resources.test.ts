import { describe, expect, test } from "vitest";
import { echoAgent } from "../testing/agents.ts";
import { serveSystem } from "../testing/served-system.ts";

describe.each(["legacy", "modern"] as const)("resources and prompts, %s", (era) => {
  test("tickets and their results are listed, read and completed", async () => {
    await using system = await serveSystem({ agents: [echoAgent()] });
    const { client, call } = await system.connect({ era });
    await call("ticket_file", { task: "hello", wait_seconds: 30 });

    const { resources } = await client.listResources();
    expect(resources).toMatchObject([{ uri: "ticket://TICKET-1", title: "TICKET-1 done: hello" }]);
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      "ticket://{key}",
      "ticket://{key}/result",
    ]);
    const ticket = await client.readResource({ uri: "ticket://TICKET-1" });
    expect(ticket.contents).toMatchObject([{ text: expect.stringContaining('"result": "HELLO"') }]);
    const result = await client.readResource({ uri: "ticket://TICKET-1/result" });
    expect(result.contents).toMatchObject([{ mimeType: "text/plain", text: "HELLO" }]);
    for (const uri of ["ticket://TICKET-2", "ticket://TICKET-01", "file:///etc/passwd", "knowledge://x"])
      await expect(client.readResource({ uri })).rejects.toThrow(/not found/i);
    const ref = { type: "ref/resource" as const, uri: "ticket://{key}" };
    const { completion } = await client.complete({ ref, argument: { name: "key", value: "ticket-" } });
    expect(completion.values).toEqual(["TICKET-1"]);
  });

  test("the list comes in pages", async () => {
    await using system = await serveSystem({ work: false });
    const { client } = await system.connect({ era });
    await system.tickets.tasks(Array.from({ length: 120 }, (_, index) => ({ task: `task ${index}` })));

    const uris: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await client.listResources(cursor === undefined ? {} : { cursor });
      uris.push(...page.resources.map(({ uri }) => uri));
      cursor = page.nextCursor;
    } while (cursor !== undefined);

    expect(uris).toHaveLength(120);
    expect(new Set(uris).size).toBe(120);
  });

  test("prompts are those of the profile and name what is missing", async () => {
    await using system = await serveSystem({ work: false, profile: "file" });
    const { client } = await system.connect({ era });

    expect((await client.listPrompts()).prompts.map(({ name }) => name)).toEqual([
      "file_ticket",
      "report_tickets",
    ]);
    const { messages } = await client.getPrompt({ name: "file_ticket", arguments: { task: "Tidy up." } });
    expect(messages).toMatchObject([
      { role: "user", content: { text: expect.stringContaining("Tidy up.") } },
    ]);
    await expect(client.getPrompt({ name: "file_ticket" })).rejects.toThrow("needs task");
    await expect(client.getPrompt({ name: "work_next_ticket" })).rejects.toThrow("There is no prompt");
  });
});
