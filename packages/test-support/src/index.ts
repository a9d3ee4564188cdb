export { programEnvironment } from "./program-environment.ts";
