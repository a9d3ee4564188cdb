import { readdirSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import type { ToolReturn } from "@agentwerk/core";
import { type RunToolOptions, runTool, toolSuite } from "@agentwerk/core/testing";
import { afterAll, describe, expect, it, vi } from "vitest";
import { makePdf } from "./testing/make-pdf.ts";
import { serve } from "./testing/serve.ts";
import { webFetch } from "./web-fetch.ts";
import type { WebFetchOptions } from "./web-fetch-options.ts";

const paragraph = "All happy families are alike; each unhappy family is unhappy in its own way. ".repeat(5);
const article = `<!doctype html><html><head><title>A &amp; B</title><meta name=robots content="noai">
  <script>steal()</script></head><body><nav><a href="/home">Home</a></nav><main><article><h1>Heading</h1>
  <p>${paragraph}<a href="next?x=1#y">next</a> <a href="javascript:evil()">bad</a></p>
  <table><thead><tr><th>k</th><th>v</th></tr></thead><tbody><tr><td>a</td><td>1</td></tr></tbody></table>
  <pre><code class="language-ts">const x = 1;</code></pre><p>${paragraph}</p></article></main></body></html>`;

const pixel = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.from("the rest")]);

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

function body(type: string, content: string | Buffer, headers: Record<string, string> = {}): Answer {
  return (response) => response.writeHead(200, { "content-type": type, ...headers }).end(content);
}

function redirect(location: string, status = 302): Answer {
  return (response) => response.writeHead(status, { location }).end();
}

const routes: Record<string, Answer> = {
  "/article": body("text/html; charset=utf-8", article, { "x-robots-tag": "noindex", "set-cookie": "a=b" }),
  "/short": body("text/html", "<p>Only <b>this</b>"),
  "/no-body": body("text/html", "<!doctype html>\n<html lang=en>\n<title>Title</title>\n<p>Only <b>this</b>"),
  "/no-body-but-head": body("text/html", "<html><head><title>Title</title></head><p>Only <b>this</b></html>"),
  "/json": body("application/json", '{"a": [1, 2]}'),
  "/text": body("text/plain; charset=iso-8859-1", Buffer.from("caf\xe9", "latin1")),
  "/untyped": (response) => response.end("plain words"),
  "/untyped-html": (response) => response.end("<!DOCTYPE html><p>words</p>"),
  "/sjis": body(
    "text/html",
    Buffer.concat([Buffer.from('<meta charset="shift_jis"><p>'), Buffer.from([0x93, 0xfa, 0x96, 0x7b])]),
  ),
  "/latin-undeclared": body("text/html", Buffer.from("<p>caf\xe9</p>", "latin1")),
  "/utf16": body("text/plain", Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("wörter", "utf16le")])),
  "/wrong-charset": body("text/plain; charset=no-such-thing", "grün"),
  "/pdf": body("application/pdf", makePdf("First page", "Second page")),
  "/pdf-by-look": body("application/octet-stream", makePdf("Looks like one")),
  "/pdf-damaged": body("application/pdf", "%PDF-1.4 nothing"),
  "/image": body("image/png", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0])),
  "/pixel": body("application/octet-stream", pixel),
  "/binary": body("application/octet-stream", Buffer.from([0, 1, 2])),
  "/missing": (response) =>
    response.writeHead(404, { "content-type": "text/html" }).end("<p>Nothing here</p>"),
  "/gzip": body("text/plain", gzipSync("zipped"), { "content-encoding": "gzip" }),
  "/deflate": body("text/plain", deflateSync("deflated"), { "content-encoding": "deflate" }),
  "/brotli": body("text/plain", brotliCompressSync("brotli"), { "content-encoding": "br" }),
  "/bomb": body("text/plain", gzipSync(Buffer.alloc(300_000_000), { level: 1 }), {
    "content-encoding": "gzip",
  }),
  "/unzippable": body("text/plain", "not zipped", { "content-encoding": "gzip" }),
  "/odd-encoding": body("text/plain", "x", { "content-encoding": "gzip, gzip" }),
  "/upgrade": (_, request) => {
    request.socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n");
  },
  "/hostile-encoding": body("text/plain", "x", { "content-encoding": "constructor" }),
  "/short-length": body("text/plain", "0123456789", { "content-length": "4" }),
  "/long-length": (response) => {
    response.writeHead(200, { "content-type": "text/plain", "content-length": "100" });
    response.write("0123456789");
    setTimeout(() => response.destroy(), 20);
  },
  "/endless": (response) => {
    response.writeHead(200, { "content-type": "text/plain" });
    const more = (): void => {
      while (!response.destroyed && response.write("x".repeat(65_536)));
    };
    response.on("drain", more);
    more();
  },
  "/silent": () => {},
  "/drip": (response) => {
    response.writeHead(200, { "content-type": "text/plain" });
    const timer = setInterval(() => response.write("."), 10);
    response.on("close", () => clearInterval(timer));
  },
  "/loop": redirect("/loop"),
  "/moved": redirect("/json", 301),
  "/elsewhere": redirect("http://example.com/page"),
  "/to-loopback": redirect("http://127.0.0.1:9/secret"),
  "/to-metadata": redirect("http://169.254.169.254/latest/meta-data/"),
  "/to-file": redirect("file:///etc/passwd"),
  "/to-credentials": redirect("http://user:pass@example.com/"),
  "/malformed": body(
    "text/html",
    `<html><head><title>T</title><body><p>open <b>bold <i>both</b> rest</i><table><tr><td>cell<div><p>${"</div>".repeat(5)}<<<>>& &amp; &nosuch; <a href=":::">x</a>`,
  ),
  "/deep": body("text/html", `${"<div>".repeat(3_000)}deep words`),
  "/huge": body("text/html", `<html><body>${`<p>${paragraph}</p>`.repeat(9_000)}</body></html>`),
};

