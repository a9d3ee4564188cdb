// The use case with a model that adds one to every sum it writes: the checks have to find out.
import { startSimulatedModel } from "@agentwerk/use-cases-shared";
import { runCli } from "./cli/run-cli.ts";
import { simulated, simulatedReply } from "./model/simulated-model.ts";

process.exitCode = await runCli(process.argv.slice(2), {
  chooseModel: () =>
    startSimulatedModel({
      ...simulated,
      respond: (conversation) => {
        const reply = simulatedReply(conversation);
        if (typeof reply === "string") return reply;
        const toolCalls = reply.toolCalls?.map((call) =>
          call.name === "write_result" ? { ...call, input: withWrongSum(call.input) } : call,
        );
        return { ...reply, toolCalls };
      },
    }),
});

function withWrongSum(input: unknown): unknown {
  const { sum, ...rest } = input as { readonly sum: string };
  return { ...rest, sum: /^\d+$/.test(sum) ? String(BigInt(sum) + 1n) : sum };
}
