// The doors of the room, assembled: the stream, the page that follows it, and what describes every door.
import { Hono } from 'hono';
import { docsPages } from './docs-page.ts';
import { livePages, type PageDeps } from './live-pages.ts';
import { type StreamDeps, streamRoutes } from './stream-routes.ts';

/** Mount it before the routes that answer the rest under /v1. */
export function dashboardRoutes(deps: StreamDeps & PageDeps & Parameters<typeof docsPages>[0]): Hono {
  const app = new Hono();
  app.route('/', streamRoutes(deps));
  app.route('/', livePages(deps));
  app.route('/', docsPages(deps));
  return app;
}
