import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { makeServer2025 } from "./server-2025.ts";

await makeServer2025().connect(new StdioServerTransport());
