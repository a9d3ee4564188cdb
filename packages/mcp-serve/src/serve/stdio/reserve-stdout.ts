import { Writable } from "node:stream";

/** Keeps standard output for the protocol: what else this process prints goes to standard error until `restore`. */
export function reserveStdout(): { readonly output: Writable; restore(): void } {
  const { stdout, stderr } = process;
  const own = stdout.write;
  const write = own.bind(stdout);
  // A reader that is gone shows in the callback of the write as well; without a listener it would end the process.
  const onError = (): void => {};
  stdout.on("error", onError);
  stdout.write = stderr.write.bind(stderr);
  const output = new Writable({
    decodeStrings: false,
    write(chunk: string | Uint8Array, _encoding, callback) {
      write(chunk, callback);
    },
  });
  return {
    output,
    restore() {
      stdout.write = own;
      stdout.off("error", onError);
    },
  };
}
