import { isIP } from "node:net";
import { runTool } from "@agentwerk/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { serve } from "../testing/serve.ts";
import { webFetch } from "../web-fetch.ts";
import { isReachable, parseAddressRules } from "./address-rules.ts";
import { FetchFailure } from "./fetch-failure.ts";
import { bareHost, parseWebUrl } from "./parse-web-url.ts";

const closed = parseAddressRules([], []);

async function fetchUrl(url: string, options: Parameters<typeof webFetch>[0] = {}): Promise<string> {
  const returned = await runTool(webFetch({ timeout: "5s", ...options }), { url });
  return typeof returned === "string" ? returned : (returned as { readonly message: string }).message;
}

describe("addresses", () => {
  it.each([
    "127.0.0.1",
    "127.255.255.254",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "0.0.0.0",
    "0.1.2.3",
    "192.0.0.192",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "168.63.129.16",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2001:0:1::",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "2001:db8::1",
    "100::1",
    "3fff::1",
    "5f00::1",
    "2606:4700::1%eth0",
    "not an address",
    "",
  ])("%j is not reached", (address) => {
    expect(isReachable(address, closed)).toBe(false);
  });

  it.each([
    "1.1.1.1",
    "8.8.8.8",
    "93.184.215.14",
    "172.32.0.1",
    "100.128.0.1",
    "2606:4700::1111",
    "2a00:1450:4001::1",
    "::ffff:8.8.8.8",
  ])("%j is reached", (address) => {
    expect(isReachable(address, closed)).toBe(true);
  });

  it("are opened by range, for IPv4 in IPv6 too", () => {
    const rules = parseAddressRules([], ["10.1.0.0/16", "::1"]);
    expect(["10.1.2.3", "::ffff:10.1.2.3", "::1"].map((address) => isReachable(address, rules))).toEqual([
      true,
      true,
      true,
    ]);
    expect(isReachable("10.2.0.1", rules)).toBe(false);
    expect(() => parseAddressRules([], ["10.0.0.0/99"])).toThrow(
      expect.objectContaining({ field: "allowAddresses[0]" }),
    );
    expect(() => parseAddressRules(["http://x/"], [])).toThrow(
      expect.objectContaining({ field: "allowHosts[0]" }),
    );
  });
});

/** The ways in which a resolver or a browser writes one IPv4 address. */
const notations: readonly ((bytes: readonly [number, number, number, number]) => string)[] = [
  (bytes) => bytes.join("."),
  ([a, b, c, d]) => String(((a * 256 + b) * 256 + c) * 256 + d),
  ([a, b, c, d]) => `0x${(((a * 256 + b) * 256 + c) * 256 + d).toString(16)}`,
  ([a, b, c, d]) => `0${(((a * 256 + b) * 256 + c) * 256 + d).toString(8)}`,
  (bytes) => bytes.map((byte) => `0${byte.toString(8)}`).join("."),
  (bytes) => bytes.map((byte) => `0X${byte.toString(16)}`).join("."),
  (bytes) => bytes.map((byte) => `000000${byte.toString(8)}`).join("."),
  ([a, b, c, d]) => `${a}.${(b * 256 + c) * 256 + d}`,
  ([a, b, c, d]) => `${a}.${b}.${c * 256 + d}`,
  ([a, b, c, d]) => `0x${a.toString(16)}.${b}.0${(c * 256 + d).toString(8)}`,
  (bytes) => `${bytes.join(".")}.`,
  (bytes) => bytes.join("%2e"),
  (bytes) => bytes.join("。"),
  (bytes) =>
    [...bytes.join(".")]
      .map((char) => (/\d/.test(char) ? String.fromCodePoint(0xff10 + Number(char)) : char))
      .join(""),
  (bytes) => `[::ffff:${bytes.join(".")}]`,
  ([a, b, c, d]) => `[::ffff:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}]`,
  ([a, b, c, d]) => `[0:0:0:0:0:FFFF:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}]`,
  (bytes) => `[::${bytes.join(".")}]`,
  (bytes) => `[64:ff9b::${bytes.join(".")}]`,
  ([a, b, c, d]) => `[2002:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}::1]`,
];

const byte = fc.integer({ min: 0, max: 255 });
const privateAddress = fc.oneof(
  fc.tuple(fc.constantFrom(0, 10, 127, 224, 240, 255), byte, byte, byte),
  fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), byte, byte),
  fc.tuple(fc.constantFrom(192), fc.constant(168), byte, byte),
  fc.tuple(fc.constant(169), fc.constant(254), byte, byte),
  fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), byte, byte),
);