const server = await serve((request, response) => {
  const route = routes[(request.url ?? "").split("?", 1)[0] ?? ""];
  if (route === undefined) response.writeHead(404).end();
  else route(response, request);
});
afterAll(() => server[Symbol.asyncDispose]());

async function get(
  path: string,
  options: WebFetchOptions = {},
  input: object = {},
  run: RunToolOptions = {},
): Promise<string> {
  const url = path.startsWith("/") ? server.url + path : path;
  return messageOf(
    await runTool(webFetch({ allowHosts: [server.host], ...options }), { url, ...input }, run),
  );
}

function messageOf(returned: ToolReturn): string {
  return typeof returned === "string"
    ? returned
    : `ERROR ${(returned as { readonly message: string }).message}`;
}

toolSuite({
  name: "web_fetch",
  open: async () => ({ tool: webFetch({ allowHosts: [server.host] }), state: async () => readdirSync(".") }),
  valid: [
    { url: `${server.url}/article` },
    { url: `${server.url}/json`, full: true },
    { url: `${server.url}/elsewhere` },
  ],
  invalid: [{}, { url: "" }, { url: 1 }, { url: server.url, method: "POST" }],
  failing: [
    { url: "no url" },
    { url: "ftp://example.com/" },
    { url: "http://127.0.0.1:1/" },
    { url: `${server.url}/missing` },
    { url: `${server.url}/image` },
  ],
  slow: { url: `${server.url}/silent` },
});

