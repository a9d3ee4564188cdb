import { expect, it } from "vitest";
import { rawRequest, statusOf } from "../../serve/testing/raw-request.ts";
import { findPort, listenForCallback } from "./callback-listener.ts";

it("refuses what is no address, and goes on waiting", async () => {
  const port = await findPort();
  const listener = await listenForCallback({ port, state: "s" });
  const url = `http://127.0.0.1:${port}`;

  for (const target of ["//", "http://", "/callback", "/callback?state=t&code=c", "http://[/callback"]) {
    const answer = await rawRequest(url, [`GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`]);
    expect(statusOf(answer), target).toBe(400);
  }
  expect((await fetch(`${url}/callback?state=s&code=c`)).status).toBe(200);
  expect((await listener.returned).get("code")).toBe("c");
  listener.close();
});
