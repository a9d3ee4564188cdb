import { storeSuite } from "../../testing/store-suite.ts";
import { memoryStore } from "./memory-store.ts";

storeSuite({ name: "memory", open: async (options) => memoryStore(options) });
