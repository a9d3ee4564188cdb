export {
  type AgentConfig,
  type AgentwerkConfig,
  defineConfig,
  type McpServerConfig,
  type ModelReference,
  type ToolReference,
  type ToolSettings,
} from "./config/config.ts";
