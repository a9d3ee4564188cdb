// npm test [-- vitest args]: every test; the results are also written to reports/test.json.
import { runProgram } from "./lib/processes.mjs";
import { build, install, root, toolEnvironment } from "./lib/workspace.mjs";

await install();
await build();
await runProgram(
  "vitest",
  [
    "run",
    "--project=unit",
    "--project=process",
    "--project=alone",
    "--reporter=default",
    "--reporter=json",
    "--outputFile.json=reports/test.json",
    ...process.argv.slice(2),
  ],
  { cwd: root, env: toolEnvironment() },
);
