import type { config } from "../config.ts";
import { manual } from "./manual.ts";
import type { PaymentProvider } from "./port.ts";
import { razorpay } from "./razorpay.ts";

/** The provider of this platform: Razorpay with its keys, else by hand. */
export function paymentProvider(settings: typeof config): PaymentProvider {
  const { RAZORPAY_KEY_ID, RAZORPAY_KEY_SECRET, RAZORPAY_WEBHOOK_SECRET, RAZORPAY_BASE_URL } = settings;
  if (!RAZORPAY_KEY_ID || !RAZORPAY_KEY_SECRET) return manual;
  return razorpay({
    keyId: RAZORPAY_KEY_ID,
    keySecret: RAZORPAY_KEY_SECRET,
    webhookSecrets: RAZORPAY_WEBHOOK_SECRET.split(",").filter(Boolean),
    baseUrl: RAZORPAY_BASE_URL,
  });
}
