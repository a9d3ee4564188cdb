import { TicketSystem } from "@agentwerk/core";
import { calls, type ScriptStep, says, scriptedProvider, writesResult } from "@agentwerk/core/testing";
import { describe, expect, it } from "vitest";
import { serveHttp2025, serveHttp2026, serveSse2025 } from "../testing/http-servers.ts";
import { mount } from "../testing/mount.ts";
import { program } from "../testing/programs.ts";
import type { ServerConfig } from "./config/server-config.ts";

interface Peer {
  readonly name: string;
  readonly protocol: string;
  readonly config: () => Promise<ServerConfig>;
}

const peers: readonly Peer[] = [
  { name: "1.x over stdio", protocol: "2025-11-25", config: async () => program("server-2025") },
  {
    name: "1.x over Streamable HTTP",
    protocol: "2025-11-25",
    config: async () => ({ url: (await serveHttp2025()).url }),
  },
  {
    name: "1.x over SSE, found out",
    protocol: "2025-11-25",
    config: async () => ({ url: await serveSse2025() }),
  },
  {
    name: "1.x over SSE, named",
    protocol: "2025-11-25",
    config: async () => ({ type: "sse", url: await serveSse2025() }),
  },
  { name: "2.x over stdio", protocol: "2026-07-28", config: async () => program("server-2026") },
  {
    name: "2.x over Streamable HTTP",
    protocol: "2026-07-28",
    config: async () => ({ url: await serveHttp2026() }),
  },
];

/** An agent that makes calls of a mounted server, one a turn, and then finishes. */
async function work(config: ServerConfig, steps: readonly ScriptStep[], rules: Partial<ServerConfig> = {}) {
  const { servers } = await mount({ shop: { ...config, ...rules } as ServerConfig });
  const provider = scriptedProvider(steps);
  const tickets = new TicketSystem();
  tickets.agent({ model: provider.model, role: "You shop.", tools: [servers] });
  const handle = await tickets.task("Shop.");
  const results = await tickets.runDry();
  const last = (): string => JSON.stringify(provider.requests.at(-1)?.messages);
  const question = async (): Promise<string> => {
    const { waiting } = await handle.get();
    return waiting?.for === "reply" ? waiting.question : "";
  };
  const reply = async (text: string): Promise<void> => {
    await tickets.reply(handle, text);
    await tickets.runDry();
  };
  return { servers, provider, tickets, handle, results, last, question, reply };
}

describe.each(peers)("$name", ({ config, protocol }) => {
  it("is mounted, and its tools and resources are used", async () => {
    const { call, servers } = await mount({ shop: await config() });
    expect(await call("shop__add", { a: 2, b: 3 })).toMatchObject({
      content: [
        { type: "text", text: "5" },
        { type: "text", text: '{"sum":5}' },
      ],
    });
    expect(servers.status()).toMatchObject([{ state: "ready", protocol }]);
    expect(JSON.stringify(await call("shop__list_resources", {}))).toContain("doc://readme");
    expect(JSON.stringify(await call("shop__read_resource", { uri: "doc://readme" }))).toContain("Read me.");
    expect(await call("shop__read_resource", { uri: "doc://none" })).toMatchObject({ kind: "error" });
  });

  it("asks a person for a form, whose answers are checked", async () => {
    const { question, reply, last, handle, results } = await work(await config(), [
      calls(["shop__order", {}]),
      writesResult("ordered"),
    ]);
    expect(results.reason).toBe("stalled");
    expect(await question()).toContain('The MCP server "shop" asks: Which shirt?');
    expect(await question()).toContain("- size (one of s | m | l, required)");
    await reply("size: XXL\ncount: 2");
    expect(await question()).toContain("did not fit");
    await reply("Size: M\nCount: 2");
    expect(await handle.result()).toBe("ordered");
    expect(last()).toContain('accept {\\"size\\":\\"m\\",\\"count\\":2}');
  });

  it("is told when the person declines", async () => {
    const { reply, last, handle } = await work(await config(), [
      calls(["shop__order", {}]),
      writesResult("left"),
    ]);
    await reply("decline");
    expect(await handle.result()).toBe("left");
    expect(last()).toContain("decline");
  });

  it("sends a person to a page, which nobody opens for them", async () => {
    const { question, reply, last } = await work(await config(), [
      calls(["shop__pay", {}]),
      writesResult("paid"),
    ]);
    expect(await question()).toContain("Host: pay.example.com");
    expect(await question()).toContain("Address: https://pay.example.com/42?a=b");
    await reply("done");
    expect(last()).toContain("paid: accept");
  });

  it("asks the agent's model only where the configuration lets it", async () => {
    const refused = await work(await config(), [calls(["shop__think", {}]), writesResult("x")]);
    expect(refused.last()).not.toContain("42");
    expect(refused.last()).toContain('"isError":true');

    const { last, provider } = await work(
      await config(),
      [calls(["shop__think", {}]), says("It is 42."), writesResult("x")],
      { sampling: { maxTokens: 50 } },
    );
    expect(last()).toContain("It is 42.");
    expect(JSON.stringify(provider.requests[1]?.messages)).toContain("six by seven");
    expect(provider.requests[1]?.maxOutputTokens).toBe(50);
  });

  it("does not reach a person where the configuration keeps it from that", async () => {
    const { last, results } = await work(await config(), [calls(["shop__pay", {}]), writesResult("x")], {
      elicitation: false,
    });
    expect(results.reason).toBe("drained");
    expect(last()).toMatch(/decline|isError/);
  });

  it("is told the roots of the configuration", async () => {
    const { last } = await work(await config(), [calls(["shop__where", {}]), writesResult("x")], {
      roots: ["/srv/work"],
    });
    expect(last()).toContain("file:///srv/work");
  });
});

describe("a server of the older protocol", () => {
  it("may refuse a call until a person has been to a page", async () => {
    const { question, reply, last } = await work(program("server-2025"), [
      calls(["shop__vault", {}]),
      writesResult("x"),
    ]);
    expect(await question()).toContain("Address: https://vault.example.com/");
    await reply("done");
    expect(last()).toContain("open");
  });

  it("that asks while several calls are under way is refused, and from then on called one at a time", async () => {
    const { servers } = await mount({ shop: { ...program("server-2025"), readOnly: true } });
    const provider = scriptedProvider([
      calls(["shop__order", {}], ["shop__order", {}]),
      calls(["shop__order", {}]),
      writesResult("x"),
    ]);
    const tickets = new TicketSystem();
    tickets.agent({ model: provider.model, role: "You shop.", tools: [servers] });
    const handle = await tickets.task("Shop.");
    await tickets.runDry();
    expect(JSON.stringify(provider.requests[1]?.messages)).toContain("one at a time from now on");
    await tickets.reply(handle, '{"size":"s","count":1}');
    await tickets.runDry();
    expect(await handle.result()).toBe("x");
  });

  it("that lost its sessions is connected to anew, and the call made there", async () => {
    const { url, forget } = await serveHttp2025();
    const { call } = await mount({ shop: { url } });
    await call("shop__add", { a: 1, b: 1 });
    forget();
    expect(JSON.stringify(await call("shop__add", { a: 2, b: 2 }))).toContain('"4"');
  });

  it("may be asked by a person who is there at once, and then nothing runs twice", async () => {
    const { call } = await mount(
      { shop: program("server-2025") },
      { elicit: async ({ question }) => (question.includes("shirt") ? "size: l\ncount: 1" : undefined) },
    );
    expect(JSON.stringify(await call("shop__order", {}))).toContain("order 1");
  });
});
