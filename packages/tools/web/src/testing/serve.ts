import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TestCertificate } from "./make-certificate.ts";

export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly requests: IncomingMessage[];
  /** How often somebody connected, before any TLS. */
  connections(): number;
}

/** An HTTP server on a free port of the loopback; with a certificate an HTTPS server. */
export async function serve(listener: RequestListener, certificate?: TestCertificate): Promise<TestServer> {
  const requests: IncomingMessage[] = [];
  const answer: RequestListener = (request, response) => {
    requests.push(request);
    listener(request, response);
  };
  const server =
    certificate === undefined ? createServer(answer) : createSecureServer({ ...certificate }, answer);
  let connections = 0;
  server.on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const host = `127.0.0.1:${port}`;
  return {
    url: `${certificate === undefined ? "http" : "https"}://${host}`,
    host,
    port,
    requests,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
