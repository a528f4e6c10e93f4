import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/browser";

/** The browser's part of passkeys. Loaded when it is needed: most page views never do. */
const library = () => import("@simplewebauthn/browser");

/** What browsers say when it didn't work, in words for the person before the screen. */
const sentences: Record<string, string> = {
  NotAllowedError: "Nothing was chosen, or it took too long. Try again.",
  AbortError: "Nothing was chosen. Try again.",
  InvalidStateError: "This device has a passkey for your account already.",
  SecurityError:
    "Passkeys don't work at this address. Open the portal by its host name, over https or at localhost.",
  NotSupportedError: "This device can't make passkeys.",
};

/** What went wrong, as an Error that can be shown. */
export function passkeyFailure(cause: unknown): unknown {
  const sentence = cause instanceof Error ? sentences[cause.name] : undefined;
  return sentence ? new Error(sentence, { cause }) : cause;
}

/** @returns RegistrationResponseJSON as text */
export async function makePasskey(optionsJson: string): Promise<string> {
  const { startRegistration } = await library();
  const optionsJSON = JSON.parse(optionsJson) as PublicKeyCredentialCreationOptionsJSON;
  return startRegistration({ optionsJSON }).then(JSON.stringify, (cause: unknown) => {
    throw passkeyFailure(cause);
  });
}

/** @returns AuthenticationResponseJSON as text */
export async function answerWithPasskey(optionsJson: string): Promise<string> {
  const { startAuthentication } = await library();
  const optionsJSON = JSON.parse(optionsJson) as PublicKeyCredentialRequestOptionsJSON;
  return startAuthentication({ optionsJSON }).then(JSON.stringify, (cause: unknown) => {
    throw passkeyFailure(cause);
  });
}
