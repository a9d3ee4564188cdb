import { connect } from "node:net";

/** Sends bytes as they are, for what no HTTP client would send; resolves with the answer up to its body. */
export function rawRequest(url: string, parts: Iterable<string | Buffer>): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let answer = "";
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => {
      answer += text;
      if (answer.includes("\r\n\r\n")) socket.destroy();
    });
    // What is sent after the refusal may come back as a reset; the answer has arrived by then.
    socket.on("error", (error) => (answer === "" ? reject(error) : resolve(answer)));
    socket.on("close", () => resolve(answer));
    void (async () => {
      for (const part of parts) {
        if (socket.destroyed || answer !== "") return;
        if (!socket.write(part))
          await new Promise((drained) => socket.once("drain", drained).once("close", drained));
      }
    })();
  });
}

export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
}