describe("no notation of a private address", () => {
  it("passes as a URL", () => {
    fc.assert(
      fc.property(
        privateAddress,
        fc.constantFrom(...notations),
        fc.constantFrom("http", "https", "HTTP"),
        (bytes, write, scheme) => {
          try {
            const host = bareHost(parseWebUrl(`${scheme}://${write(bytes)}:8080/x`));
            // What is no address would be looked up, and what that gives is checked again.
            if (isIP(host.replace(/\.$/, "")) !== 0) expect(isReachable(host, closed)).toBe(false);
            else expect(host).not.toMatch(/^[\d.]+$/);
          } catch (error) {
            expect(error).toBeInstanceOf(FetchFailure);
          }
        },
      ),
      { numRuns: 20_000 },
    );
  });

  it("passes as what a resolver answers", () => {
    fc.assert(
      fc.property(privateAddress, fc.constantFrom(...notations), (bytes, write) => {
        expect(isReachable(write(bytes).replace(/^\[|\]$/g, ""), closed)).toBe(false);
      }),
      { numRuns: 20_000 },
    );
  });
});

describe("any text", () => {
  it("is a URL to fetch or a failure in words", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.webUrl(),
          fc.string(),
          fc.string().map((text) => `http://${text}`),
        ),
        (text) => {
          try {
            const url = parseWebUrl(text);
            expect(url.protocol).toMatch(/^https?:$/);
            expect(url.username + url.password).toBe("");
          } catch (error) {
            expect(error).toBeInstanceOf(FetchFailure);
          }
        },
      ),
      { numRuns: 5_000 },
    );
  });
});

describe("the connection", () => {
  it.each([
    "http://localhost/",
    "http://127.1:PORT/",
    "http://2130706433:PORT/",
    "http://0x7f.1:PORT/",
    "http://[::ffff:127.0.0.1]:PORT/",
    "http://0:PORT/",
    "http://[::1]:PORT/",
    "http://public.example:PORT/",
  ])("to %s is not made", async (url) => {
    await using server = await serve((_request, response) => response.end("secret"));
    const answer = await fetchUrl(
      url.replace("PORT", String(server.port)),
      url.includes("example") ? { resolve: async () => ["127.0.0.1"] } : {},
    );
    expect(answer).toMatch(/is not on the public internet|could not be reached/);
    expect(server.requests).toHaveLength(0);
  });

  it("goes to the address that was checked: a resolver that changes its mind is asked once", async () => {
    await using server = await serve((_request, response) => response.end("secret"));
    const answers = [["203.0.113.1"], ["127.0.0.1"], ["127.0.0.1"]];
    let asked = 0;
    const resolve = async (): Promise<readonly string[]> => answers[asked++] ?? ["127.0.0.1"];
    const text = await fetchUrl(`http://rebind.example:${server.port}/`, {
      resolve,
      allowAddresses: ["203.0.113.1"],
      timeout: 300,
    });
    expect(text).toMatch(/within 300 ms|could not be reached/);
    expect(asked).toBe(1);
    expect(server.requests).toHaveLength(0);
  });

  it("is checked again after each redirect", async () => {
    await using server = await serve((_request, response) =>
      response.writeHead(302, { location: "/again" }).end(),
    );
    let asked = 0;
    const resolve = async (): Promise<readonly string[]> => (asked++ === 0 ? ["127.0.0.1"] : ["10.0.0.1"]);
    const text = await fetchUrl(`http://rebind.example:${server.port}/`, {
      resolve,
      allowAddresses: ["127.0.0.1"],
    });
    expect(text).toContain("rebind.example (10.0.0.1) is not on the public internet");
    expect(server.requests).toHaveLength(1);
  });

  it("is refused when one of several addresses is private", async () => {
    const resolve = async (): Promise<readonly string[]> => ["203.0.113.1", "10.0.0.1"];
    expect(await fetchUrl("http://mixed.example/", { resolve, allowAddresses: ["203.0.113.1"] })).toContain(
      "(10.0.0.1)",
    );
    expect(await fetchUrl("http://empty.example/", { resolve: async () => [] })).toContain("has no address");
  });

  it("is made where the user opened it, by host, port or address", async () => {
    await using server = await serve((_request, response) => response.end("open"));
    const resolve = async (): Promise<readonly string[]> => ["127.0.0.1"];
    expect(
      await fetchUrl(`http://inside.example:${server.port}/`, { resolve, allowHosts: ["inside.example"] }),
    ).toContain("open");
    expect(
      await fetchUrl(`http://inside.example:${server.port}/`, { resolve, allowHosts: ["inside.example:1"] }),
    ).toContain("not on the public");
    expect(await fetchUrl(`http://127.1:${server.port}/`, { allowAddresses: ["127.0.0.0/8"] })).toContain(
      "open",
    );
    expect(
      await fetchUrl(`http://user:pass@127.0.0.1:${server.port}/`, { allowAddresses: ["127.0.0.0/8"] }),
    ).toContain("user name or password");
  });
});
