import { activities } from "./activities.ts";
import { blogPosts } from "./blog-posts.ts";
import { campaigns } from "./campaigns.ts";
import { channels } from "./channels.ts";
import { contacts } from "./contacts.ts";
import type { Collection } from "./define.ts";
import { goals } from "./goals.ts";
import { knowledgeFiles } from "./knowledge-files.ts";
import { landingPages } from "./landing-pages.ts";
import { leads } from "./leads.ts";
import { newsletters } from "./newsletters.ts";
import { reports } from "./reports.ts";
import { socialPosts } from "./social-posts.ts";
import { strategies } from "./strategies.ts";

/** Everything that can be found. A new collection is a file of its own and a line here. */
export const COLLECTIONS: readonly Collection[] = [
  activities,
  blogPosts,
  socialPosts,
  newsletters,
  landingPages,
  strategies,
  goals,
  channels,
  campaigns,
  leads,
  contacts,
  reports,
  knowledgeFiles,
];
