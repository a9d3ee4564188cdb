export {
  type Colour,
  openTerminal,
  StreamSanitizer,
  sanitize,
  sanitizeLine,
  type Terminal,
  toJsonLine,
} from "agentwerk/terminal";
export { checkWritableFile, isFolder, makeWritableFolder } from "./check-writable.ts";
export {
  type ChooseModelOptions,
  type ChosenModel,
  chooseModel,
  type SimulatedModelOptions,
  startSimulatedModel,
} from "./choose-model.ts";
export { generalOptions, type Limits, limitOptions, parseLimits, parseName } from "./common-options.ts";
export { describeDetail, describeRecovery } from "./describe-event.ts";
export { count, fitLine, formatBytes, formatCost, groupDigits, toOption, toSeconds } from "./format.ts";
export { escapeHtml, htmlPage } from "./html.ts";
export type { Interrupts } from "./interrupts.ts";
export { parseCount, parseDollars, parseTime } from "./parse-values.ts";
export { readPrompts } from "./read-prompts.ts";
export { type Command, complain, runCommandLine } from "./run-command-line.ts";
export { type InterruptibleRun, runInterruptible } from "./run-interruptible.ts";
export { spreadEvenly } from "./spread-evenly.ts";
export { StatusLine } from "./status-line.ts";
export { type Tally, TallyCounter } from "./tally.ts";
export { type Mark, TicketLog } from "./ticket-log.ts";
export { parseStrictly, UsageError } from "./usage-error.ts";
export { type FailedRequest, watchForFailedRequest, workEvents } from "./watch-work.ts";
export { type WholeFile, writeWhole } from "./write-whole.ts";
