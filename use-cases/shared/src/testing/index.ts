export { expectEightyColumns, expectRefusal } from "./expect-refusal.ts";
export { programEnvironment } from "./program-environment.ts";
export { programStarter } from "./program-starter.ts";
export { signalWhileModelLoads } from "./signal-while-model-loads.ts";
export { type Ended, type Started, type StartOptions, startProgram } from "./start-program.ts";
