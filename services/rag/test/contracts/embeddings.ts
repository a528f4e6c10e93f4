import { describe, expect, it } from "vitest";
import type { Embeddings } from "../../src/embeddings/port.ts";

const signal = new AbortController().signal;

/** What every embedding does. */
export function embeddingsContract(open: () => Embeddings): void {
  describe("an embedding", () => {
    it("gives one vector of length 1 per text, in order, the same for the same text", async () => {
      const model = open();
      const texts = [
        "How to feed a sourdough starter",
        "Invoices are due in 14 days",
        "How to feed a sourdough starter",
      ];
      const vectors = await model.embed(texts, signal);
      expect(vectors).toHaveLength(3);
      for (const vector of vectors) {
        expect(vector).toHaveLength(model.dimensions);
        expect(Math.hypot(...vector)).toBeCloseTo(1, 4);
      }
      expect(vectors[0]).toEqual(vectors[2]);
      expect(vectors[0]).not.toEqual(vectors[1]);
    });

    it("puts texts about the same thing nearer than others", async () => {
      const [question, answer, other] = await open().embed(
        [
          "how often should I feed the starter?",
          "Feed the starter twice a day with equal parts of flour and water.",
          "Our office is closed on public holidays.",
        ],
        signal,
      );
      expect(dot(question, answer)).toBeGreaterThan(dot(question, other));
    });
  });
}

function dot(a: Float32Array = new Float32Array(), b: Float32Array = new Float32Array()): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}
