import { describe, expect, it } from "vitest";
import { listen } from "../../testing/http-servers.ts";
import { limitResponses } from "./limit-responses.ts";

const limited = limitResponses(fetch, 1_000);

describe("the limit of HTTP answers", () => {
  it("ends a body that is too long, and leaves one that is not", async () => {
    const url = await listen((request, response) => {
      response.setHeader("content-type", "application/json");
      response.end("x".repeat(request.url === "/long" ? 1_000_000 : 900));
    });
    expect(await (await limited(url)).text()).toHaveLength(900);
    await expect(limited(`${url}/long`).then((response) => response.text())).rejects.toThrow(
      /more than 1000 bytes/,
    );
  });

  it("counts the events of a stream one by one", async () => {
    const url = await listen((request, response) => {
      response.setHeader("content-type", "text/event-stream");
      const event = `data: ${"x".repeat(request.url === "/long" ? 2_000 : 500)}\n\n`;
      response.end(event.repeat(50));
    });
    expect(await (await limited(url)).text()).toHaveLength(50 * 508);
    await expect(limited(`${url}/long`).then((response) => response.text())).rejects.toThrow(/more than/);
  });

  it("counts an event of many lines as one, however it comes in", async () => {
    const url = await listen((request, response) => {
      response.setHeader("content-type", "text/event-stream");
      const end = { "/rn": "\r\n", "/r": "\r" }[request.url ?? ""] ?? "\n";
      const line = `data: ${"x".repeat(90)}${end}`;
      for (let number = 0; number < 40; number++) {
        response.write(line.repeat(5));
        // Short events go through: the empty line may come with the next piece.
        if (request.url !== "/long") response.write(end.slice(0, 1)) && response.write(end.slice(1));
      }
      response.end();
    });
    for (const path of ["/n", "/rn", "/r"])
      expect(await (await limited(`${url}${path}`)).text(), path).toContain("data");
    await expect(limited(`${url}/long`).then((response) => response.text())).rejects.toThrow(/more than/);
  });

  it("keeps status, headers and address, and leaves redirects and empty answers alone", async () => {
    const url = await listen((request, response) => {
      if (request.url === "/moved") response.writeHead(307, { location: "/" }).end("moved");
      else response.writeHead(request.url === "/none" ? 204 : 401, { "www-authenticate": "Bearer" }).end();
    });
    const response = await limited(`${url}/x`);
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe("Bearer");
    expect(response.url).toBe(`${url}/x`);
    expect((await limited(`${url}/none`)).status).toBe(204);
    expect((await limited(`${url}/moved`, { redirect: "manual" })).status).toBe(307);
  });
});
