import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { makeServer2026 } from "./server-2026.ts";

serveStdio(makeServer2026, { legacy: "reject" });
