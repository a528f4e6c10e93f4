import { escapeHtml as esc } from "../html.ts";
import type { Message } from "./store.ts";

const STYLE = `
:root { color-scheme: light dark; --ink: #17201b; --soft: #67716b; --line: #e3e7e4; --paper: #fff; --ground: #f5f7f5; --accent: #0a7d55; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ede9; --soft: #98a39c; --line: #2c3530; --paper: #161c19; --ground: #0f1411; --accent: #3ecf98; } }
* { box-sizing: border-box }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground) }
header, main { max-width: 860px; margin: 0 auto; padding: 24px 20px }
header { display: flex; align-items: baseline; gap: 12px; padding-bottom: 0 }
h1 { font-size: 20px; margin: 0; font-weight: 650; letter-spacing: -.01em }
a { color: inherit } .soft { color: var(--soft) } header a { text-decoration: none }
.card { background: var(--paper); border: 1px solid var(--line); border-radius: 12px; overflow: hidden }
.row { display: grid; grid-template-columns: 1fr auto; gap: 2px 16px; padding: 14px 18px; text-decoration: none; border-top: 1px solid var(--line) }
.row:first-child { border-top: 0 } .row:hover, .row:focus-visible { background: var(--ground); outline: none }
.row strong { font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.empty { padding: 56px 20px; text-align: center; color: var(--soft) }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 0; padding: 18px; border-bottom: 1px solid var(--line) }
dt { color: var(--soft) } dd { margin: 0; overflow-wrap: anywhere }
iframe { display: block; width: 100%; height: 70vh; border: 0; background: #fff }
pre { margin: 0; padding: 18px; white-space: pre-wrap; overflow-wrap: anywhere; font: 13.5px/1.6 ui-monospace, monospace }
`;

/** Reloads the list when something arrived; without scripts the page still works. */
const LIVE = `
let seen = document.body.dataset.newest;
(async function wait() {
  try {
    const reply = await fetch("/api/messages?waitMs=30000" + (seen ? "&since=" + seen : ""));
    if ((await reply.json()).items.length > 0) return location.reload();
  } catch { await new Promise((done) => setTimeout(done, 3000)); }
  wait();
})();
`;

function page(title: string, body: string, attributes = ""): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${esc(title)}</title><style>${STYLE}</style></head><body ${attributes}>${body}</body></html>`;
}

/** All caught messages, newest first. */
export function inboxPage(messages: readonly Message[]): string {
  const rows = messages.map(
    (
      message,
    ) => `<a class="row" href="/messages/${message.id}"><strong>${esc(message.subject || "(no subject)")}</strong>
<time class="soft" datetime="${message.receivedAt}">${time(message.receivedAt)}</time>
<span class="soft">to ${esc(message.to.join(", "))}</span></a>`,
  );
  const list =
    rows.length > 0
      ? rows.join("")
      : `<p class="empty">Nothing yet. Mail that the platform sends shows up here.</p>`;
  return page(
    `Mail (${messages.length})`,
    `<header><h1>Mail</h1><span class="soft">${messages.length} caught, none delivered</span></header>
<main><div class="card">${list}</div></main><script>${LIVE}</script>`,
    `data-newest="${messages[0]?.id ?? ""}"`,
  );
}

export function messagePage(message: Message): string {
  const body = message.html
    ? `<iframe title="The message" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/messages/${message.id}/body"></iframe>`
    : `<pre>${linked(message.text)}</pre>`;
  return page(
    message.subject,
    `<header><a class="soft" href="/">← Mail</a><h1>${esc(message.subject || "(no subject)")}</h1></header>
<main><div class="card"><dl><dt>From</dt><dd>${esc(message.from)}</dd><dt>To</dt><dd>${esc(message.to.join(", "))}</dd>
<dt>Received</dt><dd>${time(message.receivedAt)} · <a href="/api/messages/${message.id}/raw">source</a></dd></dl>${body}</div></main>`,
  );
}

export function notFoundPage(): string {
  return page(
    "Not found",
    `<main><div class="card"><p class="empty">There is no such message. <a href="/">Back to all mail</a></p></div></main>`,
  );
}

function linked(text: string): string {
  return esc(text).replace(
    /https?:\/\/[^\s<>"]+/g,
    (url) => `<a href="${url}" target="_blank" rel="noreferrer">${url}</a>`,
  );
}

function time(iso: string): string {
  return esc(iso.replace("T", " ").slice(0, 19));
}
