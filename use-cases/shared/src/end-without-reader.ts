/**
 * `… | head` closes the pipe early; that is no error of ours. A terminal that was closed takes no more, and SIGHUP tells so.
 */
export function endWithoutReader(stream: NodeJS.WriteStream, program: string): void {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EIO" && stream.isTTY) return;
    if (error.code !== "EPIPE" && stream === process.stdout) {
      process.stderr.write(`${program}: Standard output cannot be written: ${error.message}\n`);
    }
    process.exit(1);
  });
}
