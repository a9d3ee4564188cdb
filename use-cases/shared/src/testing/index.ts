export { type Ended, type Started, type StartOptions, startProgram } from "./start-program.ts";
export { withoutProviders } from "./without-providers.ts";
