import { execFile } from "node:child_process";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startSimulator } from "@agentwerk/llm-simulator";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("./proxy.program.ts", import.meta.url));

/** A proxy that tunnels, and notes where to. */
async function startProxy(tunnels: string[]): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer();
  server.on("connect", (request, client) => {
    tunnels.push(request.url ?? "");
    const [host = "", port = ""] = (request.url ?? "").split(":");
    const far = connect(Number(port), host, () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      far.pipe(client);
      client.pipe(far);
    });
    far.on("error", () => client.destroy());
    client.on("error", () => far.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test("requests go through the proxy that the environment names, as Node does it", async () => {
  await using simulator = await startSimulator({ script: ["It came through."] });
  const tunnels: string[] = [];
  const { server, url } = await startProxy(tunnels);
  const env = {
    ...process.env,
    NODE_USE_ENV_PROXY: "1",
    HTTP_PROXY: url,
    NO_PROXY: "",
    OPENAI_API_KEY: "any",
    OPENAI_BASE_URL: simulator.baseUrl,
  };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--conditions=@agentwerk/source", program],
    { env },
  );
  server.close();

  expect(stdout).toBe("It came through.");
  expect(tunnels).toEqual([new URL(simulator.baseUrl).host]);
});
