import { expect, it } from "vitest";
import { creditsLow } from "../templates/credits.ts";
import { verifyEmail } from "../templates/verify-email.ts";
import { mailOf, render } from "./render.ts";
import { channelsFor, isPermanent, mayMail } from "./rules.ts";

it("a person's choice holds, but not for what is always sent", () => {
  expect(channelsFor(creditsLow, { inApp: false, email: false })).toEqual({ inApp: false, email: false });
  expect(channelsFor(creditsLow, undefined)).toEqual({ inApp: true, email: true });
  expect(channelsFor(verifyEmail, { inApp: false, email: false })).toEqual({ inApp: false, email: true });
});

it("mail stays within the allowed domains and their subdomains", () => {
  expect(
    ["a@x.example", "a@sub.x.example", "a@y.example", "a@notx.example"].map((address) =>
      mayMail(address, ["x.example"]),
    ),
  ).toEqual([true, true, false, false]);
  expect(mayMail("a@anywhere.example", [])).toBe(true);
});

it("only the server's final no is final", () =>
  expect([550, 451, undefined].map(isPermanent)).toEqual([true, false, false]));

it("what people write can't become markup", () => {
  const mail = mailOf(
    render(verifyEmail, { name: "<img src=x onerror=alert(1)>", token: "t" }),
    "http://dash",
  );
  expect(mail.html).not.toContain("<img");
  expect(mail.text).toContain("http://dash/verify-email?token=t");
});
