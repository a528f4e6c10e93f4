/** The adapters a role can work with, in the order of how often they are wanted. */
export const adapters = [
  {
    value: "claude",
    label: "Claude",
    note: "Anthropic's API",
    remote: true,
    model: "the provider's default",
  },
  {
    value: "openai",
    label: "OpenAI",
    note: "or anything that speaks its API",
    remote: true,
    model: "the provider's default",
  },
  { value: "offline", label: "Offline", note: "Labelled drafts without a model", remote: false, model: "" },
] as const;
