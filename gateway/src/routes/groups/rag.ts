import { FilesService, RetrieveService } from "@leadmetrics/proto/rag/v1/files";
import type { RouteGroups } from "../route.ts";

export const ragRoutes: RouteGroups = {
  readings: [
    {
      method: "GET",
      path: "/files",
      rpc: FilesService.method.listFiles,
      target: "rag",
      list: "files",
      summary: "Knowledge files",
    },
    {
      method: "GET",
      path: "/files/:fileRef",
      rpc: FilesService.method.getFile,
      target: "rag",
      unwrap: "file",
      summary: "One knowledge file",
    },
  ],
  tenant: [
    {
      method: "DELETE",
      path: "/files/:fileRef",
      rpc: FilesService.method.deleteFile,
      target: "rag",
      summary: "Remove a knowledge file",
    },
    {
      method: "POST",
      path: "/knowledge/ask",
      rpc: RetrieveService.method.retrieve,
      target: "rag",
      summary: "What the knowledge says, with sources",
    },
  ],
};
