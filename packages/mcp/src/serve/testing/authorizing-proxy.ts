import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * Passes requests on with a bearer token, for clients that cannot send one; all else of them, the `Host` too, is left as
 * it is.
 */
export async function authorizingProxy(options: {
  readonly target: string;
  readonly token: string;
}): Promise<{ readonly url: string; close(): Promise<void> }> {
  const target = new URL(options.target);
  const server = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, authorization: `Bearer ${options.token}` };
    const passed = request(
      { host: target.hostname, port: target.port, path: incoming.url, method: incoming.method, headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        outgoing.flushHeaders();
        answer.pipe(outgoing);
      },
    );
    passed.on("error", () => outgoing.destroy());
    outgoing.on("close", () => passed.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${target.pathname}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
