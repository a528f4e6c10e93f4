import type { OutputSpec, SystemPart, Turn } from "../adapters/port.ts";
import { fenceFor, fenceRule } from "./fence.ts";
import type { ClientContext, Material } from "./material.ts";

export interface SkillText {
  title: string;
  body: string;
}

export interface PromptRole {
  title: string;
  instructions: string;
  /** How the answer has to look; the last thing the model reads. */
  outputRules: string;
  output: OutputSpec;
}

export interface AssembledPrompt {
  system: SystemPart[];
  turns: Turn[];
}

/** One part of a prompt, as a person looks through it. */
export interface PromptSection {
  title: string;
  text: string;
  /** The system part it stands in; sections without one make up the turn. */
  system?: "role" | "skills" | "client" | "fence";
}

/**
 * The prompt of a run, in the fixed order: role instructions · skills · client context · knowledge · brief · prior
 * revision · reviewer feedback · wake reason · output. Pure: the same material gives the same prompt. Providers cache
 * by prefix, so nothing up to the cache mark depends on the run: its fence is the tenant's, the run's own is named after.
 */
export function assemble(
  role: PromptRole,
  skills: readonly SkillText[],
  material: Material,
): AssembledPrompt {
  const sections = promptSections(role, skills, material);
  const join = (part: PromptSection["system"]): string =>
    sections
      .filter((each) => each.system === part)
      .map((each) => each.text)
      .join("\n\n");
  return {
    system: SYSTEM_PARTS.map((part) => ({ text: join(part), cache: part === "client" })).filter(
      (part) => part.text !== "",
    ),
    turns: [{ role: "user", text: join(undefined) }],
  };
}

const SYSTEM_PARTS = ["role", "skills", "client", "fence"] as const;

/** The sections {@link assemble} puts together, each with its heading. */
export function promptSections(
  role: PromptRole,
  skills: readonly SkillText[],
  material: Material,
): PromptSection[] {
  const shared = fenceFor(material.tenantRef);
  const own = fenceFor(material.runRef);
  const { input, knowledge } = material;
  return [
    section(`Your role: ${role.title}`, role.instructions, "role"),
    section("Material", fenceRule(shared), "role"),
    ...skills.map((skill) => section(`Skill: ${skill.title}`, skill.body, "skills")),
    section("The client", shared.data("client-context", contextText(material.context)), "client"),
    { title: "Material of this run", text: fenceRule(own), system: "fence" as const },
    section(
      "Knowledge",
      knowledge.length === 0
        ? "The client's knowledge has nothing on this. Make no claim that would need a source."
        : `Cite what you use with its number in square brackets, like [${knowledge[0]?.number ?? 1}]. Cite nothing else.\n\n${knowledge
            .map((chunk) =>
              own.data("knowledge", chunk.text, {
                number: String(chunk.number),
                file: chunk.title,
                at: chunk.locator,
              }),
            )
            .join("\n\n")}`,
    ),
    section("The task", own.data("task", taskText(material))),
    input.research && section("Research notes", own.data("research", input.research)),
    input.brief && section("Brief", own.data("brief", input.brief)),
    input.prior &&
      section(
        "The draft that was not accepted",
        own.data("prior-draft", `${input.prior.title}\n\n${input.prior.body}`),
      ),
    input.feedback &&
      section(
        "The reviewer's note on it",
        `Change the draft so that this note is satisfied; keep what it does not touch.\n\n${own.data("review-note", input.feedback)}`,
      ),
    section("Why you are asked now", WAKE.get(material.wakeReason) ?? "A person asked for it."),
    section("Your answer", role.outputRules),
  ].filter((each): each is PromptSection => Boolean(each));
}

const WAKE: ReadonlyMap<string, string> = new Map([
  ["new_task", "This is a new task."],
  ["rejection", "A person did not accept the draft. Write the whole text anew with the note taken in."],
  ["revision", "A person asked for changes. Write the whole text anew with them."],
  ["retry", "An earlier try failed for technical reasons. Do the task as if it were new."],
  ["manual", "A person asked for this run by hand."],
]);

const section = (title: string, text: string, system?: PromptSection["system"]): PromptSection => ({
  title,
  text: `# ${title}\n\n${text}`,
  system,
});

function contextText(context: ClientContext): string {
  if (context.version === 0) return "The client has not described itself yet.";
  const list = (title: string, items: readonly string[]) =>
    items.length > 0 ? `${title}:\n${items.map((item) => `- ${item}`).join("\n")}` : "";
  return [
    context.companySummary && `Company: ${context.companySummary}`,
    context.brandVoice && `Brand voice: ${context.brandVoice}`,
    context.audience && `Audience: ${context.audience}`,
    list("Products", context.products),
    list("Competitors", context.competitors),
    list("Do", context.dos),
    list("Don't", context.donts),
    list("Keywords", context.keywords),
    context.website && `Website: ${context.website}`,
  ]
    .filter(Boolean)
    .join("\n\n");
}

function taskText({ input }: Material): string {
  if (input.company) return `Client context of ${input.company.name}, website ${input.company.website}`;
  if (!input.plan) {
    const kind = input.contentType === "social_post" ? "Social post" : "Blog post";
    return [`${kind}: ${input.title}`, input.theme && `Theme: ${input.theme}`].filter(Boolean).join("\n");
  }
  return [
    `Plan: ${input.plan.title}, ${input.plan.start} to ${input.plan.end}`,
    ...input.plan.deliverables.map(
      (item, index) =>
        `D${index + 1}: ${item.quantity} × ${item.contentType === "social_post" ? "social post" : "blog post"}${item.theme ? `, theme: ${item.theme}` : ""}`,
    ),
    ...input.goals.map((goal) => `Goal: ${goal}`),
  ].join("\n");
}
