import { bodyOf, serve } from "./wire.ts";

interface StoredPoint {
  id: string;
  vector: number[];
  payload: Record<string, string>;
}
interface Condition {
  key: string;
  match: { value: string };
}

/** As much of Qdrant's REST protocol as the adapter uses, over points in memory. */
export function qdrantWire() {
  const collections = new Map<string, Map<string, StoredPoint>>();
  return serve(async (request, response) => {
    const url = new URL(request.url ?? "", "http://qdrant");
    const [, , name = "", ...rest] = url.pathname.split("/");
    const route = `${request.method} ${rest.join("/")}`;
    const sent = await bodyOf(request);
    const body = sent.length === 0 ? {} : JSON.parse(sent.toString());
    const reply = (result: unknown, status = 200) =>
      response
        .writeHead(status, { "content-type": "application/json" })
        .end(JSON.stringify({ result, status: status === 200 ? "ok" : { error: String(result) }, time: 0 }));
    if (url.pathname === "/collections")
      return reply({ collections: [...collections.keys()].map((each) => ({ name: each })) });
    if (route === "GET exists") return reply({ exists: collections.has(name) });
    if (route === "PUT ") {
      if (collections.has(name)) return reply("already exists", 409);
      collections.set(name, new Map());
      return reply(true);
    }
    const points = collections.get(name);
    if (!points) return reply(`Collection ${name} doesn't exist`, 404);
    const meets = (point: StoredPoint) =>
      (body.filter?.must ?? []).every(({ key, match }: Condition) => point.payload[key] === match.value);
    if (route === "PUT index") return reply({ status: "completed" });
    if (route === "PUT points") {
      for (const point of body.points) points.set(point.id, point);
      return reply({ status: "completed" });
    }
    if (route === "POST points/delete") {
      for (const point of [...points.values()].filter(meets)) points.delete(point.id);
      return reply({ status: "completed" });
    }
    if (route === "POST points/count") return reply({ count: [...points.values()].filter(meets).length });
    if (route === "POST points/query") {
      const found = [...points.values()]
        .filter(meets)
        .map(({ id, vector }) => ({ id, version: 1, score: cosine(vector, body.query) }));
      return reply({ points: found.sort((a, b) => b.score - a.score).slice(0, body.limit) });
    }
    return reply(`no route ${route}`, 404);
  });
}

function cosine(a: number[], b: number[]): number {
  const dot = a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
  return dot / (Math.hypot(...a) * Math.hypot(...b));
}
