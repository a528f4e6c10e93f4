import { people } from "../local/people.ts";
import type { Platform } from "./harness.ts";
import { hiredReviewer, signedIn } from "./isolation/people.ts";

/** A further reviewer, assigned to a tenant; their password is set through the mailed link. */
export async function hireReviewer(
  platform: Platform,
  name: string,
  tenantRef: string,
): Promise<{ email: string; password: string }> {
  const person = {
    name,
    email: `${name.toLowerCase()}@reviewers.example`,
    password: "a night for every loaf of rye",
  };
  const admin = await signedIn(platform, people.superAdmin, "manage");
  const { userRef } = await hiredReviewer(platform, admin.rest, person);
  await admin.rest.put(`/admin/v1/tenants/${tenantRef}/reviewers/${userRef}`);
  return person;
}
