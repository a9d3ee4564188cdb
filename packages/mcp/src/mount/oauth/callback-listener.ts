import { timingSafeEqual } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import { AgentwerkError } from "@agentwerk/core";

export const callbackPath = "/callback";

/** Time for a person to sign in. */
const patienceMs = 5 * 60_000;

export interface CallbackListener {
  /** The parameters with which the browser came back. */
  readonly returned: Promise<URLSearchParams>;
  close(): void;
}

/**
 * Waits on loopback for the browser to come back with the state that it was sent away with; anything else is refused
 * and changes nothing.
 * @throws AgentwerkError `conflict` when the port is taken.
 */
export async function listenForCallback(options: {
  readonly port: number;
  readonly state: string;
}): Promise<CallbackListener> {
  const { promise: returned, resolve, reject } = Promise.withResolvers<URLSearchParams>();
  // Whoever waits hears of it; nobody may wait yet.
  returned.catch(() => {});
  const server = createServer((request, response) => {
    // Any program of this machine may send anything: what is no address must not throw.
    const url = URL.parse(request.url ?? "/", "http://127.0.0.1");
    const isOurs = request.method === "GET" && url?.pathname === callbackPath;
    if (!isOurs || !isEqual(url.searchParams.get("state") ?? "", options.state)) {
      return answer(response, 400, "This is not the sign-in that agentwerk waits for.");
    }
    if (!url.searchParams.has("code")) {
      reject(failure("the service refused it or the person declined"));
      return answer(response, 400, "The sign-in was not completed. You can close this page.");
    }
    resolve(url.searchParams);
    answer(response, 200, "Signed in. You can close this page.");
  });
  await new Promise<void>((listening, refuse) => {
    server.once("error", (cause) =>
      refuse(
        new AgentwerkError({
          code: "conflict",
          message: `The port ${options.port} of the sign-in is taken; name another as oauth.callbackPort, or try again later.`,
          cause,
        }),
      ),
    );
    server.listen(options.port, "127.0.0.1", listening);
  });
  const timer = setTimeout(() => reject(failure("nobody signed in for 5 minutes")), patienceMs);
  return {
    returned,
    close() {
      clearTimeout(timer);
      reject(failure("it was given up"));
      server.close();
      server.closeIdleConnections();
    },
  };
}

/** A free port of loopback. */
export async function findPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address === "object" && address !== null) return address.port;
  throw new AgentwerkError({ code: "unsupported", message: "The system gave no port for the sign-in." });
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'",
    "cache-control": "no-store",
    connection: "close",
  });
  response.end(`<!doctype html><title>agentwerk</title><p>${text}</p>`);
}

function isEqual(left: string, right: string): boolean {
  const [one, other] = [Buffer.from(left), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function failure(reason: string): AgentwerkError {
  return new AgentwerkError({ code: "aborted", message: `The sign-in was not completed: ${reason}.` });
}
