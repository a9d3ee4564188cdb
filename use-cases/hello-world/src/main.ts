#!/usr/bin/env node
import { runMain } from "@agentwerk/use-cases-shared/run-main";

await runMain("hello-world", () => import("./cli/run-cli.ts"));
