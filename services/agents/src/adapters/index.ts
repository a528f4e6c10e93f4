import { claudeAdapter } from "./claude.ts";
import { OFFLINE_MODEL, offlineAdapter } from "./offline.ts";
import { openaiAdapter } from "./openai.ts";
import type { Adapter, AdapterName, AdapterSettings } from "./port.ts";

interface AdapterEntry {
  name: AdapterName;
  title: string;
  needsKey: boolean;
  defaultModel: string;
  /** What a settings screen offers; any other name is accepted and tested. */
  models: string[];
  create: (settings: AdapterSettings) => Adapter;
}

/** All adapters. */
export const ADAPTER_CATALOGUE: Record<AdapterName, AdapterEntry> = {
  claude: {
    name: "claude",
    title: "Claude (Anthropic)",
    needsKey: true,
    defaultModel: "claude-sonnet-5-5",
    models: ["claude-sonnet-5-5", "claude-opus-5-5", "claude-haiku-5-5", "claude-fable-5-1"],
    create: claudeAdapter,
  },
  openai: {
    name: "openai",
    title: "OpenAI, or a compatible server",
    needsKey: true,
    defaultModel: "gpt-6.1-sol",
    models: ["gpt-6.1-sol", "gpt-6.1-terra", "gpt-6-luna", "gpt-6-astra"],
    create: openaiAdapter,
  },
  offline: {
    name: "offline",
    title: "Offline drafts (no language model)",
    needsKey: false,
    defaultModel: OFFLINE_MODEL,
    models: [OFFLINE_MODEL],
    create: offlineAdapter,
  },
};
