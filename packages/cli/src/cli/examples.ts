/** Text for the end of a command's help: command lines, and what they are for. */
export function formatExamples(examples: readonly (readonly [line: string, meaning: string])[]): string {
  const width = Math.max(...examples.map(([line]) => line.length));
  const lines = examples.map(([line, meaning]) => `  ${`agentwerk ${line}`.padEnd(width + 12)}  ${meaning}`);
  return `\nExamples:\n${lines.join("\n")}`;
}
