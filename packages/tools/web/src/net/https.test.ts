import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { runTool } from "@agentwerk/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeCertificate } from "../testing/make-certificate.ts";
import { serve, type TestServer } from "../testing/serve.ts";
import { webFetch } from "../web-fetch.ts";
import type { WebFetchOptions } from "../web-fetch-options.ts";

const trusted = makeCertificate({ names: ["site.example", "www.site.example"] });
const expired = makeCertificate({ names: ["site.example"], until: new Date(Date.now() - 3_600_000) });
const unknown = makeCertificate({ names: ["site.example"] });

const usual = getCACertificates("default");
beforeAll(() => setDefaultCACertificates([...usual, trusted.cert, expired.cert]));
afterAll(() => setDefaultCACertificates(usual));

async function fetchUrl(url: string, options: WebFetchOptions = {}): Promise<string> {
  const tool = webFetch({
    timeout: "5s",
    resolve: async () => ["127.0.0.1"],
    allowAddresses: ["127.0.0.1"],
    ...options,
  });
  const returned = await runTool(tool, { url });
  return typeof returned === "string" ? returned : (returned as { readonly message: string }).message;
}

async function serving(certificate = trusted): Promise<TestServer> {
  return serve((request, response) => {
    const location = /^\/to\/(.*)$/.exec(request.url ?? "")?.[1];
    if (location === undefined) response.end("the page");
    else response.writeHead(302, { location: decodeURIComponent(location) }).end();
  }, certificate);
}

describe("a page over HTTPS", () => {
  it("comes when the certificate is trusted and for the host", async () => {
    await using server = await serving();
    for (const host of ["site.example", "www.site.example", "SITE.example", "site.example."]) {
      expect(await fetchUrl(`https://${host}:${server.port}/`), host).toContain("the page");
    }
    expect(server.requests.at(-1)?.headers.host).toBe(`site.example.:${server.port}`);
  });

  it.each([
    [
      "is for another name",
      "other.example",
      trusted,
      /other\.example could not be reached: .*does not match/,
    ],
    [
      "is for a name above",
      "sub.site.example",
      trusted,
      /sub\.site\.example could not be reached: .*does not match/,
    ],
    ["is asked for by address", "127.0.0.1", trusted, /127\.0\.0\.1 could not be reached: .*does not match/],
    [
      "nobody vouches for",
      "site.example",
      unknown,
      /site\.example could not be reached: self-signed certificate/,
    ],
    [
      "is out of date",
      "site.example",
      expired,
      /site\.example could not be reached: certificate has expired/,
    ],
  ])("does not come when the certificate %s", async (_why, host, certificate, expected) => {
    await using server = await serving(certificate);
    expect(await fetchUrl(`https://${host}:${server.port}/`)).toMatch(expected);
    expect(server.requests).toHaveLength(0);
  });

  it("does not come from a server without TLS, nor without HTTPS from one with it", async () => {
    await using plain = await serve((_request, response) => response.end("plain"));
    await using secure = await serving();
    expect(await fetchUrl(`https://site.example:${plain.port}/`)).toMatch(/could not be reached/);
    expect(await fetchUrl(`http://site.example:${secure.port}/`)).toMatch(/could not be reached/);
    expect([...plain.requests, ...secure.requests]).toHaveLength(0);
  });

  it("is redirected on its host, and told of a way out of HTTPS instead of going it", async () => {
    await using server = await serving();
    const base = `https://site.example:${server.port}`;
    expect(await fetchUrl(`${base}/to/%2Fpage`)).toContain("the page");
    const count = server.requests.length;
    const down = `http://site.example:${server.port}/page`;
    expect(await fetchUrl(`${base}/to/${encodeURIComponent(down)}`)).toContain(`was not followed: ${down}`);
    expect(server.requests).toHaveLength(count + 1);
  });
});

describe("over HTTPS too, an address that is not public", () => {
  const closed: WebFetchOptions = { allowAddresses: [] };

  it("is not connected to, by whatever name and whatever its certificate", async () => {
    await using server = await serving();
    for (const host of ["site.example", "127.0.0.1", "0x7f.1", "[::ffff:127.0.0.1]", "[::1]", "localhost"]) {
      expect(await fetchUrl(`https://${host}:${server.port}/`, closed), host).toMatch(
        /is not on the public internet/,
      );
    }
    expect(server.connections()).toBe(0);
  });

  it("is not reached by a resolver that changes its mind: it is asked once for each request", async () => {
    await using server = await serving();
    const answers = [["203.0.113.1"], ["127.0.0.1"], ["127.0.0.1"]];
    let asked = 0;
    const text = await fetchUrl(`https://site.example:${server.port}/`, {
      resolve: async () => answers[asked++] ?? ["127.0.0.1"],
      allowAddresses: ["203.0.113.1"],
      timeout: 300,
    });
    expect(text).toMatch(/within 300 ms|could not be reached/);
    expect(asked).toBe(1);
    expect(server.connections()).toBe(0);
  });

  it("is not reached by a redirect after which the name means another address", async () => {
    await using server = await serving();
    let asked = 0;
    const text = await fetchUrl(`https://site.example:${server.port}/to/%2Fpage`, {
      resolve: async () => (asked++ === 0 ? ["127.0.0.1"] : ["127.0.0.2"]),
    });
    expect(text).toContain("site.example (127.0.0.2) is not on the public internet");
    expect(server.connections()).toBe(1);
  });
});
