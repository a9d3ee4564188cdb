import type { AgentDefinition } from "../agent/agent-definition.ts";
import { AgentwerkError } from "../errors/agentwerk-error.ts";
import type { Plugin } from "../plugin/plugin.ts";
import type { Model } from "../provider/model.ts";

/** Finds the model that a ticket names: one that a plugin makes, or one that an agent here has. */
export class ModelResolver {
  readonly #plugins: readonly Plugin[];
  readonly #agents: ReadonlyMap<string, AgentDefinition>;
  readonly #made = new Map<string, Model>();

  constructor(options: {
    readonly plugins: readonly Plugin[];
    readonly agents: ReadonlyMap<string, AgentDefinition>;
  }) {
    this.#plugins = options.plugins;
    this.#agents = options.agents;
  }

  /**
   * `anthropic:claude-sonnet-4-5` by a plugin's provider of that name; else the model of an agent, with or without its
   * provider's name before it.
   * @throws AgentwerkError `invalid_input` that says what there is.
   */
  resolve(name: string): Model {
    const known = this.#made.get(name) ?? this.#ofAgent(name);
    if (known !== undefined) return known;
    const [, vendor = "", modelName = ""] = /^([^:]+):(.+)$/.exec(name) ?? [];
    for (const { providers } of this.#plugins) {
      const make =
        providers !== undefined && Object.hasOwn(providers, vendor) ? providers[vendor] : undefined;
      if (make === undefined) continue;
      const model = make(modelName);
      this.#made.set(name, model);
      return model;
    }
    throw new AgentwerkError({
      code: "invalid_input",
      field: "model",
      message: `No model is known here as ${name}; ${this.#offers()} Add the plugin of its provider and write provider:model, or an agent that has it.`,
    });
  }

  #ofAgent(name: string): Model | undefined {
    for (const { model } of this.#agents.values()) {
      if (name === model.name || name === fullName(model)) return model;
    }
    return undefined;
  }

  #offers(): string {
    const vendors = this.#plugins.flatMap(({ providers }) => Object.keys(providers ?? {}));
    const models = [...new Set([...this.#agents.values()].map(({ model }) => fullName(model)))];
    const plugins =
      vendors.length === 0 ? "no plugin here has providers" : `plugins have ${vendors.join(", ")}`;
    return `${plugins}, ${models.length === 0 ? "and there are no agents." : `agents have ${models.join(", ")}.`}`;
  }
}

function fullName({ provider, name }: Model): string {
  return `${provider.name}:${name}`;
}
