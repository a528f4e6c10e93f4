import { create } from "@bufbuild/protobuf";
import { newId, toRef } from "@leadmetrics/kit";
import { ContentType, DeliverableSchema } from "@leadmetrics/proto/content/v1/plans";
import { afterAll, beforeAll, expect, it } from "vitest";
import { refusal, TwoChannels } from "./two-channels.ts";

let company: TwoChannels;
beforeAll(async () => {
  company = await TwoChannels.start();
  await company.renew();
});
afterAll(() => company?.close());

const monthOf = {
  start: { year: 2026, month: 12, day: 1 },
  end: { year: 2026, month: 12, day: 31 },
};
const post = (names: { channelRefs?: string[]; channelRef?: string; goalRef?: string }) =>
  create(DeliverableSchema, { contentType: ContentType.BLOG_POST, quantity: 2, theme: "Rye", ...names });

it("a plan's deliverables keep their order and their channels, whether a list or a single one is named", async () => {
  const { plans } = await company.calls();
  const { blog, shop } = company.refs;
  const { plan } = await plans.createPlan({
    ...monthOf,
    title: "December",
    deliverables: [post({ channelRefs: [shop, blog] }), post({ channelRef: blog }), post({})],
  });
  expect(plan?.deliverables.map(({ channelRef, channelRefs }) => [channelRef, channelRefs])).toEqual([
    [shop, [shop, blog]],
    [blog, [blog]],
    ["", []],
  ]);
});

it("a channel or goal that isn't there is named by its place, and the plan stays as it was", async () => {
  const { plans } = await company.calls();
  const { blog } = company.refs;
  const made = await plans.createPlan({
    ...monthOf,
    title: "Kept",
    deliverables: [post({ channelRef: blog })],
  });
  const planRef = made.plan?.ref ?? "";
  const nothing = toRef(newId());
  const change = (wrong: Parameters<typeof post>[0]) =>
    refusal(
      plans.updatePlan({
        ...monthOf,
        planRef,
        title: "Changed",
        version: made.plan?.stamp?.version ?? 0,
        deliverables: [post({ channelRef: blog }), post(wrong)],
      }),
    );
  const said = async (wrong: Parameters<typeof post>[0]) => (await change(wrong)).rawMessage;
  expect(await said({ channelRefs: [blog, nothing] })).toBe(
    "deliverables[1].channel_refs[1]: there is no such channel.",
  );
  expect(await said({ channelRef: nothing })).toBe("deliverables[1].channel_ref: there is no such channel.");
  expect(await said({ goalRef: nothing })).toBe("deliverables[1].goal_ref: there is no such goal.");
  const { plan } = await plans.getPlan({ planRef });
  expect([plan?.title, plan?.stamp?.version, plan?.deliverables.length]).toEqual([
    "Kept",
    made.plan?.stamp?.version,
    1,
  ]);
});
