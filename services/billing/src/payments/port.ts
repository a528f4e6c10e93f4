/** What is asked of a payment provider. */
export interface Order {
  /** Ours, unique: an order is found again by it. */
  readonly receipt: string;
  readonly amountMinor: number;
  readonly currency: string;
}

/** What a provider told us, proven to come from it. */
export type PaymentEvent =
  | {
      readonly kind: "order_paid";
      readonly orderRef: string;
      readonly amountMinor: number;
      readonly currency: string;
    }
  /** Genuine, but nothing that concerns us. */
  | { readonly kind: "other"; readonly name: string };

/** Where people pay. A new provider is a file in this folder and a line in `index.ts`. */
export interface PaymentProvider {
  readonly name: string;
  /** For the checkout in the browser; empty when there is none. */
  readonly publicKey: string;
  /**
   * Opens an order, or finds the one that an earlier try with the same receipt has opened.
   *
   * @returns the provider's own reference
   * @throws AppError when nobody can pay online here, or the provider can't be reached
   */
  openOrder(order: Order, signal: AbortSignal): Promise<string>;
  /** Reads an event from exactly the bytes that came. @throws AppError unauthenticated when the signature isn't theirs */
  readEvent(body: Uint8Array, signature: string): PaymentEvent;
}
