import { endOnSignals } from "./end-on-signals.ts";
import { explainOldNode } from "./explain-old-node.ts";

/**
 * Runs a program's command line and sets the exit code. The program is loaded after Node's version was checked: an older
 * Node fails on its imports with a page of text.
 */
export async function runMain(
  program: string,
  load: () => Promise<{ readonly runCli: (argv: readonly string[]) => Promise<number> }>,
): Promise<void> {
  endOnSignals();
  const problem = explainOldNode(program, process.versions.node);
  if (problem === undefined) {
    const { runCli } = await load();
    process.exitCode = await runCli(process.argv.slice(2));
  } else {
    process.stderr.write(`${problem}\n`);
    process.exitCode = 1;
  }
}
