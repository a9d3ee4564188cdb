// The last line of .ci/run: "N passed, N failed", with ", N skipped" if there are any. Takes the exit codes of
// `npm test` and `npm run check`, and counts from the reports that these two wrote.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./lib/workspace.mjs";

const [testCode, checkCode] = process.argv.slice(2).map(Number);

const groups = [countTests("test.json", testCode === 0)];
const steps = readReport("check.json");
if (steps === undefined) groups.push({ passed: 0, failed: 1, skipped: 0 });
for (const { passed, report } of steps ?? []) {
  groups.push(
    report ? countTests(report, passed) : { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 },
  );
}

const sum = (key) => groups.reduce((total, group) => total + group[key], 0);
const total = { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
if (total.failed === 0 && (testCode !== 0 || checkCode !== 0)) total.failed = 1;

const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exit(total.failed === 0 ? 0 : 1);

/** A run that failed without a failed test, such as a file that does not load, counts as one failure. */
function countTests(file, succeeded) {
  const report = readReport(file);
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const failed = report.numFailedTests;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !succeeded ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(join(root, "reports", file), "utf8"));
  } catch {
    return undefined;
  }
}
