export {
  type Colour,
  openTerminal,
  StreamSanitizer,
  sanitize,
  sanitizeLine,
  type Terminal,
} from "agentwerk/terminal";
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
export { StatusLine } from "./status-line.ts";
export { type Tally, TallyCounter } from "./tally.ts";
export { parseCount, parseStrictly, UsageError } from "./usage-error.ts";
export { type FailedRequest, watchForFailedRequest, workEvents } from "./watch-work.ts";
