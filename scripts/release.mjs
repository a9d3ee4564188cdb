// npm run release: publishes every package whose version is not on the registry yet. CI calls it; see release.yml.
import { runProgram } from "./lib/processes.mjs";
import { build, install, root, toolEnvironment } from "./lib/workspace.mjs";

await install();
await build();
await runProgram("changeset", ["publish"], { cwd: root, env: toolEnvironment() });
