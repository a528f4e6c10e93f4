import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/**
 * What is wrong with a site: it stores the post and its answer is lost; it refuses the post; it answers with an error and has
 * stored nothing; it wants to be asked later; it answers nobody.
 */
type Trouble = "lost" | "refused" | "broken" | "maintenance" | "away";

/** WordPress's wire, as far as posts and users go. */
export class Site {
  readonly posts: {
    id: number;
    slug: string;
    link: string;
    status: string;
    content: { raw: string; rendered: string };
  }[] = [];
  trouble: Trouble | undefined;
  /** Whether its application password is still taken. */
  known = true;
  /** Milliseconds it works on a post before it is there. */
  slowMs = 0;
  /** Posts it was asked to take, taken or not. */
  asked = 0;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const url = new URL(request.url ?? "/", "http://x");
      const send = (status: number, body: unknown) =>
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      if (this.trouble === "away") return response.destroy();
      const known =
        this.known &&
        request.headers.authorization === `Basic ${Buffer.from("editor:right").toString("base64")}`;
      if (url.pathname.endsWith("/users/me"))
        return known
          ? send(200, { id: 2, name: "Ed", roles: ["editor"] })
          : send(401, { code: "rest_not_logged_in", message: "You are not currently logged in." });
      if (!known) return send(401, { code: "rest_cannot_create", message: "Sorry." });
      if (request.method === "GET")
        return send(
          200,
          this.posts.filter(
            (post) =>
              (url.searchParams.get("slug") ?? "").split(",").includes(post.slug) ||
              post.content.raw.includes(url.searchParams.get("search") ?? "nothing"),
          ),
        );
      this.asked += 1;
      await pause(this.slowMs);
      if (this.trouble === "refused")
        return send(403, { code: "rest_cannot_publish", message: "Sorry, you are not allowed to publish." });
      if (this.trouble === "broken") return send(500, { code: "wp_die", message: "Broken." });
      if (this.trouble === "maintenance")
        return send(503, { code: "wp_die", message: "Briefly unavailable." });
      const body = JSON.parse(Buffer.concat(chunks).toString()) as {
        slug: string;
        content: string;
        status: string;
      };
      const post = {
        id: this.posts.length + 1,
        slug: body.slug,
        status: body.status,
        link: `http://site.example/${body.slug}/`,
        content: { raw: body.content, rendered: body.content },
      };
      this.posts.push(post);
      if (this.trouble === "lost") return response.destroy();
      return send(201, post);
    });
  }

  static async start(): Promise<Site> {
    const site = new Site();
    await new Promise<void>((resolve) => site.#server.listen(0, "127.0.0.1", resolve));
    return site;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
  }
}
