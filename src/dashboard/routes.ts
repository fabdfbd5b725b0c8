// The doors of the room, assembled: the stream, and the page that follows it.
import { Hono } from 'hono';
import { livePages, type PageDeps } from './live-pages.ts';
import { type StreamDeps, streamRoutes } from './stream-routes.ts';

/** Mount it before the routes that answer the rest under /v1. */
export function dashboardRoutes(deps: StreamDeps & PageDeps): Hono {
  const app = new Hono();
  app.route('/', streamRoutes(deps));
  app.route('/', livePages(deps));
  return app;
}
