import { errors, fromRef, pageOf, type ServedService, service, tenantCtx } from "@leadmetrics/kit";
import { FilesService } from "@leadmetrics/proto/rag/v1/files";
import { type RemovalDeps, removeFile } from "./removal.ts";
import { findFile, listFiles } from "./store.ts";
import { uploadFile } from "./upload.ts";
import { fileView } from "./view.ts";

/** FilesService on its stores. */
export function filesRpc(deps: RemovalDeps): ServedService {
  const { db } = deps;
  return service(FilesService, {
    async uploadFile(parts, hc) {
      return { file: fileView(await uploadFile(deps, tenantCtx(hc), parts)) };
    },

    async getFile({ fileRef }, hc) {
      const row = await db.withTenant(tenantCtx(hc), (tx) => findFile(tx, fromRef(fileRef, "file")), {
        readOnly: true,
      });
      if (!row) throw errors.notFound("file");
      return { file: fileView(row) };
    },

    async listFiles(request, hc) {
      const { rows, page } = await db.withTenant(tenantCtx(hc), (tx) => listFiles(tx, pageOf(request.page)), {
        readOnly: true,
      });
      return { files: rows.map(fileView), page };
    },

    async deleteFile({ fileRef }, hc) {
      await removeFile(deps, tenantCtx(hc), fromRef(fileRef, "file"));
      return {};
    },
  });
}
