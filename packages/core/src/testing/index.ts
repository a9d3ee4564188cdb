export { type EventRecorder, recordEvents } from "./event-recorder.ts";
export { type FakeClock, fakeClock } from "./fake-clock.ts";
export { type KnowledgeSuiteOptions, knowledgeSuite } from "./knowledge-suite.ts";
export { type LiveProviderSuiteOptions, liveProviderSuite } from "./live-provider-suite.ts";
export {
  type BenchSimulator,
  type SimulatorBenchOptions,
  simulatorBench,
} from "./provider/simulator-bench.ts";
export {
  type BenchSettings,
  type FarFault,
  type FarFile,
  type FarMessage,
  type FarReply,
  type FarRequest,
  type FarToolCall,
  type ProviderBench,
  type ProviderSuiteOptions,
  providerSuite,
} from "./provider-suite.ts";
export { type RunToolOptions, runTool } from "./run-tool.ts";
export {
  calls,
  fails,
  type ScriptedProvider,
  type ScriptedReply,
  type ScriptStep,
  says,
  scriptedProvider,
  writesResult,
} from "./scripted-provider.ts";
export { type StoreSuiteOptions, storeSuite } from "./store-suite.ts";
export { type ToolBench, type ToolSuiteOptions, toolSuite } from "./tool-suite.ts";
