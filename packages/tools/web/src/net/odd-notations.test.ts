import { hostname } from "node:os";
import { runTool } from "@agentwerk/core/testing";
import { afterAll, expect, it } from "vitest";
import { serve } from "../testing/serve.ts";
import { webFetch } from "../web-fetch.ts";
import { resolveBySystem } from "./guarded-lookup.ts";

const server = await serve((_request, response) => response.end("secret"));
afterAll(() => server[Symbol.asyncDispose]());

/** The system's answer; where it knows none, that of an attacker's name server. */
const tool = webFetch({
  timeout: "5s",
  resolve: (host) => resolveBySystem(host).catch(() => ["127.0.0.1"]),
});

/** `PORT` is that of a server on the loopback. */
it.each([
  "http:127.0.0.1:PORT/",
  "http:/127.0.0.1:PORT/",
  "http:\\\\127.0.0.1:PORT\\",
  "http:/\\127.0.0.1:PORT/",
  "HtTp://0X7F.0.0.1:PORT/",
  "http://127.0.\n0.1:PORT/",
  "http://127.0.0.1\t:PORT/",
  " http://127.0.0.1:PORT/ ",
  "http://①②⑦.⓪.⓪.①:PORT/",
  "http://127｡0｡0｡1:PORT/",
  "http://127.0.0.\u00ad1:PORT/",
  "http://127.0.0.\u200b1:PORT/",
  "http://%31%32%37.0.0.1:PORT/",
  "http://loc%61lhost:PORT/",
  "http://loca\u017fhost:PORT/",
  "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:PORT/",
  "http://localhost.:PORT/",
  "http://foo.localhost:PORT/",
  "http://0x7f.0x0.0x0.0x1:PORT/",
  "http://127.0x00000000000000000001:PORT/",
  "http://00000000:PORT/",
  "http://127.0.0.1..:PORT/",
  "http://.127.0.0.1:PORT/",
  "http://256.256.256.256:PORT/",
  "http://4294967297:PORT/",
  "http://340282366920938463463374607431768211457:PORT/",
  "http://localhost%00.example.com:PORT/",
  "http://127.0.0.1:PORT#@example.com/",
  "http://127.0.0.1:PORT\\@example.com/",
  "http://example.com@127.0.0.1:PORT/",
  "http://@127.0.0.1:PORT/",
  "http://127.0.0.1:00000PORT/",
  "http://[::]:PORT/",
  "http://[0000::1]:PORT/",
  "http://[::ffff:0:127.0.0.1]:PORT/",
  "http://[::1%25lo]:PORT/",
  "http://[::ffff:127.1]:PORT/",
  `http://${hostname()}:PORT/`,
  "view-source:http://127.0.0.1:PORT/",
  "blob:http://127.0.0.1:PORT/x",
  "//127.0.0.1:PORT/",
  "127.0.0.1:PORT/",
  "http://metadata.google.internal/",
  "http://2852039166/",
  "http://192.88.99.1/",
  "http://192.52.193.1/",
  "http://[2001:20::1]/",
  "http://[2620:4f:8000::1]/",
])("%j leads to no private address", async (url) => {
  const returned = await runTool(tool, { url: url.replaceAll("PORT", String(server.port)) });
  expect(returned).toMatchObject({
    kind: "error",
    message: expect.stringMatching(/not on the public internet|is not a URL|Only http and https|user name/),
  });
  expect(server.connections()).toBe(0);
});
