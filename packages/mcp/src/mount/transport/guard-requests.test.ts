import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { describe, expect, it } from "vitest";
import { guardRequests } from "./guard-requests.ts";

/** A `fetch` that answers by address, and the addresses that it was asked for. */
function recorder(locations: Readonly<Record<string, string>> = {}): {
  readonly asked: string[];
  readonly keys: (string | null)[];
  readonly fetch: (url: string | URL, init?: RequestInit) => Promise<Response>;
} {
  const asked: string[] = [];
  const keys: (string | null)[] = [];
  return {
    asked,
    keys,
    async fetch(url, init) {
      asked.push(String(url));
      keys.push(new Headers(init?.headers).get("X-Key"));
      const location = locations[String(url)];
      return location === undefined
        ? new Response("ok")
        : new Response(null, { status: 302, headers: { Location: location } });
    },
  };
}

const outside = new URL("https://203.0.113.7/mcp");

describe("a server on the internet", () => {
  it.each([
    "http://127.0.0.1:8080/admin",
    "http://127.1/",
    "http://2130706433/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:169.254.169.254]/",
    "http://169.254.169.254/latest/meta-data",
    "https://10.0.0.1/",
    "https://192.168.1.1/",
    "http://[fd00::1]/",
    "http://[fe80::1]/",
    "http://localhost/",
    "file:///etc/passwd",
  ])("cannot send us to %s", async (url) => {
    const { asked, fetch } = recorder();
    await expect(guardRequests(fetch, outside)(url)).rejects.toThrow("nothing was sent there");
    expect(asked).toEqual([]);
  });

  it("names its sign-in elsewhere on the internet", async () => {
    const { asked, fetch } = recorder();
    await guardRequests(fetch, outside)("https://203.0.113.9/.well-known/oauth-authorization-server");
    expect(asked).toHaveLength(1);
  });

  it("redirects us on the internet, where a key for it does not follow, not inside, and not for ever", async () => {
    const { asked, keys, fetch } = recorder({
      "https://203.0.113.7/a": "/b",
      "https://203.0.113.7/b": "https://203.0.113.9/c",
      "https://203.0.113.9/c": "http://127.0.0.1/d",
      "https://203.0.113.7/loop": "/loop",
    });
    const guarded = guardRequests(fetch, outside);
    await expect(guarded("https://203.0.113.7/a", { headers: { "X-Key": "secret" } })).rejects.toThrow(
      "127.0.0.1",
    );
    expect(asked).toEqual(["https://203.0.113.7/a", "https://203.0.113.7/b", "https://203.0.113.9/c"]);
    expect(keys).toEqual(["secret", "secret", null]);
    expect((await guarded("https://203.0.113.7/loop")).status).toBe(302);
    expect(asked.length).toBeLessThan(15);
  });
});

it("a message goes on within its server as it is, and nowhere else", async () => {
  await using server = await listen((request, response) => {
    const { url = "" } = request;
    const moved = { "/mcp": "/mcp/", "/away": "http://localhost:1/mcp", "/get": "/mcp/" }[url];
    if (moved !== undefined) response.writeHead(url === "/get" ? 302 : 307, { location: moved }).end();
    else request.setEncoding("utf8").on("data", (body: string) => response.end(`${url} ${body}`));
  });
  const guarded = guardRequests(fetch, new URL(server.url));
  const post = (path: string): Promise<Response> =>
    guarded(`${server.url}${path}`, { method: "POST", body: "message" });
  expect(await (await post("/mcp")).text()).toBe("/mcp/ message");
  expect((await post("/away")).status).toBe(307);
  expect((await post("/get")).status).toBe(302);
});

it("a server of this machine has its sign-in on this machine", async () => {
  const { asked, fetch } = recorder();
  await guardRequests(fetch, new URL("http://localhost:3000/mcp"))("http://127.0.0.1:4000/authorize");
  expect(asked).toHaveLength(1);
});

async function listen(handler: RequestListener): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(handler).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
