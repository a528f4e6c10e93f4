import {
  asService,
  errors,
  type RpcClients,
  requestCtx,
  type ServedService,
  service,
} from "@leadmetrics/kit";
import { UsersService } from "@leadmetrics/proto/identity/v1/users";
import { TemplatesService } from "@leadmetrics/proto/notifications/v1/templates";
import type { Deliverer } from "../deliver/deliver.ts";
import { mailOf, render } from "../deliver/render.ts";
import { exampleFields } from "./examples.ts";
import { templates } from "./index.ts";
import type { Template } from "./template.ts";

/** @param origin where the links of an example lead */
export function templatesService(deliverer: Deliverer, rpc: RpcClients, origin: string): ServedService {
  const example = (template: Template) => mailOf(render(template, exampleFields), origin);
  return service(TemplatesService, {
    listTemplates() {
      return {
        templates: templates.map((template) => {
          const mail = example(template);
          return {
            kind: template.kind,
            description: template.description,
            title: template.title,
            body: template.body,
            action: template.action,
            inAppByDefault: template.byDefault.inApp,
            emailByDefault: template.byDefault.email,
            always: template.always === true,
            exampleSubject: mail.subject,
            exampleHtml: mail.html,
          };
        }),
      };
    },

    async sendTestMail({ kind }, hc) {
      const ctx = requestCtx(hc);
      const template = templates.find((one) => one.kind === kind);
      if (!template) throw errors.notFound("template");
      const { users } = await rpc
        .client(UsersService, "identity")
        .batchGetUsers({ userRefs: [ctx.actor.id] }, asService(ctx));
      const [me] = users;
      if (!me) throw errors.notFound("user");
      const mail = example(template);
      await deliverer.sendNow(me.email, { ...mail, subject: `[Test] ${mail.subject}` });
      return { sentTo: me.email };
    },
  });
}
