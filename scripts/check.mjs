// npm run check [-- <step>…]: everything that is not a test of behaviour. Each step says one line; a failed one shows
// its output. The outcome is also written to reports/check.json.
import { spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, install, root, toolEnvironment } from "./lib/workspace.mjs";

const colors = process.stdout.isTTY ? "force" : "off";

const vitest = (project) => [
  "vitest",
  "run",
  `--project=${project}`,
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=reports/check-${project}.json`,
];

/** A step with a report is counted by its tests, any other as one. */
const steps = [
  { name: "types", command: ["tsc", "-p", "tsconfig.json"] },
  { name: "lint", command: ["biome", "ci", "--error-on-warnings", `--colors=${colors}`, "."] },
  { name: "unused", command: ["knip", "--no-config-hints"] },
  { name: "workspace", command: vitest("workspace"), report: "check-workspace.json" },
  { name: "packages", command: vitest("packages"), report: "check-packages.json" },
  { name: "examples", command: vitest("examples"), report: "check-examples.json" },
];

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !steps.some((step) => step.name === name));
if (unknown !== undefined) {
  console.error(`There is no check "${unknown}". Choose from: ${steps.map((step) => step.name).join(", ")}`);
  process.exit(2);
}

await install();
await build();
mkdirSync(join(root, "reports"), { recursive: true });

const outcomes = [];
for (const step of steps) {
  if (wanted.length > 0 && !wanted.includes(step.name)) continue;
  if (step.report) rmSync(join(root, "reports", step.report), { force: true });
  const { code, output, seconds } = await run(step.command);
  console.log(`${code === 0 ? "passed" : "FAILED"}  ${step.name}  ${seconds.toFixed(1)} s`);
  if (code !== 0) console.log(`${step.command.join(" ")}\n${output}`);
  outcomes.push({ name: step.name, passed: code === 0, report: step.report });
}
writeFileSync(join(root, "reports", "check.json"), JSON.stringify(outcomes, undefined, 2));
process.exit(outcomes.every((outcome) => outcome.passed) ? 0 : 1);

function run([command, ...args]) {
  const started = performance.now();
  const child = spawn(command, args, {
    cwd: root,
    env: { ...toolEnvironment(), ...(colors === "force" ? { FORCE_COLOR: "1" } : { NO_COLOR: "1" }) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const append = (chunk) => {
    output += chunk;
  };
  child.stdout.setEncoding("utf8").on("data", append);
  child.stderr.setEncoding("utf8").on("data", append);
  return new Promise((resolve) => {
    child.on("error", (error) => append(error.message));
    child.on("close", (code) => resolve({ code, output, seconds: (performance.now() - started) / 1000 }));
  });
}