describe("pages", () => {
  it("come as markdown of their main content, with absolute links and what the server says of them", async () => {
    const text = await get("/article");
    expect(text).toMatch(
      /^URL: http.*\/article\nContent-Type: text\/html; charset=utf-8\nTitle: A & B\nRobots: noindex, noai\n\n/,
    );
    expect(text).toContain(`[next](${server.url}/next?x=1#y)`);
    expect(text).toContain("| k   | v   |\n| --- | --- |\n| a   | 1   |");
    expect(text).toContain("```ts\nconst x = 1;\n```");
    expect(text).not.toMatch(/steal|javascript:|Home/);
    expect(await get("/article", {}, { full: true })).toContain(`[Home](${server.url}/home)`);
  });

  it.each([
    ["/short", "Only **this**"],
    ["/json", '{"a": [1, 2]}'],
    ["/text", "café"],
    ["/untyped", "plain words"],
    ["/untyped-html", "words"],
    ["/sjis", "日本"],
    ["/latin-undeclared", "café"],
    ["/utf16", "wörter"],
    ["/wrong-charset", "grün"],
    ["/pdf", "## Page 1 of 2\n\nFirst page\n\n## Page 2 of 2\n\nSecond page"],
    ["/pdf-by-look", "Looks like one"],
    ["/gzip", "zipped"],
    ["/deflate", "deflated"],
    ["/brotli", "brotli"],
    ["/moved", `URL: ${server.url}/json`],
    ["/short-length", "\n\n0123"],
    ["/long-length", "Incomplete: the body broke off: "],
    ["/malformed", "cell"],
    ["/deep", "deep words"],
  ])(
    "%s gives %j",
    async (path, expected) => {
      expect(await get(path)).toContain(expected);
    },
    20_000,
  );

  it.each([
    ["/missing", /^ERROR .* answered with status 404\.[\s\S]*Nothing here/],
    ["/image", /^ERROR .*image\/png of 5 bytes, which is not text/],
    ["/binary", /^ERROR .*octet-stream of 3 bytes/],
    ["/pdf-damaged", /^ERROR The PDF cannot be read/],
    ["/unzippable", /^ERROR The server answered, but the body broke off/],
    ["/upgrade", /^ERROR 127.0.0.1 could not be reached: the connection was closed/],
    ["/hostile-encoding", /^ERROR The server used the unknown encoding "constructor"/],
    ["/odd-encoding", /^ERROR The server used the unknown encoding "gzip, gzip"/],
    ["/to-file", /^ERROR Only http and https/],
    ["/to-credentials", /^ERROR A URL with a user name/],
    ["/loop", /^ERROR .* redirected more than 5 times/],
  ])("%s fails with %s", async (path, expected) => {
    expect(await get(path)).toMatch(expected);
  });

  it("that are images come as images to a model that takes them", async () => {
    const fetched = await runTool(webFetch({ allowHosts: [server.host] }), { url: `${server.url}/pixel` });
    expect(fetched).toMatchObject({
      kind: "content",
      content: [
        { type: "text", text: `URL: ${server.url}/pixel\nContent-Type: image/png` },
        { type: "image", mediaType: "image/png", data: pixel.toString("base64") },
      ],
    });
    expect(await get("/pixel", {}, {}, { accepts: [] })).toMatch(/^ERROR .*which is not text/);
  });

  it("are asked for without cookies, and by name", async () => {
    await get("/article", { userAgent: "me/1" });
    expect(server.requests.at(-1)?.headers).toMatchObject({ "user-agent": "me/1" });
    expect(server.requests.at(-1)?.headers).not.toHaveProperty("cookie");
  });
});

describe("limits", () => {
  it("cut an endless body", async () => {
    const text = await get("/endless", { maxBytes: 10_000 });
    expect(text).toContain("Incomplete: only the first 10000 bytes were read");
    expect(text.length).toBeLessThan(10_500);
  });

  it("stop a decompression bomb at its first bytes", async () => {
    const before = process.memoryUsage().rss;
    expect(await get("/bomb", { maxBytes: 100_000 })).toContain("only the first 100000 bytes");
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
  });

  it.each(["/silent", "/drip"])("end %s in time", async (path) => {
    const startedAt = Date.now();
    expect(await get(path, { timeout: 200 })).toMatch(/did not answer completely within 200 ms/);
    expect(Date.now() - startedAt).toBeLessThan(2_000);
  });

  it("keep huge and deeply nested pages off the event loop", async () => {
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, 20);
    const startedAt = Date.now();
    await get("/deep", { timeout: "20s" });
    await get("/huge", { timeout: "20s" });
    clearInterval(timer);
    expect(Date.now() - startedAt).toBeLessThan(15_000);
    expect(ticks).toBeGreaterThan((Date.now() - startedAt) / 200);
  }, 30_000);
});

describe("a page that leaves out what HTML lets it leave out", () => {
  it.each(["/no-body", "/no-body-but-head"])("is read, %s", async (path) => {
    for (const full of [false, true]) {
      expect(await get(path, {}, { full })).toMatch(/\nTitle: Title\n\nOnly \*\*this\*\*$/);
    }
  });
});

describe("redirects to what is not fetched", () => {
  it("leave no connection open", async () => {
    let isOpen = true;
    await using endless = await serve((_, response) => {
      response.once("close", () => {
        isOpen = false;
      });
      response.writeHead(302, { location: "file:///etc/passwd" }).write("and so on");
    });
    const answer = await get(`${endless.url}/`, { allowHosts: [endless.host] });
    expect(answer).toMatch(/^ERROR Only http and https/);
    await vi.waitFor(() => expect(isOpen).toBe(false), { timeout: 5_000 });
  });
});

describe("redirects to another host", () => {
  it("are reported, not followed", async () => {
    expect(await get("/elsewhere")).toMatch(
      /redirects \(302\) to another host, which was not followed: http:\/\/example.com\/page\n/,
    );
    for (const path of ["/to-loopback", "/to-metadata"]) {
      const count = server.requests.length;
      expect(await get(path)).toContain("not followed");
      expect(server.requests.length).toBe(count + 1);
    }
  });
});
