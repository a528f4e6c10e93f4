import { activityPlanner } from "./activity-planner.ts";
import { blogWriter } from "./blog-writer.ts";
import { contentBriefWriter } from "./content-brief-writer.ts";
import type { Role } from "./role.ts";
import { setup } from "./setup.ts";
import { socialPostWriter } from "./social-post-writer.ts";
import { topicResearcher } from "./topic-researcher.ts";

/** All roles. */
export const ROLES: readonly Role[] = [
  activityPlanner,
  topicResearcher,
  contentBriefWriter,
  blogWriter,
  socialPostWriter,
  setup,
];

const byName = new Map(ROLES.map((role) => [role.name, role]));

export const roleNamed = (name: string): Role | undefined => byName.get(name);
