export { programEnvironment } from "@agentwerk/test-support";
