/** Runs a user's code with its output on standard error: standard output is for what a command was asked for. */
export async function spareStdout<Result>(run: () => Promise<Result>): Promise<Result> {
  const { stdout, stderr } = process;
  const { write } = stdout;
  stdout.write = stderr.write.bind(stderr);
  try {
    return await run();
  } finally {
    stdout.write = write;
  }
}
