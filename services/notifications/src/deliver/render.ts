import Handlebars from "handlebars";
import type { Template } from "../templates/template.ts";

export interface Rendered {
  readonly title: string;
  readonly body: string;
  readonly link: string;
  readonly action: string;
}

type Fields = Record<string, unknown>;
const compiled = new Map<string, Handlebars.TemplateDelegate<Fields>>();

/** Fills a template in. Texts stay plain; what goes into HTML is escaped there. */
export function render(template: Template, fields: Fields): Rendered {
  const fill = (text: string) => {
    let run = compiled.get(text);
    if (!run) {
      run = Handlebars.compile<Fields>(text, { noEscape: true, strict: false });
      compiled.set(text, run);
    }
    return run(fields);
  };
  return {
    title: fill(template.title),
    body: fill(template.body),
    link: fill(template.link),
    action: fill(template.action),
  };
}

/** The mail of a rendered template: text, and HTML that reads well everywhere. */
export function mailOf(rendered: Rendered, origin: string): { subject: string; text: string; html: string } {
  const url = origin + rendered.link;
  const html = Handlebars.escapeExpression;
  return {
    subject: rendered.title,
    text: `${rendered.body}\n\n${rendered.action}: ${url}\n`,
    html: `<!doctype html><html lang="en"><body style="margin:0;padding:32px 16px;background:#faf9f7;font:16px/1.6 -apple-system,'Segoe UI',sans-serif;color:#22252b">
<div style="max-width:520px;margin:0 auto"><h1 style="font-size:20px;margin:0 0 12px">${html(rendered.title)}</h1>
<p style="margin:0 0 24px;white-space:pre-line">${html(rendered.body)}</p>
<p style="margin:0 0 24px"><a href="${html(url)}" style="display:inline-block;padding:10px 18px;border-radius:6px;background:#0f6b6b;color:#fff;text-decoration:none">${html(rendered.action)}</a></p>
<p style="margin:0;color:#6b7078;font-size:13px">Leadmetrics · If the button doesn't work, open ${html(url)}</p></div></body></html>`,
  };
}
