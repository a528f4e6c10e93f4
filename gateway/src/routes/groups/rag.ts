import { CrawlService } from "@leadmetrics/proto/rag/v1/crawls";
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
    {
      method: "GET",
      path: "/crawls",
      rpc: CrawlService.method.listCrawls,
      target: "rag",
      list: "crawls",
      summary: "Websites that were read",
    },
    {
      method: "GET",
      path: "/websites",
      rpc: CrawlService.method.listWebsites,
      target: "rag",
      list: "websites",
      summary: "Each website with its last reading",
    },
    {
      method: "GET",
      path: "/crawls/:crawlRef",
      rpc: CrawlService.method.getCrawl,
      target: "rag",
      unwrap: "crawl",
      summary: "How far the reading of a website is",
    },
    {
      method: "GET",
      path: "/crawls/:crawlRef/pages",
      rpc: CrawlService.method.listCrawlPages,
      target: "rag",
      list: "pages",
      alias: { status: "statuses" },
      summary: "The pages of a website, and why some were not read",
    },
  ],
  moves: [
    {
      method: "POST",
      path: "/crawls",
      rpc: CrawlService.method.startCrawl,
      target: "rag",
      unwrap: "crawl",
      status: 201,
      summary: "Read a website",
    },
    {
      method: "POST",
      path: "/crawls/:crawlRef/cancel",
      rpc: CrawlService.method.cancelCrawl,
      target: "rag",
      unwrap: "crawl",
      summary: "Stop reading a website",
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
