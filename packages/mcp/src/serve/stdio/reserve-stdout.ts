import { Writable } from "node:stream";

let reserved: Writable | undefined;

/**
 * Keeps standard output for the protocol: what else this process prints from now on goes to standard error. Call it
 * before anything that might print is loaded; a second call answers with the same stream.
 */
export function reserveStdout(): Writable {
  reserved ??= reserve();
  return reserved;
}

function reserve(): Writable {
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  // A reader that is gone shows in the callback of the write as well; without a listener it would end the process.
  stdout.on("error", () => {});
  stdout.write = stderr.write.bind(stderr);
  return new Writable({
    decodeStrings: false,
    write(chunk: string | Uint8Array, _encoding, callback) {
      write(chunk, callback);
    },
  });
}
