import { z } from "zod";

const common = {
  id: z.string().min(1).max(1_400),
  rawId: z.string(),
  type: z.literal("public-key"),
  clientExtensionResults: z.looseObject({}).default({}),
};

/** RegistrationResponseJSON: what of it is used here or by the library. */
const registration = z.object({
  ...common,
  response: z.object({
    clientDataJSON: z.string(),
    attestationObject: z.string(),
    transports: z.array(z.string().max(20)).max(10).optional(),
  }),
});

/** AuthenticationResponseJSON, likewise. */
const assertion = z.object({
  ...common,
  response: z.object({
    clientDataJSON: z.string(),
    authenticatorData: z.string(),
    signature: z.string(),
    userHandle: z.string().max(200).optional(),
  }),
});

const clientData = z.object({ challenge: z.string().min(1).max(200) });

interface Read<Answer> {
  readonly answer: Answer;
  /** The challenge that is answered, base64url; not yet known to be ours. */
  readonly challenge: string;
}

/** @returns undefined when it isn't a RegistrationResponseJSON */
export const readRegistration = (json: string) => read(registration, json);
/** @returns undefined when it isn't an AuthenticationResponseJSON */
export const readAssertion = (json: string) => read(assertion, json);

function read<Answer extends { response: { clientDataJSON: string } }>(
  schema: z.ZodType<Answer>,
  json: string,
): Read<Answer> | undefined {
  try {
    const answer = schema.parse(JSON.parse(json));
    const data = Buffer.from(answer.response.clientDataJSON, "base64url").toString("utf8");
    return { answer, challenge: clientData.parse(JSON.parse(data)).challenge };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

/** The handle authenticators keep beside a passkey: the user's id, which says nothing about them. */
export function userHandleOf(userId: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(userId.replaceAll("-", ""), "hex"));
}
