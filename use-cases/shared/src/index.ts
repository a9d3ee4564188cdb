export {
  type ChooseModelOptions,
  type ChosenModel,
  chooseModel,
  type SimulatedModelOptions,
  startSimulatedModel,
} from "./choose-model.ts";
export { describeDetail, describeRecovery } from "./describe-event.ts";
export { endQuietlyWithoutReader } from "./end-quietly-without-reader.ts";
export { count, fitLine, formatCost, groupDigits, toOption, toSeconds } from "./format.ts";
export { type Interrupts, listenForInterrupts } from "./interrupts.ts";
export { quietSqliteWarning } from "./quiet-sqlite-warning.ts";
export { readPrompts } from "./read-prompts.ts";
export { StreamSanitizer, sanitize, sanitizeLine } from "./sanitize.ts";
export { StatusLine } from "./status-line.ts";
export { type Tally, TallyCounter } from "./tally.ts";
export { type Colour, openTerminal, type Terminal } from "./terminal.ts";
export { parseCount, parseStrictly, UsageError } from "./usage-error.ts";
export { type FailedRequest, watchForFailedRequest, workEvents } from "./watch-work.ts";
